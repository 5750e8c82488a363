// SPDX-License-Identifier: GPL-2.0

//! What the panel is to show next, and what of it has to be sent for that.
//!
//! Commits convert pixels into one frame while another is on the wire. What was taken over last is
//! kept as it was in the framebuffer, and compared with: a line that is already what the panel shows
//! is not sent again; of one that has changed the part that has changed is.

use super::{
    difference::Difference,
    mounted::Mounted,
    pixel::{self, Order, Source},
    thrift::Thrift,
    transpose::Picture,
    windows::Windows, //
};
use crate::{
    drm::{
        damage::{Clip, Rect},
        line::{self, Pixel, Rgb565, Xrgb8888},
        Format,
        Framebuffer,
        Scratch, //
    },
    spi::frames::{Back, Front, Side},
};
use core::{mem, ops::Range, sync::atomic::AtomicU64};
use kernel::prelude::*;

/// So many lines are taken over at once, where that can be done.
const BAND: usize = 16;

/// A frame that is being made.
pub(super) struct Staging {
    back: Back,
    /// The pixels of a framebuffer of this format that were taken over last, in whole words a line.
    /// There is room for those of any format.
    seen: VVec<u64>,
    seen_format: Option<Format>,
    lines: KVec<Line>,
    /// What the panel shows is what the lines say.
    is_known: bool,
    /// What waits to be sent. Its lines are all in `back`.
    windows: Windows,
    /// Of the display, in pixels.
    width: usize,
    height: usize,
    /// The pixels of a line of the controller's.
    glass_width: usize,
    order: Order,
    transposed: Option<Transposed>,
    thrift: Thrift,
    /// What is staged next could have been sent as it is.
    is_choice: bool,
    /// Room for a line of a framebuffer.
    scratch: Scratch,
}

/// What is known of a line.
#[derive(Clone)]
struct Line {
    /// Where its newest version is: what the panel shows, or will when all that was staged is sent.
    newest: Side,
    /// The pixels in which the two frames may differ.
    differ: Range<usize>,
}

impl Line {
    /// The newest version will be in `back`, which is of this `side`, when the `changed` pixels are.
    fn move_to(
        &mut self,
        side: Side,
        changed: &Range<usize>,
        front: &[u8],
        back: &mut [u8],
        order: Order,
    ) {
        if self.newest != side {
            // What it has is older in these.
            if !covers(changed, &self.differ) {
                let older = self.differ.start * order.bytes()..self.differ.end * order.bytes();
                back[older.clone()].copy_from_slice(&front[older]);
            }
            self.newest = side;
            self.differ = 0..0;
        }
        self.differ = hull(&self.differ, changed);
    }
}

