// SPDX-License-Identifier: GPL-2.0

//! A line of a framebuffer, to be read 64 bits at a time.
//!
//! Userspace may write to a framebuffer while it is read. Relaxed atomics are what that is to Rust;
//! to the CPU they are loads like any other.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use core::{
    marker::PhantomData,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering}, //
};

/// A pixel format.
pub trait Pixel {
    /// The bytes of a pixel: 2 or 4.
    const BYTES: usize;

    /// So many pixels are a word.
    const PER_WORD: usize = size_of::<u64>() / Self::BYTES;
}

/// `DRM_FORMAT_XRGB8888`.
pub struct Xrgb8888;

impl Pixel for Xrgb8888 {
    const BYTES: usize = 4;
}

/// `DRM_FORMAT_RGB565`.
pub struct Rgb565;

impl Pixel for Rgb565 {
    const BYTES: usize = 2;
}

/// Makes [`Xrgb8888`] of `len` pixels of three bytes (`DRM_FORMAT_RGB888`), in place: what is read
/// are words, and no word holds such pixels whole.
///
/// # Panics
///
/// Where `words` have no room for so many.
pub fn widen(words: &mut [AtomicU64], len: usize) {
    const PAIR: usize = 3 * Xrgb8888::PER_WORD;
    const PIXEL: u64 = 0x00ff_ffff;

    // From the last one, as they need more room than they have.
    for i in (0..len.div_ceil(Xrgb8888::PER_WORD)).rev() {
        let (word, bit) = (PAIR * i / 8, PAIR * i % 8 * 8);
        let mut pair = load(&words[word]) >> bit;
        if bit + 8 * PAIR > 64 {
            pair |= load(&words[word + 1]) << (64 - bit);
        }
        *words[i].get_mut() = ((pair & PIXEL) | ((pair & (PIXEL << 24)) << 8)).to_le();
    }
}

/// Consecutive pixels of the format `P`, the first of which is at the beginning of a word.
pub struct Line<'a, P> {
    words: &'a [AtomicU64],
    len: usize,
    _format: PhantomData<P>,
}

impl<'a, P: Pixel> Line<'a, P> {
    /// The first `len` pixels of `words`, or all that there are.
    pub fn new(words: &'a [AtomicU64], len: usize) -> Self {
        let len = len.min(words.len() * P::PER_WORD);
        Self {
            words: &words[..len.div_ceil(P::PER_WORD)],
            len,
            _format: PhantomData,
        }
    }

    /// The words; what follows the pixels in the last one is not theirs.
    pub fn words(&self) -> &'a [AtomicU64] {
        self.words
    }

    /// How many pixels there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words that hold `pixels`, from the first one on.
    pub fn part(&self, pixels: &Range<usize>) -> Line<'a, P> {
        let end = pixels.end.next_multiple_of(P::PER_WORD).min(self.len);
        let start = pixels.start.min(end) / P::PER_WORD;
        Line::new(&self.words[start..], end - start * P::PER_WORD)
    }
}

/// The pixels of a word, the first one in the low bits.
#[inline(always)]
pub fn load(word: &AtomicU64) -> u64 {
    u64::from_le(word.load(Ordering::Relaxed))
}
