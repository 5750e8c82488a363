// SPDX-License-Identifier: GPL-2.0

//! What the panel is to show next, and what of it has to be sent for that.
//!
//! Commits convert pixels into one frame while another is on the wire. A line that is already what
//! the panel shows is not sent again; of one that has changed the part that has changed is.

use super::{
    difference,
    pixel::{self, Order},
    thrift::Thrift,
    windows::{self, Windows}, //
};
use crate::{
    drm::{
        damage::{Clip, Rect},
        kms::Mode,
        Format,
        Framebuffer,
        Scratch, //
    },
    spi::frames::{Back, Front, Side},
};
use core::{mem, ops::Range};
use kernel::prelude::*;

/// Of lines that have all changed one in so many is looked at closely.
const CLOSE_LOOK: i32 = 8;

/// A frame that is being made.
pub(super) struct Staging {
    back: Back,
    /// [`None`] where it is not known what the panel shows, or not of the whole line.
    lines: KVec<Option<Line>>,
    /// What waits to be sent. Its lines are all in `back`.
    windows: Windows,
    width: usize,
    order: Order,
    thrift: Thrift,
    /// What is staged next could have been sent as it is.
    is_choice: bool,
    /// Room for a line of a framebuffer, and for one of the wire.
    scratch: Scratch,
    converted: KVec<u8>,
}

/// What is known of a line.
#[derive(Clone)]
struct Line {
    /// Where its newest version is: what the panel shows, or will when all that was staged is sent.
    newest: Side,
    /// The pixels in which the frames may differ.
    differ: Range<usize>,
}

impl Staging {
    /// For a panel of which nothing is known yet. `back` has room for a frame of this `mode`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(back: Back, mode: &Mode, order: Order) -> Result<Self> {
        Ok(Self {
            back,
            lines: KVec::from_elem(None, mode.vdisplay.into(), GFP_KERNEL)?,
            windows: Windows::default(),
            width: mode.hdisplay.into(),
            order,
            thrift: Thrift::default(),
            is_choice: false,
            scratch: Scratch::new(mode.hdisplay.into())?,
            converted: KVec::from_elem(0, usize::from(mode.hdisplay) * pixel::BYTES, GFP_KERNEL)?,
        })
    }

    /// Takes over the pixels of `clip`.
    ///
    /// # Errors
    ///
    /// `EINVAL` for pixels that are not in the framebuffer, or not on the display.
    pub(super) fn stage(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        let mut is_busy = false;
        for (dst_y, src_y) in (clip.dst.y1..clip.dst.y2).zip(clip.src_y..) {
            is_busy =
                self.stage_line(fb, clip, dst_y, src_y, is_busy && dst_y % CLOSE_LOOK != 0)?;
        }
        if mem::take(&mut self.is_choice) {
            self.thrift.looked(self.cost(), windows::cost(&clip.dst));
        }
        Ok(())
    }

    /// Takes over a line of `clip`. Whether all of it has changed, as far as is known; `is_busy` is
    /// whether all of the one above has, and this one needs no close look.
    fn stage_line(
        &mut self,
        fb: &Framebuffer<'_>,
        clip: &Clip,
        dst_y: i32,
        src_y: u32,
        is_busy: bool,
    ) -> Result<bool> {
        let y = usize::try_from(dst_y)?;
        let clipped = usize::try_from(clip.dst.x1)?..usize::try_from(clip.dst.x2)?;
        let src = fb.line(clip.src_x, src_y, clip.dst.width(), &mut self.scratch)?;

        let side = self.back.side();
        let known = self.lines.get_mut(y).ok_or(EINVAL)?;
        let (front, back) = self.back.frames();
        let bytes = |pixels: Range<usize>| {
            let line = y * self.width;
            (line + pixels.start) * pixel::BYTES..(line + pixels.end) * pixel::BYTES
        };
        let new = bytes(clipped.clone());
        if clipped.end > self.width || new.end > back.len() {
            return Err(EINVAL);
        }
        let window = |x1, x2| Rect {
            x1,
            y1: dst_y,
            x2,
            y2: dst_y + 1,
        };

        let Some(line) = known else {
            pixel::convert(src, &mut back[new], self.order);
            self.windows.add(window(clip.dst.x1, clip.dst.x2));
            if clipped == (0..self.width) {
                *known = Some(Line {
                    newest: side,
                    differ: clipped,
                });
            }
            return Ok(true);
        };

        // The newest version is what there is to compare with. Where it is in this very frame, the
        // new one is made elsewhere.
        let in_back = line.newest == side;
        let converted = if in_back {
            self.converted.get_mut(..new.len()).ok_or(EINVAL)?
        } else {
            if !covers(&clipped, &line.differ) {
                let differ = bytes(line.differ.clone());
                back[differ.clone()].copy_from_slice(&front[differ]);
            }
            line.differ = 0..0;
            &mut back[new.clone()]
        };
        pixel::convert(src, converted, self.order);

        let (before, after) = if in_back {
            (&back[new.clone()], &self.converted[..new.len()])
        } else {
            (&front[new.clone()], &back[new.clone()])
        };
        let mut changed = 0..0;
        let mut is_whole = is_busy && difference::at_both_ends(before, after);
        if is_whole {
            self.windows.add(window(clip.dst.x1, clip.dst.x2));
            changed = clipped.clone();
        } else {
            for run in difference::runs(before, after) {
                let run = clipped.start + run.start..clipped.start + run.end;
                self.windows
                    .add(window(i32::try_from(run.start)?, i32::try_from(run.end)?));
                is_whole = run == clipped;
                changed = hull(&changed, &run);
            }
        }
        if !changed.is_empty() {
            if in_back {
                back[new.clone()].copy_from_slice(&self.converted[..new.len()]);
            }
            line.newest = side;
            line.differ = hull(&line.differ, &changed);
        }
        Ok(is_whole)
    }

    /// Whether `clip` could be sent as it is in `fb`, and nothing is lost if it is: all of the display,
    /// in the pixels of the wire, and little hope to find that some of it has not changed.
    pub(super) fn is_for_the_wire(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> bool {
        let frame = (self.width, self.lines.len());
        let as_it_is = (clip.dst.width() as usize, clip.dst.height() as usize) == frame
            && (fb.width(), clip.src_x) == (clip.dst.width(), 0)
            && fb.format() == Format::Rgb565
            && self.order == Order::Native;
        self.is_choice = as_it_is && self.thrift.look();
        as_it_is && !self.is_choice
    }

    /// Whether nothing waits to be sent.
    pub(super) fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// What waits to be sent, in bytes on the wire.
    pub(super) fn cost(&self) -> u64 {
        self.windows.cost()
    }

    /// Whether so much waits that to take over more would only be to do work twice.
    pub(super) fn is_full(&self) -> bool {
        self.cost() >= (self.lines.len() * self.width) as u64
    }

    /// Hands out what waits to be sent: these windows of the frame in `front`.
    pub(super) fn take(&mut self, front: &mut Front) -> Windows {
        self.windows.settle();
        self.back.swap(front);
        mem::take(&mut self.windows)
    }

    /// Nothing is to be sent, and what the panel shows is not known.
    pub(super) fn forget(&mut self) {
        self.windows.clear();
        self.lines.fill(None);
    }
}

/// Whether all of `inner` is in `outer`.
fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    inner.is_empty() || (outer.start <= inner.start && inner.end <= outer.end)
}

/// The smallest range that holds both.
fn hull(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}
