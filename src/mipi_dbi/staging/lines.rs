// SPDX-License-Identifier: GPL-2.0

//! Taking over a framebuffer whose lines are the controller's.

use super::{hull, window, Line, Staging};
use crate::{
    drm::{
        damage::Clip,
        line,
        Framebuffer, //
    },
    mipi_dbi::{
        difference::Difference,
        pixel::{self, Order, Source},
        windows::Windows, //
    },
    spi::frames::Side,
};
use core::ops::Range;
use kernel::prelude::*;

/// So many lines are taken over at once, where that can be done.
const BAND: usize = 16;

impl Staging {
    /// Takes over `clip`.
    ///
    /// # Errors
    ///
    /// `EINVAL` for pixels that are not in the framebuffer, or not on the display.
    pub(super) fn stage_lines<P: Source>(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        let rows = usize::try_from(clip.dst.y1)?..usize::try_from(clip.dst.y2)?;
        let lines = self.lines.get_mut(rows.clone()).ok_or(EINVAL)?;
        let clipped = usize::try_from(clip.dst.x1)?..usize::try_from(clip.dst.x2)?;
        // Where a column is several pixels, lines are taken over whole.
        let is_packed = self.order.pixels() != 1;
        let columns = if is_packed {
            0..self.width
        } else {
            clipped.start / P::PER_WORD * P::PER_WORD
                ..clipped.end.next_multiple_of(P::PER_WORD).min(self.width)
        };
        if clipped.end > self.width {
            return Err(EINVAL);
        }
        let block = fb.block::<P>(
            (clip.src_x as usize + columns.start)
                .checked_sub(clipped.start)
                .ok_or(EINVAL)?
                .try_into()?,
            clip.src_y,
            columns.len().try_into()?,
            clip.dst.height(),
        )?;

        let words = self.width.div_ceil(P::PER_WORD);
        let wire = self.order.columns(self.width) * self.order.bytes();
        let side = self.back.side();
        let (front, back) = self.back.frames();
        let mut update = Update {
            lines,
            seen: self
                .seen
                .get_mut(rows.start * words..rows.end * words)
                .ok_or(EINVAL)?,
            front: front
                .get(rows.start * wire..rows.end * wire)
                .ok_or(EINVAL)?,
            back: back
                .get_mut(rows.start * wire..rows.end * wire)
                .ok_or(EINVAL)?,
            side,
            y: rows.start,
            width: self.width,
            columns,
            order: self.order,
            is_known: self.is_known,
            windows: &mut self.windows,
        };
        let bands = !is_packed && block.is_contiguous() && update.columns == (0..self.width);
        let height = if bands { BAND } else { 1 };
        let mut is_busy = false;
        for start in (0..rows.len()).step_by(height) {
            let band = start..(start + height).min(rows.len());
            if bands {
                let src = block.lines(band.clone(), &mut self.scratch)?;
                if let Some(busy) = update.take_band::<P>(band.clone(), &src, is_busy) {
                    is_busy = busy;
                    continue;
                }
            }
            for i in band {
                let src = block.lines(i..i + 1, &mut self.scratch)?;
                is_busy = update.take_line::<P>(i, &src);
            }
        }
        Ok(())
    }
}

/// An update of some lines: these lines, and `columns` of them, of all that [`Staging`] has.
struct Update<'a> {
    lines: &'a mut [Line],
    is_known: bool,
    seen: &'a mut [u64],
    front: &'a [u8],
    back: &'a mut [u8],
    /// That of `back`.
    side: Side,
    /// The first of the lines.
    y: usize,
    width: usize,
    columns: Range<usize>,
    order: Order,
    windows: &'a mut Windows,
}

impl Update<'_> {
    /// Takes over a line, `i` counted from the first one. Whether all of it has changed, as far as is
    /// known. Where a column is several pixels it is all of the line, if any of it has changed.
    fn take_line<P: Source>(&mut self, i: usize, src: &line::Line<'_, P>) -> bool {
        if !self.is_known {
            self.take_all(i..i + 1, src);
            return true;
        }
        let columns = self.columns.clone();
        let first = i * self.width.div_ceil(P::PER_WORD) + columns.start / P::PER_WORD;
        let seen = &mut self.seen[first..][..src.words().len()];
        let difference = Difference::new(src, seen);
        if self.order.pixels() != 1 {
            let has_changed = !difference.is_empty();
            if has_changed {
                self.take_all(i..i + 1, src);
            }
            return has_changed;
        }
        let mut changed = 0..0;
        for run in difference.runs() {
            let run = columns.start + run.start..columns.start + run.end;
            self.windows.add(window(self.y + i..self.y + i + 1, &run));
            changed = hull(&changed, &run);
        }
        if changed.is_empty() {
            return false;
        }

        let wire = self.width * self.order.bytes();
        let bytes = i * wire..(i + 1) * wire;
        let back = &mut self.back[bytes.clone()];
        self.lines[i].move_to(self.side, &changed, &self.front[bytes], back, self.order);
        let part = changed.start - columns.start..changed.end - columns.start;
        let word = part.start / P::PER_WORD;
        let start = columns.start + word * P::PER_WORD;
        pixel::convert(
            &src.part(&part),
            &mut seen[word..],
            &mut back[start * self.order.bytes()..],
            self.order,
        );
        changed == columns
    }

    /// Takes over all of these lines, whatever was in them.
    fn take_all<P: Source>(&mut self, lines: Range<usize>, src: &line::Line<'_, P>) {
        let words = self.width.div_ceil(P::PER_WORD);
        let columns = 0..self.order.columns(self.width);
        let wire = columns.len() * self.order.bytes();
        pixel::convert(
            src,
            &mut self.seen[lines.start * words..lines.end * words],
            &mut self.back[lines.start * wire..lines.end * wire],
            self.order,
        );
        self.windows
            .add(window(self.y + lines.start..self.y + lines.end, &columns));
        self.lines[lines].fill(Line {
            newest: self.side,
            differ: columns,
        });
    }

    /// Takes over whole lines, if they can be at once: nothing of them has changed, or all, as far as
    /// can be seen, like that of the line above, which `is_busy`. If so, whether they are busy.
    fn take_band<P: Source>(
        &mut self,
        band: Range<usize>,
        src: &line::Line<'_, P>,
        is_busy: bool,
    ) -> Option<bool> {
        if !self.is_known {
            return None;
        }
        let words = self.width / P::PER_WORD;
        let seen = &self.seen[band.start * words..band.end * words];
        let difference = Difference::new(src, seen);
        if !is_busy {
            return difference.is_empty().then_some(false);
        }
        // One line is looked at closely, the others at their ends.
        let first = src.part(&(0..self.width));
        if Difference::new(&first, seen).runs().next() != Some(0..self.width)
            || !difference.is_at_both_ends(self.width)
        {
            return None;
        }
        self.take_all(band, src);
        Some(true)
    }
}
