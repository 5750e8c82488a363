// SPDX-License-Identifier: GPL-2.0

//! Framebuffers, as a driver with shadow planes reads them.
//!
//! C headers: [`include/drm/drm_framebuffer.h`](srctree/include/drm/drm_framebuffer.h),
//! [`include/drm/drm_gem_framebuffer_helper.h`](srctree/include/drm/drm_gem_framebuffer_helper.h)

use super::line::{self, Line, Pixel};
use crate::{bindings, spi::Message};
use core::{
    marker::PhantomData,
    mem::offset_of,
    ops::Range,
    ptr::NonNull,
    sync::atomic::AtomicU64, //
};
use kernel::{error::to_result, page::PAGE_SIZE, prelude::*};

/// The pixel formats that planes may have (`DRM_FORMAT_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 32 bits, little endian: x:R:G:B 8:8:8:8.
    Xrgb8888,
    /// 16 bits, little endian: R:G:B 5:6:5.
    Rgb565,
    /// 24 bits, little endian: R:G:B 8:8:8. It is read as if it were [`Format::Xrgb8888`].
    Rgb888,
}

impl Format {
    /// The fourcc code.
    pub const fn fourcc(self) -> u32 {
        match self {
            Format::Xrgb8888 => bindings::DRM_FORMAT_XRGB8888,
            Format::Rgb565 => bindings::DRM_FORMAT_RGB565,
            Format::Rgb888 => bindings::DRM_FORMAT_RGB888,
        }
    }

    /// Bytes of a pixel.
    pub const fn cpp(self) -> usize {
        match self {
            Format::Xrgb8888 => 4,
            Format::Rgb565 => 2,
            Format::Rgb888 => 3,
        }
    }

    /// Bytes of a pixel of a line that is read.
    const fn line_cpp(self) -> usize {
        match self {
            Format::Rgb888 => Format::Xrgb8888.cpp(),
            other => other.cpp(),
        }
    }

    fn from_fourcc(fourcc: u32) -> Option<Self> {
        [Format::Xrgb8888, Format::Rgb565, Format::Rgb888]
            .into_iter()
            .find(|format| format.fourcc() == fourcc)
    }
}

/// So many pages that follow each other are worth a transfer of their own.
const FEW_PAGES: usize = 4;

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

    /// The rectangle of `width` times `height` pixels from (`x`, `y`) rightwards and down.
    ///
    /// # Errors
    ///
    /// `EINVAL` where it is not all inside the framebuffer, or where that one's pixels are not read as
    /// those of the size of `P`.
    pub fn block<P: Pixel>(&self, x: u32, y: u32, width: u32, height: u32) -> Result<Block<'_, P>> {
        if u64::from(x) + u64::from(width) > self.fb.width.into()
            || u64::from(y) + u64::from(height) > self.fb.height.into()
            || self.format.line_cpp() != P::BYTES
        {
            return Err(EINVAL);
        }
        let pitch = self.fb.pitches[0] as usize;
        let cpp = self.format.cpp();
        let row = width as usize * cpp;
        let offset = y as usize * pitch + x as usize * cpp;
        let at_word = |pixels: *const u8| pixels.addr() % WORD == 0;
        // INVARIANT: It is inside.
        Ok(Block {
            fb: self,
            offset,
            width: width as usize,
            height: height as usize,
            is_contiguous: pitch == row
                && cpp == P::BYTES
                && row % WORD == 0
                && self.in_memory(offset).is_some_and(at_word),
            _format: PhantomData,
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
            // SAFETY: It is not imported, and inside.
            let Some((mut start, mut len)) = (unsafe { self.linear(rest.clone()) }) else {
                return Ok(false);
            };
            // Many pieces are as many transfers, or as one that the SPI core takes apart again.
            if message.takes_vmalloc() && len < rest.len().min(FEW_PAGES * PAGE_SIZE) {
                let mapped = self.in_memory(rest.start).map(|start| start.cast_mut());
                start = mapped.and_then(NonNull::new).ok_or(EINVAL)?;
                len = rest.len();
            }
            // SAFETY: The pages of our own buffer objects are cached memory; they are mapped, hence
            // pinned, by the type invariant, while `self` is borrowed. What userspace writes to them
            // meanwhile is for the panel to see or not.
            unsafe { message.push_raw(start, len)? };
            rest.start += len;
        }
        Ok(true)
    }

    /// The address that the first of these bytes has in the kernel's linear mapping, and how many of them
    /// follow it there; [`None`] where they are not in it.
    ///
    /// # Safety
    ///
    /// The buffer object must be one of this device's own, and the bytes inside the framebuffer.
    unsafe fn linear(&self, bytes: Range<usize>) -> Option<(NonNull<u8>, usize)> {
        // SAFETY: The objects of this device are those of `DRM_GEM_SHMEM_DRIVER_OPS`.
        let pages = unsafe {
            let object = self.fb.obj[0]
                .byte_sub(offset_of!(bindings::drm_gem_shmem_object, base))
                .cast::<bindings::drm_gem_shmem_object>();
            (*object).pages
        };
        if pages.is_null() {
            return None;
        }
        let first = self.fb.offsets[0] as usize + bytes.start;
        // SAFETY: The object is mapped, by the type invariant, and so has all of its pages; what is
        // inside the framebuffer is inside the object.
        let linear = |at: usize| unsafe {
            NonNull::new(bindings::tinydrm_page_address(*pages.add(at / PAGE_SIZE)).cast::<u8>())
        };
        let start = linear(first)?.as_ptr().wrapping_add(first % PAGE_SIZE);
        let mut len = PAGE_SIZE - first % PAGE_SIZE;
        while len < bytes.len()
            && linear(first + len).is_some_and(|next| next.as_ptr() == start.wrapping_add(len))
        {
            len += PAGE_SIZE;
        }
        Some((NonNull::new(start)?, len.min(bytes.len())))
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

    /// Copies the `len` pixels that are `offset` bytes into the framebuffer.
    ///
    /// # Safety
    ///
    /// They must be there.
    unsafe fn copy<'s>(
        &self,
        offset: usize,
        len: usize,
        scratch: &'s mut Scratch,
    ) -> Result<&'s [AtomicU64]> {
        if len * self.format.line_cpp() > size_of_val(&scratch.0[..]) {
            return Err(EINVAL);
        }
        // SAFETY: They are there, and `scratch` has room for as many bytes and more.
        unsafe {
            bindings::tinydrm_iosys_map_memcpy_from(
                scratch.0.as_mut_ptr().cast(),
                self.map,
                offset,
                len * self.format.cpp(),
            )
        };
        if self.format == Format::Rgb888 {
            line::widen(&mut scratch.0, len);
        }
        Ok(&scratch.0)
    }
}

