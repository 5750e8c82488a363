// SPDX-License-Identifier: GPL-2.0

//! Framebuffers, as a driver with shadow planes reads them.
//!
//! C headers: [`include/drm/drm_framebuffer.h`](srctree/include/drm/drm_framebuffer.h),
//! [`include/drm/drm_gem_framebuffer_helper.h`](srctree/include/drm/drm_gem_framebuffer_helper.h)

use crate::bindings;
use kernel::{error::to_result, prelude::*};

/// The pixel formats that planes may have (`DRM_FORMAT_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 32 bits, little endian: x:R:G:B 8:8:8:8.
    Xrgb8888,
    /// 16 bits, little endian: R:G:B 5:6:5.
    Rgb565,
}

impl Format {
    /// The fourcc code.
    pub const fn fourcc(self) -> u32 {
        match self {
            Format::Xrgb8888 => bindings::DRM_FORMAT_XRGB8888,
            Format::Rgb565 => bindings::DRM_FORMAT_RGB565,
        }
    }

    /// Bytes of a pixel.
    pub const fn cpp(self) -> usize {
        match self {
            Format::Xrgb8888 => 4,
            Format::Rgb565 => 2,
        }
    }

    fn from_fourcc(fourcc: u32) -> Option<Self> {
        [Format::Xrgb8888, Format::Rgb565]
            .into_iter()
            .find(|format| format.fourcc() == fourcc)
    }
}

/// A framebuffer that is mapped and may be read by the CPU until this is dropped.
///
/// # Invariants
///
/// `fb` is a valid framebuffer, begun for CPU access; `map` maps its first buffer object at the
/// framebuffer's offset; both for `'a`.
pub struct Framebuffer<'a> {
    fb: &'a bindings::drm_framebuffer,
    map: &'a bindings::iosys_map,
    format: Format,
}

impl<'a> Framebuffer<'a> {
    /// Begins CPU access. May sleep, for an imported dma-buf's exporter for instance.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a format that is not one of [`Format`], else what the exporter answers.
    ///
    /// # Safety
    ///
    /// `fb` must be a valid framebuffer and `map` the mapping of its first plane, as
    /// `drm_gem_fb_vmap()` makes it in its `data`, both for `'a`.
    pub(super) unsafe fn new(
        fb: *mut bindings::drm_framebuffer,
        map: &'a bindings::iosys_map,
    ) -> Result<Self> {
        // SAFETY: `fb` is valid, and its format is never changed.
        let format = Format::from_fourcc(unsafe { (*(*fb).format).format }).ok_or(EINVAL)?;
        // SAFETY: `fb` is valid.
        to_result(unsafe {
            bindings::drm_gem_fb_begin_cpu_access(fb, bindings::dma_data_direction::DMA_FROM_DEVICE)
        })?;
        // INVARIANT: access was begun, the rest is the caller's promise.
        Ok(Self {
            // SAFETY: `fb` is valid for `'a`; geometry and format are fixed at its creation.
            fb: unsafe { &*fb },
            map,
            format,
        })
    }

    /// The pixel format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Copies the pixels from (`x`, `y`) rightwards into `line`, as many as it has room for.
    ///
    /// A copy, because userspace may write to the buffer at any time.
    ///
    /// # Errors
    ///
    /// `EINVAL` where they are not all inside the framebuffer.
    pub fn read_line(&self, x: u32, y: u32, line: &mut [u8]) -> Result {
        let pixels = line.len() / self.format.cpp();
        if y >= self.fb.height || x as usize + pixels > self.fb.width as usize {
            return Err(EINVAL);
        }
        let offset = y as usize * self.fb.pitches[0] as usize + x as usize * self.format.cpp();
        // SAFETY: The line is inside the framebuffer, whose size the buffer object was checked
        // against when it was created; it is mapped by the type invariant. `line` has room.
        unsafe {
            bindings::tinydrm_iosys_map_memcpy_from(
                line.as_mut_ptr().cast(),
                self.map,
                offset,
                pixels * self.format.cpp(),
            )
        };
        Ok(())
    }
}

impl Drop for Framebuffer<'_> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant the framebuffer is valid, and access was begun.
        unsafe {
            bindings::drm_gem_fb_end_cpu_access(
                core::ptr::from_ref(self.fb).cast_mut(),
                bindings::dma_data_direction::DMA_FROM_DEVICE,
            )
        };
    }
}
