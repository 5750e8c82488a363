// SPDX-License-Identifier: GPL-2.0

//! Where a line of a framebuffer differs from what was seen of it before.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use crate::drm::line::{self, Line, Pixel};
use core::{ops::Range, sync::atomic::AtomicU64};

/// Words that are compared at once where much is the same.
const BLOCK: usize = 16;

/// Of a stretch that differs every so many words are looked at: a frame that has changed all over
/// costs next to nothing then, and any gap of [`GAP_WORDS`] is still found.
const STRIDE: usize = 8;

/// So many words in a row that are the same end a run.
pub const GAP_WORDS: usize = 2 * STRIDE;

/// Lines of so many words, or less, are the same or are not: it costs more to look closely than to
/// send them.
pub const SHORT_WORDS: usize = 8;

/// A line, and the words of it that were seen before.
pub struct Difference<'a, P> {
    line: &'a Line<'a, P>,
    new: &'a [AtomicU64],
    old: &'a [u64],
}

impl<'a, P: Pixel> Difference<'a, P> {
    /// `seen` has as many words as the line has.
    pub fn new(line: &'a Line<'a, P>, seen: &'a [u64]) -> Self {
        let words = line.words().len().min(seen.len());
        Self {
            line,
            new: &line.words()[..words],
            old: &seen[..words],
        }
    }

    fn words(&self) -> usize {
        self.new.len()
    }

    /// What is different in a word; its first pixel is in the low bits.
    #[inline]
    fn different(&self, word: usize) -> u64 {
        let (Some(new), Some(old)) = (self.new.get(word), self.old.get(word)) else {
            return 0;
        };
        let bits = line::load(new) ^ old;
        let pixels = self.line.len() - word * P::PER_WORD;
        if pixels < P::PER_WORD {
            bits & ((1 << (8 * P::BYTES * pixels)) - 1)
        } else {
            bits
        }
    }

    /// How many blocks of `SIZE` words from the word `from` on, up to the word `to`, `go` on.
    #[inline(always)]
    fn blocks<const SIZE: usize>(
        &self,
        from: usize,
        to: usize,
        go: impl Fn(&[AtomicU64; SIZE], &[u64; SIZE]) -> bool,
    ) -> usize {
        let range = from.min(to)..to;
        let (Some(new), Some(old)) = (self.new.get(range.clone()), self.old.get(range)) else {
            return 0;
        };
        let mut blocks = new.chunks_exact(SIZE).zip(old.chunks_exact(SIZE));
        blocks
            .position(|(new, old)| match (new.first_chunk(), old.first_chunk()) {
                (Some(new), Some(old)) => !go(new, old),
                _ => true,
            })
            .unwrap_or(new.len() / SIZE)
    }

    /// The first of the words `from..to` that differs, and in what.
    fn first_in(&self, from: usize, to: usize) -> Option<(usize, u64)> {
        let is_same = |new: &[AtomicU64; BLOCK], old: &[u64; BLOCK]| {
            new.iter()
                .zip(old)
                .all(|(new, old)| line::load(new) == *old)
        };
        let at = from + BLOCK * self.blocks::<BLOCK>(from, to, is_same);
        (at..to)
            .map(|word| (word, self.different(word)))
            .find(|(_, bits)| *bits != 0)
    }

    /// The last of the words `from..to` that differs, and in what.
    fn last_in(&self, from: usize, to: usize) -> Option<(usize, u64)> {
        (from..to)
            .rev()
            .map(|word| (word, self.different(word)))
            .find(|(_, bits)| *bits != 0)
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.first_in(0, self.words()).is_none()
    }

    /// Whether both the first and the last word of each `pixels` differ, a multiple of a word: most
    /// often all between do as well, where all of the line above does.
    pub fn is_at_both_ends(&self, pixels: usize) -> bool {
        let words = pixels.div_ceil(P::PER_WORD).max(1);
        (0..self.words())
            .step_by(words)
            .all(|start| self.different(start) != 0 && self.different(start + words - 1) != 0)
    }

    /// The runs of pixels that differ, from left to right. Together they hold every pixel that
    /// differs. In lines of more than [`SHORT_WORDS`] those at the ends of a run do, and there are no
    /// words between, [`GAP_WORDS`] in a row, that do not.
    pub fn runs(&self) -> Runs<'_, P> {
        let mut runs = Runs {
            difference: self,
            at: 0,
            words: 0,
            end: self.line.len(),
        };
        if self.words() <= SHORT_WORDS {
            if (0..self.words()).any(|word| self.different(word) != 0) {
                runs.words = self.words();
            }
        } else if let Some((first, _)) = self.first_in(0, self.words()) {
            runs.at = first;
            runs.words = self.words();
            if let Some((word, bits)) = self.last_in(first, self.words()) {
                runs.words = word + 1;
                runs.end = word * P::PER_WORD + last::<P>(bits) + 1;
            }
        }
        runs
    }

    /// Where the run that begins in word `start` ends, and where to go on, if that is before the word
    /// `words`.
    fn end_of_run(&self, start: usize, words: usize) -> Option<(usize, usize)> {
        // The last word that is known to differ, or one before it.
        let mut known = start;
        let mut probe = start;
        loop {
            // Blocks that begin with a word that differs.
            let is_busy =
                |new: &[AtomicU64; STRIDE], old: &[u64; STRIDE]| line::load(&new[0]) != old[0];
            probe += STRIDE * self.blocks::<STRIDE>(probe, words, is_busy);
            if probe >= words {
                return None;
            }
            // The last block need not be whole.
            if self.different(probe) != 0 {
                known = probe;
                probe += STRIDE;
                continue;
            }
            let (before, low) = self.last_in(known, probe)?;
            let (after, _) = self.first_in(probe, words)?;
            if after - before > GAP_WORDS {
                return Some((before * P::PER_WORD + last::<P>(low) + 1, after));
            }
            known = after;
            probe = after;
        }
    }
}

/// See [`Difference::runs`].
pub struct Runs<'a, P> {
    difference: &'a Difference<'a, P>,
    /// The word to begin with.
    at: usize,
    /// One more than the last word that differs.
    words: usize,
    /// One more than the last pixel that differs.
    end: usize,
}

impl<P: Pixel> Iterator for Runs<'_, P> {
    type Item = Range<usize>;

    /// The pixels of a run, counted from the beginning of the line.
    fn next(&mut self) -> Option<Range<usize>> {
        if self.at >= self.words {
            return None;
        }
        if self.difference.words() <= SHORT_WORDS {
            self.at = self.words;
            return Some(0..self.end);
        }
        let (word, bits) = self.difference.first_in(self.at, self.words)?;
        let start = word * P::PER_WORD + first::<P>(bits);
        let (end, next) = self
            .difference
            .end_of_run(word, self.words)
            .unwrap_or((self.end, self.words));
        self.at = next;
        Some(start..end)
    }
}

/// The first pixel in which bits are set.
fn first<P: Pixel>(bits: u64) -> usize {
    bits.trailing_zeros() as usize / (8 * P::BYTES)
}

/// The last one.
fn last<P: Pixel>(bits: u64) -> usize {
    (63 - bits.leading_zeros() as usize) / (8 * P::BYTES)
}
