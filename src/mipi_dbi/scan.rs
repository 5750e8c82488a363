// SPDX-License-Identifier: GPL-2.0

//! When to begin to write, so that no scan of the panel shows a part of what is written.
//!
//! A panel shows its memory line by line from the first to the last, and then, after some lines of
//! blanking, again. Pixels are written in the same order. So nothing is torn
//!
//! - when writing begins with the blanking and stays *ahead* of the scan: the first scan shows all of
//!   it;
//! - when it begins behind the first line of a scan and stays *behind*: that one shows nothing of it;
//!   and is over before the next scan, which is faster, comes up with it: that one shows all. A frame
//!   has nearly two scans' time for that.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use core::ops::Range;

/// Lines of blanking: no fewer are usual.
const BLANK: u64 = 4;

/// How late the first pixel may come after an edge, in ns. Who stays ahead has the blanking for it, who
/// stays behind may be as slow as a busy machine is.
const LATE_AHEAD: u64 = 50_000;
const LATE_BEHIND: u64 = 500_000;

/// What takes less than a scan divided by this is not waited with. The scan meets with it rarely and
/// shows a part of it once, and to wait would take longer.
const WORTHWHILE: u64 = 4;

/// When writing may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At once: it is small, or nothing would be won.
    Now,
    /// When blanking begins.
    Blank,
    /// When it ends.
    AfterBlank,
}

/// How a panel scans its memory.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// A line, in ns.
    line: u64,
    /// A scan, in ns.
    period: u64,
}

impl Scan {
    /// So many `lines`, at most `hz` times a second.
    pub fn new(lines: u32, hz: u32) -> Self {
        let period = 1_000_000_000 / u64::from(hz.max(1));
        Self {
            line: period / (u64::from(lines) + BLANK),
            period,
        }
    }

    /// When to begin with these `lines` of the panel, which take so many `ns` on the wire.
    pub fn start(&self, lines: &Range<u32>, ns: u64) -> Start {
        let count = u64::from(lines.end.saturating_sub(lines.start));
        if count == 0 || ns < self.period / WORTHWHILE {
            return Start::Now;
        }
        // There are gaps between words, and between messages.
        let longest = ns.saturating_add(ns / 8);
        let (first, last) = (u64::from(lines.start), u64::from(lines.start) + count - 1);
        // What holds of the first and the last line holds of those between.
        let is_ahead = LATE_AHEAD + longest / count <= (BLANK + first) * self.line
            && LATE_AHEAD + longest <= (BLANK + last) * self.line;
        if is_ahead {
            return Start::Blank;
        }
        let is_behind = first == 0 && ns / count >= self.line;
        if is_behind && LATE_BEHIND + longest <= self.period + last * self.line {
            return Start::AfterBlank;
        }
        Start::Now
    }
}