impl Staging {
    /// For a panel of which nothing is known yet. `back` has room for a frame of it in this `order`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(back: Back, panel: &Mounted, order: Order) -> Result<Self> {
        let (mode, glass) = (&panel.mode, panel.glass());
        let words = usize::from(mode.hdisplay).div_ceil(Xrgb8888::PER_WORD);
        Ok(Self {
            seen: VVec::from_elem(0, words * usize::from(mode.vdisplay), GFP_KERNEL)?,
            seen_format: None,
            lines: KVec::from_elem(
                Line {
                    newest: back.side(),
                    differ: 0..0,
                },
                glass.vdisplay.into(),
                GFP_KERNEL,
            )?,
            is_known: false,
            back,
            windows: Windows::new(order, panel.interface.window_cost()),
            width: mode.hdisplay.into(),
            height: mode.vdisplay.into(),
            glass_width: glass.hdisplay.into(),
            order,
            transposed: if panel.is_transposed {
                Some(Transposed::new(glass.hdisplay.into())?)
            } else {
                None
            },
            thrift: Thrift::default(),
            is_choice: false,
            scratch: Scratch::new(mode.hdisplay.into())?,
        })
    }

    /// Takes over the pixels of `clip`, of a plane that covers the display.
    ///
    /// # Errors
    ///
    /// `EINVAL` for pixels that are not in the framebuffer, or not on the display.
    pub(super) fn stage(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        match fb.format() {
            Format::Xrgb8888 | Format::Rgb888 => self.stage_as::<Xrgb8888>(fb, clip),
            Format::Rgb565 => self.stage_as::<Rgb565>(fb, clip),
        }?;
        if mem::take(&mut self.is_choice) {
            self.thrift
                .looked(self.cost(), self.windows.cost_of(&clip.dst));
        }
        Ok(())
    }

    fn stage_as<P: Source>(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
        // What was seen of another format is no help.
        if self.seen_format != Some(fb.format()) {
            self.is_known = false;
            self.seen_format = Some(fb.format());
        }
        // Where nothing is known of what is beside the clip, all has to be taken over: a window may hold
        // some of it.
        let clip = if self.is_known {
            *clip
        } else {
            self.whole(clip).ok_or(EINVAL)?
        };
        if self.transposed.is_some() {
            return self.stage_transposed::<P>(fb, &clip);
        }
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
        self.is_known = true;
        Ok(())
    }

    /// The same where the lines of the framebuffer are columns of the controller's: those that have
    /// changed, and what is between them, are taken over whole.
    fn stage_transposed<P: Source>(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
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
        self.is_known = true;
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
        let frames = front.chunks_exact(wire).zip(back.chunks_exact_mut(wire));
        for (x, (line, (front, back))) in self.lines.iter_mut().zip(frames).enumerate() {
            line.move_to(side, &columns, front, back, order);
            let back = &mut back[columns.start * order.bytes()..columns.end * order.bytes()];
            transposed.convert::<P>(&picture, x, &pixels, back, order);
        }
        self.windows.add(window(0..self.lines.len(), &columns));
        Ok(())
    }

    /// All of the display that `clip` is a part of.
    fn whole(&self, clip: &Clip) -> Option<Clip> {
        Some(Clip {
            src_x: clip.src_x.checked_sub(clip.dst.x1.try_into().ok()?)?,
            src_y: clip.src_y.checked_sub(clip.dst.y1.try_into().ok()?)?,
            dst: Rect {
                x1: 0,
                y1: 0,
                x2: self.width.try_into().ok()?,
                y2: self.height.try_into().ok()?,
            },
        })
    }

    /// Whether `clip` could be sent as it is in `fb`, and nothing is lost if it is: all of the display,
    /// in the pixels of the wire, and little hope to find that some of it has not changed.
    pub(super) fn is_for_the_wire(&mut self, fb: &Framebuffer<'_>, clip: &Clip) -> bool {
        let frame = (self.width, self.height);
        let as_it_is = (clip.dst.width() as usize, clip.dst.height() as usize) == frame
            && (fb.width(), clip.src_x) == (clip.dst.width(), 0)
            && self.transposed.is_none()
            && matches!(
                (fb.format(), self.order),
                (Format::Rgb565, Order::Native) | (Format::Rgb888, Order::Bgr666)
            );
        self.is_choice = as_it_is && self.thrift.look();
        as_it_is && !self.is_choice
    }

    /// Whether nothing waits to be sent.
    pub(super) fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// What it costs to send what waits to be sent, in columns.
    pub(super) fn cost(&self) -> u64 {
        self.windows.cost()
    }

    /// Whether so much waits that to take over more would only be to do work twice.
    pub(super) fn is_full(&self) -> bool {
        self.windows.is_half(self.glass_width, self.lines.len())
    }

    /// Hands out what waits to be sent: `windows` of the frame in `front`.
    pub(super) fn take(&mut self, front: &mut Front, windows: &mut Windows) {
        self.windows.settle();
        self.fill_windows();
        self.back.swap(front);
        windows.take(&mut self.windows);
    }

    /// Brings what is in the windows and has not changed to this frame, too: what is between two
    /// changes is sent with them.
    fn fill_windows(&mut self) {
        let (side, order) = (self.back.side(), self.order);
        let wire = order.columns(self.glass_width) * order.bytes();
        let (front, back) = self.back.frames();
        for window in self.windows.iter() {
            // CAST: As in `window`.
            for i in window.y1 as usize..window.y2 as usize {
                let Some(line) = self.lines.get_mut(i) else {
                    continue;
                };
                if line.newest != side {
                    let bytes = i * wire..(i + 1) * wire;
                    let (front, back) = (&front[bytes.clone()], &mut back[bytes]);
                    line.move_to(side, &(0..0), front, back, order);
                }
            }
        }
    }

    /// Nothing is to be sent, and what the panel shows is not known.
    pub(super) fn forget(&mut self) {
        self.windows.clear();
        self.is_known = false;
    }
}

/// Room for a line of the controller's, where that is a column of the framebuffer.
struct Transposed {
    line: KVec<AtomicU64>,
    /// What conversion keeps of it, and nobody needs.
    seen: KVec<u64>,
}

impl Transposed {
    fn new(width: usize) -> Result<Self> {
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

/// The window of these columns of these lines.
fn window(lines: Range<usize>, columns: &Range<usize>) -> Rect {
    // CAST: They are on the display, the size of which is 16 bits.
    Rect {
        x1: columns.start as i32,
        y1: lines.start as i32,
        x2: columns.end as i32,
        y2: lines.end as i32,
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
