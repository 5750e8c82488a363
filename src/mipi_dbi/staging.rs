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
use core::mem;
use kernel::prelude::*;

/// A frame that is being made.
pub(super) struct Staging {
    back: Back,
    /// Where the newest version of each line is: what the panel shows, or will when all that was
    /// staged is sent. [`None`] where that is not known, or not of the whole line.
    lines: KVec<Option<Side>>,
    /// What waits to be sent. Its lines are all in `back`.
    windows: Windows,
    width: usize,
    order: Order,
    thrift: Thrift,
    scratch: Scratch,
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
            scratch: Scratch::new(mode.hdisplay.into())?,
        })
    }

    /// Takes over the pixels of `clip`.
    ///
    /// # Errors
    ///
    /// `EINVAL` for pixels that are not in the framebuffer, or not on the display.
    pub(super) fn stage(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        for (dst_y, src_y) in (clip.dst.y1..clip.dst.y2).zip(clip.src_y..) {
            self.stage_line(fb, clip, dst_y, src_y)?;
        }
        if clip.dst.height() as usize == self.lines.len() {
            self.thrift.looked(self.cost(), windows::cost(&clip.dst));
        }
        Ok(())
    }

    fn stage_line(&mut self, fb: &Framebuffer<'_>, clip: &Clip, dst_y: i32, src_y: u32) -> Result {
        let y = usize::try_from(dst_y)?;
        let (x1, x2) = (usize::try_from(clip.dst.x1)?, usize::try_from(clip.dst.x2)?);
        let src = fb.line(clip.src_x, src_y, clip.dst.width(), &mut self.scratch)?;

        let side = self.back.side();
        let newest = self.lines.get_mut(y).ok_or(EINVAL)?;
        let (front, back) = self.back.frames();
        let line = y * self.width * pixel::BYTES..(y + 1) * self.width * pixel::BYTES;
        let front = front.get(line.clone()).ok_or(EINVAL)?;
        let back = back.get_mut(line).ok_or(EINVAL)?;
        let part = x1 * pixel::BYTES..x2 * pixel::BYTES;
        let is_whole = part == (0..back.len());
        let window = |x1, x2| Rect {
            x1,
            y1: dst_y,
            x2,
            y2: dst_y + 1,
        };

        match *newest {
            Some(at) if at != side => {
                if !is_whole {
                    back.copy_from_slice(front);
                }
                let (old, new) = (
                    front.get(part.clone()).ok_or(EINVAL)?,
                    back.get_mut(part).ok_or(EINVAL)?,
                );
                pixel::convert(src, new, self.order);
                for run in difference::runs(old, new) {
                    let x = |pixel| i32::try_from(x1 + pixel);
                    self.windows.add(window(x(run.start)?, x(run.end)?));
                    *newest = Some(side);
                }
            }
            _ => {
                pixel::convert(src, back.get_mut(part).ok_or(EINVAL)?, self.order);
                self.windows.add(window(clip.dst.x1, clip.dst.x2));
                if is_whole {
                    *newest = Some(side);
                }
            }
        }
        Ok(())
    }

    /// Whether `clip` could be sent as it is in `fb`, and nothing is lost if it is: all of the display,
    /// in the pixels of the wire, and little hope to find that some of it has not changed.
    pub(super) fn is_for_the_wire(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> bool {
        let frame = (self.width, self.lines.len());
        (clip.dst.width() as usize, clip.dst.height() as usize) == frame
            && (fb.width(), clip.src_x) == (clip.dst.width(), 0)
            && fb.format() == Format::Rgb565
            && self.order == Order::Native
            && !self.thrift.look()
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
