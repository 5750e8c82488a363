// SPDX-License-Identifier: GPL-2.0

//! Rectangles, and what of a plane has changed.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

/// A rectangle in pixels; `x2` and `y2` are exclusive, as in `struct drm_rect`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x1: i32,
    /// Top edge.
    pub y1: i32,
    /// Right edge, exclusive.
    pub x2: i32,
    /// Bottom edge, exclusive.
    pub y2: i32,
}

impl Rect {
    /// The width in pixels; 0 where the rectangle is empty.
    pub fn width(&self) -> u32 {
        u32::try_from(i64::from(self.x2) - i64::from(self.x1)).unwrap_or(0)
    }

    /// The height in pixels; 0 where the rectangle is empty.
    pub fn height(&self) -> u32 {
        u32::try_from(i64::from(self.y2) - i64::from(self.y1)).unwrap_or(0)
    }

    /// Whether it holds no pixel.
    pub fn is_empty(&self) -> bool {
        self.width() == 0 || self.height() == 0
    }

    /// The smallest that holds both, neither of which is empty.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect {
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
            x2: self.x2.max(other.x2),
            y2: self.y2.max(other.y2),
        }
    }

    /// What it has in common with `other`; maybe empty.
    pub fn intersect(&self, other: &Rect) -> Rect {
        Rect {
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
            x2: self.x2.min(other.x2),
            y2: self.y2.min(other.y2),
        }
    }
}

/// Changed pixels: where they are in the framebuffer, and where on the display they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Left edge in the framebuffer.
    pub src_x: u32,
    /// Top edge in the framebuffer.
    pub src_y: u32,
    /// The rectangle on the display, of the same size.
    pub dst: Rect,
}

impl Clip {
    /// The clip for `damage`, in framebuffer coordinates, of a plane whose source rectangle starts
    /// at `src` in the framebuffer and is shown in `dst` on the display. [`None`] where nothing of
    /// it is to be seen.
    pub fn new(damage: Rect, src: (i32, i32), dst: Rect) -> Option<Self> {
        let dx = dst.x1.checked_sub(src.0)?;
        let dy = dst.y1.checked_sub(src.1)?;
        let shown = Rect {
            x1: damage.x1.checked_add(dx)?,
            y1: damage.y1.checked_add(dy)?,
            x2: damage.x2.checked_add(dx)?,
            y2: damage.y2.checked_add(dy)?,
        }
        .intersect(&dst);
        if shown.is_empty() {
            return None;
        }
        Some(Self {
            src_x: u32::try_from(shown.x1 - dx).ok()?,
            src_y: u32::try_from(shown.y1 - dy).ok()?,
            dst: shown,
        })
    }
}
