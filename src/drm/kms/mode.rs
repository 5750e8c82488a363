// SPDX-License-Identifier: GPL-2.0

//! Display modes of panels that have just one.
//!
//! C header: [`include/drm/drm_modes.h`](srctree/include/drm/drm_modes.h)

use crate::bindings;

/// The geometry of a fixed display, in pixels and millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Active width in pixels.
    pub hdisplay: u16,
    /// Active height in pixels.
    pub vdisplay: u16,
    /// Active width in millimetres; 0 if unknown.
    pub width_mm: u16,
    /// Active height in millimetres; 0 if unknown.
    pub height_mm: u16,
}

impl Mode {
    /// A display of `hdisplay` times `vdisplay` pixels.
    pub const fn fixed(hdisplay: u16, vdisplay: u16) -> Self {
        Self {
            hdisplay,
            vdisplay,
            width_mm: 0,
            height_mm: 0,
        }
    }

    /// The same, with the size of its active area in millimetres.
    pub const fn millimetres(self, width_mm: u16, height_mm: u16) -> Self {
        Self {
            width_mm,
            height_mm,
            ..self
        }
    }

    /// The same, turned by so many quarters.
    pub const fn turned(self, quarters: usize) -> Self {
        if quarters % 2 == 0 {
            self
        } else {
            self.transposed()
        }
    }

    /// The same, on its side.
    pub const fn transposed(self) -> Self {
        Self {
            hdisplay: self.vdisplay,
            vdisplay: self.hdisplay,
            width_mm: self.height_mm,
            height_mm: self.width_mm,
        }
    }
}

/// A mode as DRM has it (`struct drm_display_mode`).
pub struct DisplayMode(bindings::drm_display_mode);

impl DisplayMode {
    /// `DRM_SIMPLE_MODE`: without timings, which a panel with a RAM of its own has no use for.
    pub fn simple(mode: &Mode) -> Self {
        Self(bindings::drm_display_mode {
            type_: bindings::DRM_MODE_TYPE_DRIVER as u8,
            clock: 1, // 0 would not pass validation
            hdisplay: mode.hdisplay,
            hsync_start: mode.hdisplay,
            hsync_end: mode.hdisplay,
            htotal: mode.hdisplay,
            vdisplay: mode.vdisplay,
            vsync_start: mode.vdisplay,
            vsync_end: mode.vdisplay,
            vtotal: mode.vdisplay,
            width_mm: mode.width_mm,
            height_mm: mode.height_mm,
            ..Default::default()
        })
    }

    pub(super) fn as_raw(&self) -> *const bindings::drm_display_mode {
        &self.0
    }
}

// SAFETY: The mode is in no list, and is never changed after it was made.
unsafe impl Send for DisplayMode {}

// SAFETY: as above.
unsafe impl Sync for DisplayMode {}
