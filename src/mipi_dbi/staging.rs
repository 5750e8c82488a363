// SPDX-License-Identifier: GPL-2.0

//! What the panel is to show next, and what of it has to be sent for that.
//!
//! Commits convert pixels into one frame while another is on the wire. What was taken over last is
//! kept as it was in the framebuffer, and compared with: a line that is already what the panel shows
//! is not sent again; of one that has changed the part that has changed is.

mod lines;
mod transposed;

use self::transposed::Transposed;
use super::{
    mounted::Mounted,
    pixel::{Order, Source},
    thrift::Thrift,
    windows::Windows, //
};
use crate::{
    drm::{
        damage::{Clip, Rect},
        line::{Pixel, Rgb565, Xrgb8888},
        Format,
        Framebuffer,
        Scratch, //
    },
    spi::frames::{Back, Front, Side},
};
use core::{mem, ops::Range};
use kernel::prelude::*;

/// A frame that is being made.
pub(super) struct Staging {
    back: Back,
    /// The pixels of a framebuffer of this format that were taken over last, in whole words a line.
    /// There is room for those of any format.
    seen: VVec<u64>,
    seen_format: Option<Format>,
    lines: KVec<Line>,
    /// What the panel shows is what the lines say.
    is_known: bool,
    /// What waits to be sent. Its lines are all in `back`.
    windows: Windows,
    /// Of the display, in pixels.
    width: usize,
    height: usize,
    /// The pixels of a line of the controller's.
    glass_width: usize,
    order: Order,
    transposed: Option<Transposed>,
    thrift: Thrift,
    /// What is staged next could have been sent as it is.
    is_choice: bool,
    /// Room for a line of a framebuffer.
    scratch: Scratch,
}

/// What is known of a line.
#[derive(Clone)]
struct Line {
    /// Where its newest version is: what the panel shows, or will when all that was staged is sent.
    newest: Side,
    /// The pixels in which the two frames may differ.
    differ: Range<usize>,
}

impl Line {
    /// The newest version will be in `back`, which is of this `side`, when the `changed` pixels are.
    fn move_to(
        &mut self,
        side: Side,
        changed: &Range<usize>,
        front: &[u8],
        back: &mut [u8],
        order: Order,
    ) {
        if self.newest != side {
            // What it has is older in these.
            if !covers(changed, &self.differ) {
                let older = self.differ.start * order.bytes()..self.differ.end * order.bytes();
                back[older.clone()].copy_from_slice(&front[older]);
            }
            self.newest = side;
            self.differ = 0..0;
        }
        self.differ = hull(&self.differ, changed);
    }
}

