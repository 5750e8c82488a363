// SPDX-License-Identifier: GPL-2.0

//! The windows of an update: few enough, and no larger than they have to be.
//!
//! A window of its own costs commands, one that covers two changes costs the pixels between them.
//! Two are merged exactly when that is cheaper.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use super::pixel::Order;
use crate::drm::damage::Rect;

/// What a window costs before its first pixel, in bytes on the wire: `SET_COLUMN_ADDRESS` and
/// `SET_PAGE_ADDRESS` with four parameters each, `WRITE_MEMORY_START`, and the time between the six
/// messages that these and the pixels take, which is that of some bytes each.
pub const WINDOW_COST: u64 = 11 + 6 * MESSAGE_COST;

/// The same without a D/C line, in words on the wire: two blocks, in one message.
pub const THREE_WIRE_COST: u64 = 16 + MESSAGE_COST;

/// What a message costs beyond its bytes, in bytes: 2 us of a wire at 32 MHz. It is more with most
/// controllers; but time is not all, a bus is shared.
const MESSAGE_COST: u64 = 8;

/// So many windows at most.
const MAX: usize = 16;

/// Rectangles on the display that are to be sent.
#[derive(Clone, Debug)]
pub struct Windows {
    rects: [Rect; MAX],
    len: usize,
    order: Order,
    /// What a window costs before its first column, in columns.
    own_cost: u64,
}

fn cost(rect: &Rect, own_cost: u64) -> u64 {
    own_cost + u64::from(rect.width()) * u64::from(rect.height())
}

impl Windows {
    /// None yet, of columns of this `order`: what of a line has an address, most often a pixel. Each
    /// costs so many bytes by itself.
    pub fn new(order: Order, own_bytes: u64) -> Self {
        Self {
            rects: [Rect::default(); MAX],
            len: 0,
            order,
            own_cost: own_bytes.div_ceil(order.bytes() as u64),
        }
    }

    /// What it costs to send `rect`, in columns.
    pub fn cost_of(&self, rect: &Rect) -> u64 {
        cost(rect, self.own_cost)
    }

    /// The windows.
    pub fn iter(&self) -> impl Iterator<Item = &Rect> {
        self.rects[..self.len].iter()
    }

    /// One of them, counted from 0 on.
    pub fn get(&self, index: usize) -> Option<Rect> {
        self.rects[..self.len].get(index).copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What it costs to send them all, in columns.
    pub fn cost(&self) -> u64 {
        self.iter().map(|rect| self.cost_of(rect)).sum()
    }

    /// Whether they cost half as much as a frame of so many pixels each way, or more.
    pub fn is_half(&self, width: usize, height: usize) -> bool {
        2 * self.cost() >= (self.order.columns(width) * height) as u64
    }

    /// Takes over all of `other`, which is left with none.
    pub fn take(&mut self, other: &mut Windows) {
        self.rects[..other.len].copy_from_slice(&other.rects[..other.len]);
        self.len = other.len;
        other.clear();
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Covers `rect`, which is not empty, too.
    pub fn add(&mut self, rect: Rect) {
        // Most often it is the next line of what was covered last.
        if let Some(last) = self.rects[..self.len].last_mut() {
            if (last.x1, last.x2, last.y2) == (rect.x1, rect.x2, rect.y1) {
                last.y2 = rect.y2;
                return;
            }
        }
        let own_cost = self.own_cost;
        let cost = |rect: &Rect| cost(rect, own_cost);
        // The one that grows least by it.
        let growth = |old: &Rect| cost(&old.union(&rect)) - cost(old);
        let best = self.rects[..self.len]
            .iter_mut()
            .map(|old| (growth(old), old))
            .min_by_key(|(growth, _)| *growth);
        match best {
            Some((growth, old)) if growth <= cost(&rect) => *old = old.union(&rect),
            _ if self.len < MAX => {
                self.rects[self.len] = rect;
                self.len += 1;
            }
            Some((_, old)) => *old = old.union(&rect),
            None => (),
        }
    }

    /// Merges what has grown so that one window is now cheaper than two.
    pub fn settle(&mut self) {
        while let Some((i, j)) = self.worst_pair() {
            self.rects[i] = self.rects[i].union(&self.rects[j]);
            self.len -= 1;
            self.rects[j] = self.rects[self.len];
        }
        // Pairs can each be dearer together while all of them are cheaper.
        if let Some(all) = self.iter().copied().reduce(|a, b| a.union(&b)) {
            if self.cost_of(&all) <= self.cost() {
                self.rects[0] = all;
                self.len = 1;
            }
        }
    }

    /// The two whose merger saves most.
    fn worst_pair(&self) -> Option<(usize, usize)> {
        let mut best = None;
        for j in 1..self.len {
            for i in 0..j {
                let (a, b) = (&self.rects[i], &self.rects[j]);
                let apart = self.cost_of(a) + self.cost_of(b);
                let together = self.cost_of(&a.union(b));
                if together <= apart && best.is_none_or(|(saved, _)| apart - together > saved) {
                    best = Some((apart - together, (i, j)));
                }
            }
        }
        best.map(|(_, pair)| pair)
    }
}
