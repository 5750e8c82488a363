// SPDX-License-Identifier: GPL-2.0

//! The cheapest way to send what has changed.
//!
//! A panel is sent pixels a window at a time, and a window is not for nothing. Which windows
//! are the cheapest is looked for exactly: among all that the edges of the rectangles allow,
//! overlapping or not, larger than the change or not. So a driver, which has no time for
//! this, can be held against it.

use itertools::Itertools as _;

use crate::{Rect, Trace};

/// The clock of pixels, in kHz.
const PIXEL_KHZ: u64 = 32_000;
/// The clock of commands: no controller promises more.
const COMMAND_KHZ: u64 = 10_000;
/// What an SPI message costs besides its bits: about 4,500 instructions of a processor that
/// does one in a nanosecond.
const MESSAGE_NS: u64 = 4_500;

/// `SET_COLUMN_ADDRESS` and `SET_PAGE_ADDRESS` with four parameters each, `WRITE_MEMORY_START`.
const COMMAND_BYTES: u64 = 5 + 5 + 1;
/// The D/C line changes between commands, parameters and pixels.
const MESSAGES: u64 = 6;

/// What a window costs besides its pixels, counted in bytes of pixels that could be sent instead.
pub const WINDOW: u64 =
    COMMAND_BYTES * PIXEL_KHZ / COMMAND_KHZ + MESSAGES * MESSAGE_NS * PIXEL_KHZ / 8_000_000;

/// What it costs to send a window.
pub fn cost(window: Rect) -> u64 {
    WINDOW + 2 * window.area()
}

/// The windows that send all of `damage` and cost least.
pub fn windows(damage: &[Rect]) -> Vec<Rect> {
    let mut search = Search::new(damage);
    let mut left = search.needed.clone();
    search.go(&mut left, &mut Vec::new(), 0);
    search.best
}

/// The bytes that a trace needs at least: those of the cheapest windows, in the best order, to a
/// panel that remembers its columns and pages.
pub fn bytes(trace: &Trace) -> u64 {
    let mut panel = Panel::default();
    trace
        .0
        .iter()
        .map(|step| panel.send_in_best_order(&windows(step)))
        .sum()
}

/// The addresses that a panel was given last.
#[derive(Clone, Copy, Default)]
struct Panel {
    columns: Option<(u16, u16)>,
    pages: Option<(u16, u16)>,
}

impl Panel {
    fn send(&mut self, window: Rect) -> u64 {
        let mut bytes = 1 + 2 * window.area();
        let (columns, pages) = ((window.x1, window.x2), (window.y1, window.y2));
        if self.columns.replace(columns) != Some(columns) {
            bytes += 5;
        }
        if self.pages.replace(pages) != Some(pages) {
            bytes += 5;
        }
        bytes
    }

    fn send_in_best_order(&mut self, windows: &[Rect]) -> u64 {
        let sent = |order: Vec<&Rect>| {
            let mut panel = *self;
            let bytes: u64 = order.into_iter().map(|&window| panel.send(window)).sum();
            (bytes, panel)
        };
        let best = windows.iter().permutations(windows.len()).map(sent);
        let (bytes, panel) = best.min_by_key(|(bytes, _)| *bytes).unwrap_or((0, *self));
        *self = panel;
        bytes
    }
}

/// The places between the edges of the rectangles, row by row.
type Cells = Vec<bool>;

/// A search among all windows that start and end at an edge.
struct Search {
    xs: Vec<u16>,
    ys: Vec<u16>,
    /// What has to be sent.
    needed: Cells,
    best: Vec<Rect>,
    best_cost: u64,
}

impl Search {
    fn new(damage: &[Rect]) -> Self {
        let edges = |of: fn(&Rect) -> [u16; 2]| -> Vec<u16> {
            damage.iter().flat_map(of).sorted().dedup().collect()
        };
        let (xs, ys) = (edges(|r| [r.x1, r.x2]), edges(|r| [r.y1, r.y2]));
        let at = |x: u16, y: u16| {
            let (x, y) = (x.into(), y.into());
            damage.iter().any(|rect| rect.contains(x, y))
        };
        let rows = ys.split_last().map_or(&[][..], |(_, rows)| rows);
        let columns = xs.split_last().map_or(&[][..], |(_, columns)| columns);
        let needed = rows
            .iter()
            .cartesian_product(columns)
            .map(|(&y, &x)| at(x, y))
            .collect();
        Self {
            xs,
            ys,
            needed,
            best: Vec::new(),
            best_cost: u64::MAX,
        }
    }

    fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    fn rect(&self, columns: (usize, usize), rows: (usize, usize)) -> Rect {
        Rect::new(
            self.xs[columns.0],
            self.ys[rows.0],
            self.xs[columns.1],
            self.ys[rows.1],
        )
    }