impl Staging {
    /// For a panel of which nothing is known yet. `back` has room for a frame of it in this `order`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(back: Back, panel: &Mounted, order: Order) -> Result<Self> {
        let (mode, glass) = (&panel.mode, panel.glass());
        let words = usize::from(mode.hdisplay).div_ceil(Xrgb8888::PER_WORD);
        Ok(Self {
            seen: VVec::from_elem(0, words * usize::from(mode.vdisplay), GFP_KERNEL)?,
            seen_format: None,
            lines: KVec::from_elem(
                Line {
                    newest: back.side(),
                    differ: 0..0,
                },
                glass.vdisplay.into(),
                GFP_KERNEL,
            )?,
            is_known: false,
            back,
            windows: Windows::new(order, panel.interface.window_cost()),
            width: mode.hdisplay.into(),
            height: mode.vdisplay.into(),
            glass_width: glass.hdisplay.into(),
            order,
            transposed: if panel.is_transposed {
                Some(Transposed::new(glass.hdisplay.into())?)
            } else {
                None
            },
            thrift: Thrift::default(),
            is_choice: false,
            scratch: Scratch::new(mode.hdisplay.into())?,
        })
    }

    /// Takes over the pixels of `clip`, of a plane that covers the display.
    ///
    /// # Errors
    ///
    /// `EINVAL` for pixels that are not in the framebuffer, or not on the display.
    pub(super) fn stage(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        match fb.format() {
            Format::Xrgb8888 | Format::Rgb888 => self.stage_as::<Xrgb8888>(fb, clip),
            Format::Rgb565 => self.stage_as::<Rgb565>(fb, clip),
        }?;
        if mem::take(&mut self.is_choice) {
            self.thrift
                .looked(self.cost(), self.windows.cost_of(&clip.dst));
        }
        Ok(())
    }

    fn stage_as<P: Source>(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        // What was seen of another format is no help.
        if self.seen_format != Some(fb.format()) {
            self.is_known = false;
            self.seen_format = Some(fb.format());
        }
        // Where nothing is known of what is beside the clip, all has to be taken over: a window may hold
        // some of it.
        let clip = if self.is_known {
            *clip
        } else {
            self.whole(clip).ok_or(EINVAL)?
        };
        if self.transposed.is_some() {
            self.stage_transposed::<P>(fb, &clip)?;
        } else {
            self.stage_lines::<P>(fb, &clip)?;
        }
        self.is_known = true;
        Ok(())
    }

    /// All of the display that `clip` is a part of.
    fn whole(&self, clip: &Clip) -> Option<Clip> {
        Some(Clip {
            src_x: clip.src_x.checked_sub(clip.dst.x1.try_into().ok()?)?,
            src_y: clip.src_y.checked_sub(clip.dst.y1.try_into().ok()?)?,
            dst: Rect {
                x1: 0,
                y1: 0,
                x2: self.width.try_into().ok()?,
                y2: self.height.try_into().ok()?,
            },
        })
    }

    /// Whether `clip` could be sent as it is in `fb`, and nothing is lost if it is: all of the display,
    /// in the pixels of the wire, and little hope to find that some of it has not changed.
    pub(super) fn is_for_the_wire(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> bool {
        let frame = (self.width, self.height);
        let as_it_is = (clip.dst.width() as usize, clip.dst.height() as usize) == frame
            && (fb.width(), clip.src_x) == (clip.dst.width(), 0)
            && self.transposed.is_none()
            && matches!(
                (fb.format(), self.order),
                (Format::Rgb565, Order::Native) | (Format::Rgb888, Order::Bgr666)
            );
        self.is_choice = as_it_is && self.thrift.look();
        as_it_is && !self.is_choice
    }

    /// Whether nothing waits to be sent.
    pub(super) fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// What it costs to send what waits to be sent, in columns.
    pub(super) fn cost(&self) -> u64 {
        self.windows.cost()
    }

    /// Whether so much waits that to take over more would only be to do work twice.
    pub(super) fn is_full(&self) -> bool {
        self.windows.is_half(self.glass_width, self.lines.len())
    }

    /// Hands out what waits to be sent: `windows` of the frame in `front`.
    pub(super) fn take(&mut self, front: &mut Front, windows: &mut Windows) {
        self.windows.settle();
        self.fill_windows();
        self.back.swap(front);
        windows.take(&mut self.windows);
    }

    /// Brings what is in the windows and has not changed to this frame, too: what is between two
    /// changes is sent with them.
    fn fill_windows(&mut self) {
        let (side, order) = (self.back.side(), self.order);
        let wire = order.columns(self.glass_width) * order.bytes();
        let (front, back) = self.back.frames();
        for window in self.windows.iter() {
            // CAST: As in `window`.
            for i in window.y1 as usize..window.y2 as usize {
                let Some(line) = self.lines.get_mut(i) else {
                    continue;
                };
                if line.newest != side {
                    let bytes = i * wire..(i + 1) * wire;
                    let (front, back) = (&front[bytes.clone()], &mut back[bytes]);
                    line.move_to(side, &(0..0), front, back, order);
                }
            }
        }
    }

    /// Nothing is to be sent, and what the panel shows is not known.
    pub(super) fn forget(&mut self) {
        self.windows.clear();
        self.is_known = false;
    }
}

/// The window of these columns of these lines.
fn window(lines: Range<usize>, columns: &Range<usize>) -> Rect {
    // CAST: They are on the display, the size of which is 16 bits.
    Rect {
        x1: columns.start as i32,
        y1: lines.start as i32,
        x2: columns.end as i32,
        y2: lines.end as i32,
    }
}

/// Whether all of `inner` is in `outer`.
fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    inner.is_empty() || (outer.start <= inner.start && inner.end <= outer.end)
}

/// The smallest range that holds both.
fn hull(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}
