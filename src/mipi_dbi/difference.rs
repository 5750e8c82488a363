// SPDX-License-Identifier: GPL-2.0

//! Where two lines of pixels differ.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use super::pixel::BYTES;
use core::ops::Range;

/// Bytes, and pixels, that are compared at once.
const WORD: usize = size_of::<u64>();
const WORD_PIXELS: usize = WORD / BYTES;

/// Bytes that are compared at once where much is the same.
const BLOCK: usize = 4 * WORD;

/// Of a stretch that differs every so many words are looked at: a frame that has changed all over
/// costs next to nothing then, and any gap of [`GAP`] pixels is still found.
const STRIDE: usize = 6;

/// So many pixels in a row that are the same end a run.
pub const GAP: usize = 2 * STRIDE * WORD_PIXELS;

/// The runs of pixels that differ between `old` and `new`, lines of the same length, from left to
/// right. Together they hold every pixel that differs; pixels that are the same may be in them, but
/// neither at their ends nor [`GAP`] in a row.
pub fn runs<'a>(old: &'a [u8], new: &'a [u8]) -> Runs<'a> {
    let len = old.len().min(new.len());
    let mut runs = Runs {
        old: &old[..len],
        new: &new[..len],
        at: 0,
        words: 0,
        end: 0,
    };
    let words = len.div_ceil(WORD);
    if let Some((first, _)) = runs.first_in(0, words) {
        runs.at = first;
    } else {
        return runs;
    }
    if let Some((word, bits)) = runs.last_in(runs.at, words) {
        runs.words = word + 1;
        runs.end = word * WORD_PIXELS + last(bits) + 1;
    }
    runs
}

/// Whether both the first and the last pixels of two lines differ: most often all between do as well,
/// where all of the line above does.
pub fn at_both_ends(old: &[u8], new: &[u8]) -> bool {
    load(old) != load(new) && old.last_chunk::<BYTES>() != new.last_chunk()
}

/// The same part of both lines.
struct Block<'a> {
    old: &'a [u8],
    new: &'a [u8],
}

impl Block<'_> {
    /// Whether its words differ, for whole words.
    #[inline(always)]
    fn differs(&self) -> bool {
        let words = self.old.chunks_exact(WORD).zip(self.new.chunks_exact(WORD));
        words.fold(0, |bits, (old, new)| bits | (load(old) ^ load(new))) != 0
    }
}

/// See [`runs`].
pub struct Runs<'a> {
    old: &'a [u8],
    new: &'a [u8],
    /// The word to begin with.
    at: usize,
    /// One more than the last word that differs.
    words: usize,
    /// One more than the last pixel that differs.
    end: usize,
}

impl Runs<'_> {
    /// What is different in a word.
    #[inline]
    fn different(&self, word: usize) -> u64 {
        let at = word * WORD;
        load(&self.old[at..]) ^ load(&self.new[at..])
    }

    /// The first of the words `from..to` that differs, and in what.
    fn first_in(&self, from: usize, to: usize) -> Option<(usize, u64)> {
        let from = from + BLOCK / WORD * self.blocks(from, to, BLOCK, |block| !block.differs());
        let word = from + self.blocks(from, to, WORD, |block| !block.differs());
        // It is the one behind the whole words if these are the same.
        (word < to)
            .then(|| (word, self.different(word)))
            .filter(|(_, bits)| *bits != 0)
    }

    /// How many blocks of `size` bytes from the word `from` on, up to the word `to`, `go` on.
    #[inline(always)]
    fn blocks(&self, from: usize, to: usize, size: usize, go: impl Fn(Block<'_>) -> bool) -> usize {
        let end = (to * WORD).min(self.old.len());
        let range = (from * WORD).min(end)..end;
        let old = self.old[range.clone()].chunks_exact(size);
        let new = self.new[range].chunks_exact(size);
        let mut count = 0;
        for (old, new) in old.zip(new) {
            if !go(Block { old, new }) {
                break;
            }
            count += 1;
        }
        count
    }

    /// The last of the words `from..to` that differs, and in what.
    fn last_in(&self, from: usize, to: usize) -> Option<(usize, u64)> {
        (from..to)
            .rev()
            .map(|word| (word, self.different(word)))
            .find(|(_, bits)| *bits != 0)
    }

    /// Where the run that begins in word `from` ends, and where to go on.
    fn end_of_run(&self, from: usize) -> (usize, usize) {
        let mut from = from;
        loop {
            // Blocks that begin with a word that differs.
            let busy = self.blocks(from, self.words, STRIDE * WORD, |block| {
                load(block.old) != load(block.new)
            });
            let probe = from + busy * STRIDE;
            if probe >= self.words {
                break;
            }
            // The last block need not be whole.
            if self.different(probe) == 0 {
                let before = self.last_in(from, probe);
                let after = self.first_in(probe, self.words);
                let (Some((before, low)), Some((after, high))) = (before, after) else {
                    break;
                };
                let end = before * WORD_PIXELS + last(low) + 1;
                if after * WORD_PIXELS + first(high) - end >= GAP {
                    return (end, after);
                }
                from = after;
            } else {
                from = probe + STRIDE;
                if from >= self.words {
                    break;
                }
            }
        }
        (self.end, self.words)
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    /// The pixels of a run, counted from the beginning of the lines.
    fn next(&mut self) -> Option<Range<usize>> {
        if self.at >= self.words {
            return None;
        }
        let (word, bits) = self.first_in(self.at, self.words)?;
        let start = word * WORD_PIXELS + first(bits);
        let (end, next) = self.end_of_run(word);
        self.at = next;
        Some(start..end)
    }
}

/// The first word, or what there is of it; the first bytes in the low bits.
#[inline]
fn load(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(word) => u64::from_le_bytes(*word),
        None => bytes
            .iter()
            .rev()
            .fold(0, |word, byte| (word << 8) | u64::from(*byte)),
    }
}

/// The first pixel in which bits are set.
fn first(bits: u64) -> usize {
    bits.trailing_zeros() as usize / (8 * BYTES)
}

/// The last one.
fn last(bits: u64) -> usize {
    (63 - bits.leading_zeros() as usize) / (8 * BYTES)
}
