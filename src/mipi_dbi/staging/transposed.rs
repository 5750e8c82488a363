// SPDX-License-Identifier: GPL-2.0

//! Taking over a framebuffer whose lines are columns of the controller's.

use super::{hull, window, Staging};
use crate::{
    drm::{
        damage::Clip,
        line::{self, Pixel, Xrgb8888},
        Framebuffer, //
    },
    mipi_dbi::{
        difference::Difference,
        pixel::{self, Order, Source},
        transpose::Picture, //
    },
};
use core::{ops::Range, sync::atomic::AtomicU64};
use kernel::prelude::*;

/// Room for a line of the controller's, where that is a column of the framebuffer.
pub(super) struct Transposed {
    line: KVec<AtomicU64>,
    /// What conversion keeps of it, and nobody needs.
    seen: KVec<u64>,
}

impl Transposed {
    /// For lines of `width` pixels of the controller's.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(width: usize) -> Result<Self> {
        let words = width.div_ceil(Xrgb8888::PER_WORD);
        let mut line = KVec::with_capacity(words, GFP_KERNEL)?;
        for _ in 0..words {
            line.push(AtomicU64::new(0), GFP_KERNEL)?;
        }
        let seen = KVec::from_elem(0, words, GFP_KERNEL)?;
        Ok(Self { line, seen })
    }

    /// Converts the `pixels` of the column `x` of a picture.
    fn convert<P: Source>(
        &mut self,
        picture: &Picture<'_>,
        x: usize,
        pixels: &Range<usize>,
        dst: &mut [u8],
        order: Order,
    ) {
        picture.column::<P>(x, pixels.clone(), &mut self.line);
        let line = line::Line::<P>::new(&self.line, pixels.len());
        let words = line.words().len();
        pixel::convert(&line, &mut self.seen[..words], dst, order);
    }
}

impl Staging {
    /// Takes over the lines of `clip`: those that have changed, and what is between them, whole.
    ///
    /// # Errors
    ///
    /// `EINVAL` for pixels that are not in the framebuffer, or not on the display.
    pub(super) fn stage_transposed<P: Source>(
        &mut self,
        fb: &Framebuffer<'_>,
        clip: &Clip,
    ) -> Result {
        let src = self.whole(clip).ok_or(EINVAL)?;
        let rows = usize::try_from(clip.dst.y1)?..usize::try_from(clip.dst.y2)?;
        let width = self.width.try_into()?;
        let block = fb.block::<P>(src.src_x, clip.src_y, width, clip.dst.height())?;
        let words = self.width.div_ceil(P::PER_WORD);
        let mut changed = 0..0;
        for (i, y) in rows.enumerate() {
            let line = block.lines(i..i + 1, &mut self.scratch)?;
            let seen = self.seen.get_mut(y * words..(y + 1) * words);
            let seen = seen.ok_or(EINVAL)?;
            if self.is_known && Difference::new(&line, seen).is_empty() {
                continue;
            }
            for (seen, word) in seen.iter_mut().zip(line.words()) {
                *seen = line::load(word);
            }
            changed = hull(&changed, &(y..y + 1));
        }
        let Some(transposed) = self.transposed.as_mut().filter(|_| !changed.is_empty()) else {
            return Ok(());
        };

        let (order, side) = (self.order, self.back.side());
        let columns = changed.start / order.pixels()..order.columns(changed.end);
        let pixels =
            columns.start * order.pixels()..self.glass_width.min(columns.end * order.pixels());
        let picture = Picture {
            pixels: &self.seen,
            words,
        };
        let wire = order.columns(self.glass_width) * order.bytes();
        let (front, back) = self.back.frames();
        for (x, line) in self.lines.iter_mut().enumerate() {
            let bytes = x * wire..(x + 1) * wire;
            let (front, back) = (&front[bytes.clone()], &mut back[bytes]);
            line.move_to(side, &columns, front, back, order);
            let back = &mut back[columns.start * order.bytes()..columns.end * order.bytes()];
            transposed.convert::<P>(&picture, x, &pixels, back, order);
        }
        self.windows.add(window(0..self.lines.len(), &columns));
        Ok(())
    }
}
