// SPDX-License-Identifier: GPL-2.0

//! From the pixels of a framebuffer to those of the wire, R:G:B 5:6:5.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

/// How a 16-bit pixel lies in a transmit buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// For words of 16 bits: the controller's driver takes `u16` as the CPU has them.
    Native,
    /// For words of 8 bits: the most significant byte goes first.
    BigEndian,
}

impl Order {
    fn store(self, pixel: u16, dst: &mut [u8; 2]) {
        *dst = match self {
            Order::Native => pixel.to_ne_bytes(),
            Order::BigEndian => pixel.to_be_bytes(),
        };
    }
}

/// The upper bits of each colour: what `drm_fb_xrgb8888_to_rgb565()` gives.
pub const fn rgb565(xrgb8888: u32) -> u16 {
    (((xrgb8888 >> 8) & 0xf800) | ((xrgb8888 >> 5) & 0x07e0) | ((xrgb8888 >> 3) & 0x001f)) as u16
}

/// Converts pixels of XRGB8888. As many as both `src` and `dst` have room for.
pub fn from_xrgb8888(src: &[u8], dst: &mut [u8], order: Order) {
    for (src, dst) in src.as_chunks_4().zip(dst.as_chunks_2_mut()) {
        order.store(rgb565(u32::from_le_bytes(*src)), dst);
    }
}

/// Converts pixels of RGB565, which is but their order. As many as both have room for.
pub fn from_rgb565(src: &[u8], dst: &mut [u8], order: Order) {
    for (src, dst) in src.as_chunks_2().zip(dst.as_chunks_2_mut()) {
        order.store(u16::from_le_bytes(*src), dst);
    }
}

/// Slices as arrays of bytes, as `slice::as_chunks` will do it (Rust 1.88).
trait Chunks {
    fn as_chunks_2(&self) -> impl Iterator<Item = &[u8; 2]>;
    fn as_chunks_4(&self) -> impl Iterator<Item = &[u8; 4]>;
    fn as_chunks_2_mut(&mut self) -> impl Iterator<Item = &mut [u8; 2]>;
}

impl Chunks for [u8] {
    fn as_chunks_2(&self) -> impl Iterator<Item = &[u8; 2]> {
        self.chunks_exact(2).filter_map(|c| c.try_into().ok())
    }

    fn as_chunks_4(&self) -> impl Iterator<Item = &[u8; 4]> {
        self.chunks_exact(4).filter_map(|c| c.try_into().ok())
    }

    fn as_chunks_2_mut(&mut self) -> impl Iterator<Item = &mut [u8; 2]> {
        self.chunks_exact_mut(2).filter_map(|c| c.try_into().ok())
    }
}
