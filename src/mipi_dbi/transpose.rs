// SPDX-License-Identifier: GPL-2.0

//! Columns of a framebuffer as lines, for controllers that cannot exchange the two.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use crate::drm::line::Pixel;
use core::{ops::Range, sync::atomic::AtomicU64};

/// A picture in words, the first pixel of each in the low bits: lines of so many `words`.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// The pixels, line by line.
    pub pixels: &'a [u64],
    /// The words of a line.
    pub words: usize,
}

impl Picture<'_> {
    /// The pixel of the format `P` in the column `x` of the line `y`; 0 outside.
    fn pixel<P: Pixel>(&self, x: usize, y: usize) -> u64 {
        let bits = 8 * P::BYTES;
        let word = self.pixels.get(y * self.words + x / P::PER_WORD);
        (word.unwrap_or(&0) >> (x % P::PER_WORD * bits)) & ((1 << bits) - 1)
    }

    /// Puts the pixels of the column `x` into `column`, from the first of these `lines` on, as a line
    /// of a framebuffer has them.
    pub fn column<P: Pixel>(&self, x: usize, lines: Range<usize>, column: &mut [AtomicU64]) {
        let bits = 8 * P::BYTES;
        for (first, word) in lines.clone().step_by(P::PER_WORD).zip(column) {
            let some = first..lines.end.min(first + P::PER_WORD);
            *word.get_mut() = some
                .rev()
                .fold(0, |word, y| (word << bits) | self.pixel::<P>(x, y))
                .to_le();
        }
    }
}