    fn area(&self, cells: &Cells) -> u64 {
        let area = |(at, _): (usize, &bool)| {
            let (column, row) = (at % self.columns(), at / self.columns());
            self.rect((column, column + 1), (row, row + 1)).area()
        };
        cells
            .iter()
            .enumerate()
            .filter(|(_, left)| **left)
            .map(area)
            .sum()
    }

    /// Sends the first place that is left, in every window that begins with its row: what is
    /// above it has been sent.
    fn go(&mut self, left: &mut Cells, chosen: &mut Vec<Rect>, so_far: u64) {
        let Some(first) = left.iter().position(|&left| left) else {
            if so_far < self.best_cost {
                self.best_cost = so_far;
                self.best = chosen.clone();
            }
            return;
        };
        // What is left takes a window at least.
        if so_far + WINDOW + 2 * self.area(left) >= self.best_cost {
            return;
        }
        let (column, row) = (first % self.columns(), first / self.columns());
        // Large ones first: a good answer early makes for a short search.
        for y2 in (row + 1..=self.rows()).rev() {
            for x2 in (column + 1..=self.columns()).rev() {
                for x1 in 0..=column {
                    let window = self.rect((x1, x2), (row, y2));
                    let mut after = left.clone();
                    for line in row..y2 {
                        after[line * self.columns()..][x1..x2].fill(false);
                    }
                    chosen.push(window);
                    self.go(&mut after, chosen, so_far + cost(window));
                    chosen.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{SIZE, TRACES};

    fn total(windows: &[Rect]) -> u64 {
        windows.iter().copied().map(cost).sum()
    }

    fn bounding(damage: &[Rect]) -> Rect {
        Rect::new(
            damage.iter().map(|r| r.x1).min().unwrap(),
            damage.iter().map(|r| r.y1).min().unwrap(),
            damage.iter().map(|r| r.x2).max().unwrap(),
            damage.iter().map(|r| r.y2).max().unwrap(),
        )
    }

    #[test]
    fn far_squares_are_sent_apart_and_near_ones_together() {
        let far = [Rect::sized(0, 0, 8, 8), Rect::sized(232, 312, 8, 8)];
        assert_eq!(windows(&far), far);
        assert_eq!(bytes(&Trace(vec![far.to_vec()])), 2 * (11 + 128));
        let near = [Rect::sized(0, 0, 8, 8), Rect::sized(10, 0, 8, 8)];
        assert_eq!(windows(&near), [Rect::new(0, 0, 18, 8)]);
    }

    #[test]
    fn neither_the_rectangles_nor_their_hull_but_better() {
        // A cross: its arms apart cost less than its hull, and its middle need not go twice.
        let cross = [Rect::new(100, 0, 140, 320), Rect::new(0, 140, 240, 180)];
        let found = windows(&cross);
        assert_eq!(found.len(), 3);
        assert!(total(&found) < total(&cross));
        assert!(total(&found) < cost(bounding(&cross)));
    }

    #[test]
    fn a_panel_remembers_its_columns_and_pages() {
        let cell = Rect::sized(8, 16, 8, 16);
        let step = vec![cell];
        let below = vec![Rect::sized(8, 100, 8, 16)];
        let trace = Trace(vec![step.clone(), step, below]);
        assert_eq!(bytes(&trace), 3 * (1 + 256) + 10 + 5);
        assert_eq!(bytes(&Trace(vec![Vec::new()])), 0);
    }

    #[test]
    fn a_trace_is_searched_in_no_time() {
        for (name, text) in TRACES {
            let trace: Trace = text.parse().unwrap();
            let pixels: u64 = trace.0.iter().flatten().map(|rect| rect.area()).sum();
            let bytes = bytes(&trace);
            assert!(bytes > 0 && bytes < 3 * pixels, "{name}: {bytes}");
        }
    }

    fn rect() -> impl Strategy<Value = Rect> {
        (0..SIZE.0 - 1, 0..SIZE.1 - 1).prop_flat_map(|(x, y)| {
            (1..=SIZE.0 - x, 1..=SIZE.1 - y)
                .prop_map(move |(width, height)| Rect::sized(x, y, width, height))
        })
    }

    proptest! {
        #[test]
        fn all_damage_is_sent_and_at_no_higher_price(
            damage in proptest::collection::vec(rect(), 1..4)
        ) {
            let found = windows(&damage);
            let sent = |x, y| found.iter().any(|window| window.contains(x, y));
            for rect in &damage {
                for (x, y) in (rect.x1..rect.x2).cartesian_product(rect.y1..rect.y2) {
                    prop_assert!(sent(x.into(), y.into()), "{x},{y} of {damage:?}: {found:?}");
                }
            }
            prop_assert!(total(&found) <= cost(bounding(&damage)));
            prop_assert!(total(&found) <= total(&damage));
        }
    }
}
