// SPDX-License-Identifier: GPL-2.0

//! From the pixels of a framebuffer to those of the wire.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use crate::drm::line::{self, Line, Pixel, Rgb565, Xrgb8888};
use core::sync::atomic::AtomicU64;

/// Bytes of a pixel of 16 bits on the wire.
const BYTES: usize = 2;

/// Of one of 18 bits.
const BYTES_666: usize = 3;

/// How pixels lie in a transmit buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// R:G:B 5:6:5 for words of 16 bits: the controller's driver takes `u16` as the CPU has them.
    Native,
    /// R:G:B 5:6:5 for words of 8 bits: the most significant byte goes first.
    BigEndian,
    /// Blue, green and red, in the upper six bits of a byte each.
    Bgr666,
    /// Three grey pixels in a byte, as the ST7586 has them.
    Grey332,
}

impl Order {
    /// Bytes of a column, which is what a controller addresses.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Native | Self::BigEndian => BYTES,
            Self::Bgr666 => BYTES_666,
            Self::Grey332 => 1,
        }
    }

    /// Pixels of a column.
    pub const fn pixels(self) -> usize {
        match self {
            Self::Native | Self::BigEndian | Self::Bgr666 => 1,
            Self::Grey332 => 3,
        }
    }

    /// The columns that so many pixels take.
    pub const fn columns(self, pixels: usize) -> usize {
        pixels.div_ceil(self.pixels())
    }

    /// So many bytes at most that hold whole columns, and one at least.
    pub const fn whole(self, bytes: usize) -> usize {
        if bytes < self.bytes() {
            self.bytes()
        } else {
            bytes - bytes % self.bytes()
        }
    }
}

/// A format that can be converted.
pub trait Source: Pixel {
    /// What is sent of the pixels of a word, each as its `bytes`.
    fn convert(word: u64, bytes: impl Fn(u16) -> [u8; 2], dst: &mut [u8]);

    /// Red, green and blue of a pixel of a word, counted from 0 on. White is white in any format.
    fn colour(word: u64, pixel: usize) -> [u8; 3];

    /// The same as [`Order::Bgr666`].
    #[inline(always)]
    fn convert_666(word: u64, dst: &mut [u8]) {
        for (i, dst) in dst.chunks_exact_mut(BYTES_666).enumerate() {
            let [red, green, blue] = Self::colour(word, i);
            dst.copy_from_slice(&[blue, green, red].map(|byte| byte & UPPER_SIX));
        }
    }
}

/// What counts of a byte that is one of 18 bits.
const UPPER_SIX: u8 = 0xfc;

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

    #[inline(always)]
    fn colour(word: u64, pixel: usize) -> [u8; 3] {
        let [blue, green, red, ..] = (word >> (8 * Self::BYTES * pixel)).to_le_bytes();
        [red, green, blue]
    }

    /// They are as the wire has them, but for a byte between two, and the lower bits.
    #[inline(always)]
    fn convert_666(word: u64, dst: &mut [u8]) {
        const MASK: u64 = u64::from_ne_bytes([UPPER_SIX; 8]);
        const LOW: u64 = 0x00ff_ffff;

        let pair = (word & MASK & LOW) | (((word & MASK) >> 8) & (LOW << 24));
        dst.copy_from_slice(&pair.to_le_bytes()[..2 * BYTES_666]);
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

    #[inline(always)]
    fn colour(word: u64, pixel: usize) -> [u8; 3] {
        let pixel = (word >> (8 * Self::BYTES * pixel)) as u16;
        let five = |bits: u16| (((bits & 31) << 3) | ((bits & 31) >> 2)) as u8;
        let green = (pixel >> 5) & 63;
        [
            five(pixel >> 11),
            ((green << 2) | (green >> 4)) as u8,
            five(pixel),
        ]
    }
}

/// The bits of the first, the second and the third pixel of a byte, from white to black.
const GREY: [[u8; 4]; 3] = [
    [0b000 << 5, 0b010 << 5, 0b100 << 5, 0b111 << 5],
    [0b000 << 2, 0b010 << 2, 0b100 << 2, 0b111 << 2],
    [0b00, 0b01, 0b10, 0b11],
];

/// One line. Brightness is as `drm_fb_xrgb8888_to_gray8()` gives it, of which two bits count; what
/// the last column has no pixels for is white.
fn convert_to_grey<P: Source>(src: &Line<'_, P>, seen: &mut [u64], dst: &mut [u8]) {
    let dst = &mut dst[..Order::Grey332.columns(src.len())];
    dst.fill(0);
    for (i, (src_word, seen)) in src.words().iter().zip(seen).enumerate() {
        *seen = line::load(src_word);
        for pixel in 0..P::PER_WORD.min(src.len() - i * P::PER_WORD) {
            let [red, green, blue] = P::colour(*seen, pixel).map(u32::from);
            let grey = (3 * red + 6 * green + blue) / 10;
            let at = i * P::PER_WORD + pixel;
            dst[at / 3] |= GREY[at % 3][3 - (grey >> 6) as usize];
        }
    }
}

/// Converts `src` into `dst`, and keeps what it was in `seen`, which have room for just these pixels
/// and words. Each is read once: whatever userspace does, both tell of the same.
pub fn convert<P: Source>(src: &Line<'_, P>, seen: &mut [u64], dst: &mut [u8], order: Order) {
    match order {
        Order::Native => convert_to::<P, BYTES>(src, seen, dst, |word, dst| {
            P::convert(word, u16::to_ne_bytes, dst)
        }),
        Order::BigEndian => convert_to::<P, BYTES>(src, seen, dst, |word, dst| {
            P::convert(word, u16::to_be_bytes, dst)
        }),
        Order::Bgr666 => convert_to::<P, BYTES_666>(src, seen, dst, P::convert_666),
        Order::Grey332 => convert_to_grey(src, seen, dst),
    }
}

/// The most bytes of a word on the wire: of four pixels.
const MOST: usize = 4 * BYTES_666;

/// So many words at a time: to count them is a third of the work else.
const UNROLLED: usize = 4;

// Inlined, and with it `one`, which converts a word to pixels of `PIXEL` bytes: a loop for each order.
#[inline(always)]
fn convert_to<P: Source, const PIXEL: usize>(
    src: &Line<'_, P>,
    seen: &mut [u64],
    dst: &mut [u8],
    one: impl Fn(u64, &mut [u8]),
) {
    let word = |src: &AtomicU64, seen: &mut u64, dst: &mut [u8]| {
        *seen = line::load(src);
        one(*seen, dst);
    };
    let wire = P::PER_WORD * PIXEL;

    let words = src.words();
    let dst = &mut dst[..src.len() * PIXEL];
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
            let mut last = [0; MOST];
            word(src, seen, &mut last[..wire]);
            dst.copy_from_slice(&last[..dst.len()]);
        }
    }
}
