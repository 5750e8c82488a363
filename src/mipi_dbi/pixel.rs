// SPDX-License-Identifier: GPL-2.0

//! From the pixels of a framebuffer to those of the wire, R:G:B 5:6:5.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use crate::drm::line::{Line, Pixels};
use core::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, Ordering};

/// Bytes of a pixel on the wire.
pub const BYTES: usize = 2;

/// So many bytes at most that hold whole pixels, and one at least.
pub const fn whole(bytes: usize) -> usize {
    if bytes < BYTES {
        BYTES
    } else {
        bytes - bytes % BYTES
    }
}

/// How a 16-bit pixel lies in a transmit buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// For words of 16 bits: the controller's driver takes `u16` as the CPU has them.
    Native,
    /// For words of 8 bits: the most significant byte goes first.
    BigEndian,
}

/// The upper bits of each colour: what `drm_fb_xrgb8888_to_rgb565()` gives.
pub const fn rgb565(xrgb8888: u32) -> u16 {
    (((xrgb8888 >> 8) & 0xf800) | ((xrgb8888 >> 5) & 0x07e0) | ((xrgb8888 >> 3) & 0x001f)) as u16
}

/// [`rgb565`] of two pixels at once, each in its half.
///
/// One multiplication brings blue below red: red stays, and blue moves up by five bits. What else
/// it makes lies outside of the sixteen bits that count, 8 to 23, and so do the bits of the other
/// colours once green has moved to the place between.
const fn rgb565_pair(xrgb8888: u64) -> [u16; 2] {
    const RED_BLUE: u64 = 0x00f8_00f8_00f8_00f8;
    const GREEN: u64 = 0x0000_fc00_0000_fc00;

    let pair = (xrgb8888 & RED_BLUE)
        .wrapping_mul((1 << 5) + 1)
        .wrapping_add((xrgb8888 & GREEN) << 3);
    [(pair >> 8) as u16, (pair >> 40) as u16]
}

/// Converts `src` into `dst`, which has room for just these pixels.
pub fn convert(src: Pixels<'_>, dst: &mut [u8], order: Order) {
    match (src, order) {
        (Pixels::Xrgb8888(line), Order::Native) => from_xrgb8888(&line, dst, u16::to_ne_bytes),
        (Pixels::Xrgb8888(line), Order::BigEndian) => from_xrgb8888(&line, dst, u16::to_be_bytes),
        (Pixels::Rgb565(line), Order::Native) => from_rgb565(&line, dst, u16::to_ne_bytes),
        (Pixels::Rgb565(line), Order::BigEndian) => from_rgb565(&line, dst, u16::to_be_bytes),
    }
}

// Inlined, and with them `bytes`: a loop for each order.
#[inline(always)]
fn from_xrgb8888(src: &Line<'_, AtomicU32>, dst: &mut [u8], bytes: impl Fn(u16) -> [u8; 2]) {
    let one = |src: &AtomicU32, dst: &mut [u8]| {
        dst.copy_from_slice(&bytes(rgb565(u32::from_le(src.load(Ordering::Relaxed)))));
    };

    let (head, dst) = dst.split_at_mut(dst.len().min(src.head.len() * BYTES));
    for (src, dst) in src.head.iter().zip(head.chunks_exact_mut(BYTES)) {
        one(src, dst);
    }
    let (body, tail) = dst.split_at_mut(dst.len().min(src.body.len() * 2 * BYTES));
    let pair = |src: &AtomicU64, dst: &mut [u8]| {
        let [first, second] = rgb565_pair(u64::from_le(src.load(Ordering::Relaxed)));
        dst[..BYTES].copy_from_slice(&bytes(first));
        dst[BYTES..].copy_from_slice(&bytes(second));
    };
    // Four at a time: to count them is a third of the work else.
    let (fours, rest) = src.body.split_at(src.body.len() - src.body.len() % 4);
    let (dst_fours, dst_rest) = body.split_at_mut(body.len().min(fours.len() * 2 * BYTES));
    for (src, dst) in fours
        .chunks_exact(4)
        .zip(dst_fours.chunks_exact_mut(8 * BYTES))
    {
        for (i, src) in src.iter().enumerate() {
            pair(src, &mut dst[2 * BYTES * i..][..2 * BYTES]);
        }
    }
    for (src, dst) in rest.iter().zip(dst_rest.chunks_exact_mut(2 * BYTES)) {
        pair(src, dst);
    }
    for (src, dst) in src.tail.iter().zip(tail.chunks_exact_mut(BYTES)) {
        one(src, dst);
    }
}

#[inline(always)]
fn from_rgb565(src: &Line<'_, AtomicU16>, dst: &mut [u8], bytes: impl Fn(u16) -> [u8; 2]) {
    let one = |src: &AtomicU16, dst: &mut [u8]| {
        dst.copy_from_slice(&bytes(u16::from_le(src.load(Ordering::Relaxed))));
    };

    let (head, dst) = dst.split_at_mut(dst.len().min(src.head.len() * BYTES));
    for (src, dst) in src.head.iter().zip(head.chunks_exact_mut(BYTES)) {
        one(src, dst);
    }
    let (body, tail) = dst.split_at_mut(dst.len().min(src.body.len() * 4 * BYTES));
    for (src, dst) in src.body.iter().zip(body.chunks_exact_mut(4 * BYTES)) {
        let four = u64::from_le(src.load(Ordering::Relaxed));
        // As the first pixel's bytes go so go all.
        let four = if bytes(1) == 1u16.to_le_bytes() {
            four
        } else {
            ((four >> 8) & 0x00ff_00ff_00ff_00ff) | ((four << 8) & 0xff00_ff00_ff00_ff00)
        };
        dst.copy_from_slice(&four.to_le_bytes());
    }
    for (src, dst) in src.tail.iter().zip(tail.chunks_exact_mut(BYTES)) {
        one(src, dst);
    }
}
