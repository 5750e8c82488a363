// SPDX-License-Identifier: GPL-2.0

//! Framebuffers, as a driver with shadow planes reads them.
//!
//! C headers: [`include/drm/drm_framebuffer.h`](srctree/include/drm/drm_framebuffer.h),
//! [`include/drm/drm_gem_framebuffer_helper.h`](srctree/include/drm/drm_gem_framebuffer_helper.h)

use super::line::{Line, Pixels};
use crate::{bindings, spi::Message};
use core::{ops::Range, ptr::NonNull, sync::atomic::AtomicU64};
use kernel::{error::to_result, page::PAGE_SIZE, prelude::*};

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

    /// The width in pixels.
    pub fn width(&self) -> u32 {
        self.fb.width
    }

    /// The `width` pixels from (`x`, `y`) rightwards. They are where userspace may write to them at
    /// any time; `scratch` is for those that cannot be read there.
    ///
    /// # Errors
    ///
    /// `EINVAL` where they are not all inside the framebuffer, or more than `scratch` is made for.
    pub fn line<'l>(
        &'l self,
        x: u32,
        y: u32,
        width: u32,
        scratch: &'l mut Scratch,
    ) -> Result<Pixels<'l>> {
        let inside =
            |start: u32, len: u32, size: u32| start.checked_add(len).is_some_and(|end| end <= size);
        if !inside(x, width, self.fb.width) || !inside(y, 1, self.fb.height) {
            return Err(EINVAL);
        }
        let (cpp, width) = (self.format.cpp(), width as usize);
        let offset = y as usize * self.fb.pitches[0] as usize + x as usize * cpp;

        let pixels = match self.in_memory(offset) {
            Some(pixels) if pixels.addr() % cpp == 0 => pixels,
            _ => self.copy(offset, width * cpp, scratch)?,
        };
        // SAFETY: `width` pixels are at `pixels`, aligned to their size: in `scratch`, or inside the
        // framebuffer, whose size the buffer object was checked against when it was created, and
        // which is mapped by the type invariant.
        Ok(unsafe {
            match self.format {
                Format::Xrgb8888 => Pixels::Xrgb8888(line(pixels, width)),
                Format::Rgb565 => Pixels::Rgb565(line(pixels, width)),
            }
        })
    }

    /// Adds the lines `lines` to a message as they are, without a copy. Whether that can be done: of
    /// buffers of this device, in memory, with nothing between two lines.
    ///
    /// # Errors
    ///
    /// `EINVAL` where they are not all inside the framebuffer; `ENOMEM`.
    pub fn push_lines<'m>(&'m self, lines: Range<u32>, message: &mut Message<'m>) -> Result<bool> {
        if lines.end > self.fb.height {
            return Err(EINVAL);
        }
        let pitch = self.fb.pitches[0] as usize;
        // SAFETY: By the type invariant this is a valid framebuffer, and it has one buffer object.
        let imported = unsafe { !(*self.fb.obj[0]).import_attach.is_null() };
        if imported || pitch != self.fb.width as usize * self.format.cpp() {
            return Ok(false);
        }
        let mut rest = lines.start as usize * pitch..lines.end as usize * pitch;
        while !rest.is_empty() {
            let Some(start) = self.in_memory(rest.start) else {
                return Ok(false);
            };
            let len = rest.len().min(PAGE_SIZE - start.addr() % PAGE_SIZE);
            // SAFETY: Takes any address.
            let linear = unsafe { bindings::tinydrm_vmalloc_to_linear(start.cast()) };
            let Some(linear) = NonNull::new(linear.cast()) else {
                return Ok(false);
            };
            // SAFETY: The pages of our own buffer objects are cached memory; they are mapped, hence
            // pinned, by the type invariant, while `self` is borrowed. What userspace writes to them
            // meanwhile is for the panel to see or not.
            unsafe { message.push_linear(linear, len)? };
            rest.start += len;
        }
        Ok(true)
    }

    /// The address of what is `offset` bytes into the framebuffer; [`None`] in I/O memory.
    fn in_memory(&self, offset: usize) -> Option<*const u8> {
        if self.map.is_iomem {
            return None;
        }
        // SAFETY: The mapping is in memory, so it has this address.
        let base: *const u8 = unsafe { self.map.__bindgen_anon_1.vaddr }.cast();
        Some(base.wrapping_add(offset))
    }

    fn copy(&self, offset: usize, len: usize, scratch: &mut Scratch) -> Result<*const u8> {
        if len > size_of_val(&scratch.0[..]) {
            return Err(EINVAL);
        }
        // SAFETY: `len` bytes are inside the framebuffer, as above, and `scratch` has room for them.
        unsafe {
            bindings::tinydrm_iosys_map_memcpy_from(
                scratch.0.as_mut_ptr().cast(),
                self.map,
                offset,
                len,
            )
        };
        Ok(scratch.0.as_ptr().cast())
    }
}

/// The line of `width` pixels at `pixels`.
///
/// # Safety
///
/// For `'a` there must be so many, aligned, that nothing but [`Line`] and what is not Rust accesses.
/// `P` must be an atomic integer.
unsafe fn line<'a, P>(pixels: *const u8, width: usize) -> Line<'a, P> {
    // SAFETY: By the caller's promise; any bits are a `P`.
    let pixels = unsafe { core::slice::from_raw_parts(pixels.cast::<P>(), width) };
    // SAFETY: Any bits are an `AtomicU64`.
    let (head, body, tail) = unsafe { pixels.align_to::<AtomicU64>() };
    Line { head, body, tail }
}

/// Room for a line that cannot be read where it is: in I/O memory, or at an odd pitch.
pub struct Scratch(KVec<AtomicU64>);

impl Scratch {
    /// Room for `width` pixels of any format.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn new(width: u32) -> Result<Self> {
        let len = (width as usize * 4).div_ceil(size_of::<u64>());
        let mut room = KVec::with_capacity(len, GFP_KERNEL)?;
        for _ in 0..len {
            room.push(AtomicU64::new(0), GFP_KERNEL)?;
        }
        Ok(Self(room))
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