/// A rectangle of a framebuffer, which is read as the format `P`.
///
/// # Invariants
///
/// It is inside the framebuffer, the pixels of which are read as those of this size.
pub struct Block<'a, P> {
    fb: &'a Framebuffer<'a>,
    /// Where it begins, in bytes.
    offset: usize,
    width: usize,
    height: usize,
    is_contiguous: bool,
    _format: PhantomData<P>,
}

impl<P: Pixel> Block<'_, P> {
    /// Whether a line follows the other in memory, word by word.
    pub fn is_contiguous(&self) -> bool {
        self.is_contiguous
    }

    /// The pixels of these lines of it, counted from 0 on; of one line, unless it is contiguous. They
    /// are where userspace may write to them at any time; `scratch` is for those that cannot be read
    /// there.
    ///
    /// # Errors
    ///
    /// `EINVAL` below the last line, for lines that are not contiguous, or for more pixels than
    /// `scratch` is made for.
    #[inline]
    pub fn lines<'l>(
        &'l self,
        lines: Range<usize>,
        scratch: &'l mut Scratch,
    ) -> Result<Line<'l, P>> {
        if lines.end > self.height || (lines.len() != 1 && !self.is_contiguous) {
            return Err(EINVAL);
        }
        let offset = self.offset + lines.start * self.fb.fb.pitches[0] as usize;
        let len = self.width * lines.len();
        let words = match self.fb.in_memory(offset) {
            Some(pixels) if pixels.addr() % WORD == 0 && self.fb.format.cpp() == P::BYTES => {
                let words = (len * P::BYTES).div_ceil(WORD);
                // SAFETY: By the type invariant so many pixels are there, in the framebuffer, whose size
                // the buffer object was checked against when it was created, and which is mapped by
                // its type invariant; what is behind them in the last word is of the same page,
                // hence mapped too. They are aligned; any bits are an `AtomicU64`, and what else
                // accesses them is not Rust.
                unsafe { core::slice::from_raw_parts(pixels.cast(), words) }
            }
            // SAFETY: By the type invariant so many are there.
            _ => unsafe { self.fb.copy(offset, len, scratch)? },
        };
        Ok(Line::new(words, len))
    }
}

/// Bytes of a word, as lines are read.
const WORD: usize = size_of::<AtomicU64>();

/// Room for a line that cannot be read where it is: in I/O memory, not at a word, or of pixels of
/// three bytes.
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
