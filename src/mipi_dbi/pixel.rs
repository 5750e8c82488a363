// SPDX-License-Identifier: GPL-2.0

//! From the pixels of a framebuffer to those of the wire, R:G:B 5:6:5.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use crate::drm::line::{load, Line, Pixel, Rgb565, Xrgb8888};
use core::sync::atomic::AtomicU64;

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

/// A format that can be converted.
pub trait Source: Pixel {
    /// What is sent of the pixels of a word, each as its `bytes`.
    fn convert(word: u64, bytes: impl Fn(u16) -> [u8; 2], dst: &mut [u8]);
}

impl Source for Xrgb8888 {
    /// The upper bits of each colour: what `drm_fb_xrgb8888_to_rgb565()` gives, of two pixels at once.
    ///
    /// Green moves up by three bits. Red and blue are taken 33 times, so that red stays where it is,
    /// and blue moves up by five, to below the green. What else that makes is outside of the sixteen
    /// bits that count, 8 to 23. (Eight and 25 times: that is cheap on most CPUs.)
    #[inline(always)]
    fn convert(word: u64, bytes: impl Fn(u16) -> [u8; 2], dst: &mut [u8]) {
        const RED_BLUE: u64 = 0x00f8_00f8_00f8_00f8;
        const GREEN: u64 = 0x0000_fc00_0000_fc00;

        let pair =
            ((word & (RED_BLUE | GREEN)) << 3).wrapping_add((word & RED_BLUE).wrapping_mul(25));
        dst[..BYTES].copy_from_slice(&bytes((pair >> 8) as u16));
        dst[BYTES..].copy_from_slice(&bytes((pair >> 40) as u16));
    }
}

impl Source for Rgb565 {
    /// They are as the wire has them, but for the order of their bytes.
    #[inline(always)]
    fn convert(word: u64, bytes: impl Fn(u16) -> [u8; 2], dst: &mut [u8]) {
        // As the first pixel's bytes go so go all.
        let four = if bytes(1) == 1u16.to_le_bytes() {
            word
        } else {
            ((word >> 8) & 0x00ff_00ff_00ff_00ff) | ((word << 8) & 0xff00_ff00_ff00_ff00)
        };
        dst.copy_from_slice(&four.to_le_bytes());
    }
}

/// Converts `src` into `dst`, and keeps what it was in `seen`, which have room for just these pixels
/// and words. Each is read once: whatever userspace does, both tell of the same.
pub fn convert<P: Source>(src: &Line<'_, P>, seen: &mut [u64], dst: &mut [u8], order: Order) {
    match order {
        Order::Native => convert_to(src, seen, dst, u16::to_ne_bytes),
        Order::BigEndian => convert_to(src, seen, dst, u16::to_be_bytes),
    }
}

/// So many words at a time: to count them is a third of the work else.
const UNROLLED: usize = 4;

// Inlined, and with it `bytes`: a loop for each order.
#[inline(always)]
fn convert_to<P: Source>(
    src: &Line<'_, P>,
    seen: &mut [u64],
    dst: &mut [u8],
    bytes: impl Fn(u16) -> [u8; 2] + Copy,
) {
    let word = |src: &AtomicU64, seen: &mut u64, dst: &mut [u8]| {
        *seen = load(src);
        P::convert(*seen, bytes, dst);
    };
    let wire = P::PER_WORD * BYTES;

    let words = src.words();
    let dst = &mut dst[..src.len() * BYTES];
    let seen = &mut seen[..words.len()];
    let (src, src_rest) = words.split_at(dst.len() / wire / UNROLLED * UNROLLED);
    let (seen, seen_rest) = seen.split_at_mut(src.len());
    let (dst, dst_rest) = dst.split_at_mut(src.len() * wire);
    let to = seen
        .chunks_exact_mut(UNROLLED)
        .zip(dst.chunks_exact_mut(UNROLLED * wire));
    for (src, (seen, dst)) in src.chunks_exact(UNROLLED).zip(to) {
        for (i, src) in src.iter().enumerate() {
            word(src, &mut seen[i], &mut dst[wire * i..][..wire]);
        }
    }
    for (src, (seen, dst)) in src_rest
        .iter()
        .zip(seen_rest.iter_mut().zip(dst_rest.chunks_mut(wire)))
    {
        if dst.len() == wire {
            word(src, seen, dst);
        } else {
            // Not all of the last word is of the line.
            let mut last = [0; size_of::<u64>()];
            word(src, seen, &mut last[..wire]);
            dst.copy_from_slice(&last[..dst.len()]);
        }
    }
}
