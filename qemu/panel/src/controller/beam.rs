// SPDX-License-Identifier: GPL-2.0

//! The beam: how a controller scans its memory to the glass, line by line, and
//! what of an update a scan shows that meets with it. Sections are those of the
//! ILI9341's datasheet (V1.11): 8.2.30 and 8.3.2 for the tearing effect line and
//! the frame rate.
//!
//! A scan is [`BLANK`] lines of vertical blanking, in which the tearing effect
//! line is high, and then the lines of the memory, each fetched in a moment. An
//! update is what is written into one window. It is torn if there is a scan that
//! shows some of what it changes, and not all.
//!
//! # Whose time it is
//!
//! The scan must not go by the clock on the wall: how long a guest on a busy host
//! takes from an interrupt to its first pixel, or between two messages of one
//! picture, says something of that host, and nothing of the driver. So the beam
//! has a time of its own:
//!
//! - What is on the wire takes the time of its bits.
//! - Nothing else passes inside of an update, from its first pixel to its last.
//! - When an edge of the tearing effect line is delivered to a guest that listens
//!   for it, it is the time of that edge, however late it was delivered. From
//!   there to the end of the next update only bits count again.
//! - Else it runs with the clock on the wall: an update that waits for nothing
//!   begins wherever the scan happens to be.
//!
//! That is what a panel would see of a host without latencies: which updates are
//! torn depends on what the driver waits for, on its clock, and on the order in
//! which it sends. A host that is silent for longer than [`FORGIVEN`] is not slow
//! but has given up, and time runs on.

use std::time::Duration;

use crate::bus::{Edges, Time};

/// Lines of vertical blanking in front of a scan: VBP and VFP of PRCTR after a reset.
pub const BLANK: u32 = 4;

/// A line after a reset: 27 clocks of an oscillator of 615 kHz.
pub const LINE: Duration = Duration::from_nanos(27 * 1_000_000 / 615);

/// How much silence of the host is taken for slowness.
pub const FORGIVEN: Duration = Duration::from_secs(1);

/// The time of the beam, and how it hangs on the real one.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    /// It was this,
    at: Time,
    /// when it really was that,
    mark: Time,
    /// and does not run before so much has passed.
    hold: Duration,
}

impl Clock {
    fn now(&self, real: Time) -> Time {
        self.at + real.saturating_sub(self.mark + self.hold)
    }

    /// As if nobody held it.
    fn free(&self, real: Time) -> Time {
        self.at + real.saturating_sub(self.mark)
    }
}

/// An edge of the tearing effect line that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// When it is, in the time of the beam.
    pub at: Time,
    /// When it really is to be delivered.
    pub due: Time,
}

/// What a scan makes of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: it has changed nothing, or nothing is shown.
    Nothing,
    /// Every scan shows all of it, or none.
    Whole,
    /// Some scan shows a part.
    Torn,
}

/// A transfer that is being clocked through.
#[derive(Clone, Copy, Debug, Default)]
struct Clocking {
    start: Time,
    hz: u32,
    bits: u64,
}

impl Clocking {
    fn after(&self, bits: u64) -> Time {
        let nanoseconds = u128::from(bits) * 1_000_000_000 / u128::from(self.hz.max(1));
        self.start + Duration::from_nanos(nanoseconds.try_into().unwrap_or(u64::MAX))
    }
}

/// The beam of a controller.
#[derive(Debug)]
pub struct Beam {
    clock: Clock,
    clocking: Clocking,
    /// When the first scan began; there is none in sleep mode.
    origin: Option<Time>,
    /// Somebody waits for an update to begin that was told of an edge.
    is_awaited: bool,
    /// When the first and the last pixel of a line was changed by this update.
    changes: Vec<Option<(Time, Time)>>,
}

impl Beam {
    /// Of a memory of so many lines.
    pub fn new(lines: u16) -> Self {
        Self {
            clock: Clock::default(),
            clocking: Clocking::default(),
            origin: None,
            is_awaited: false,
            changes: vec![None; lines.into()],
        }
    }

    /// What a scan takes, with lines of this length.
    fn period(&self, line: Duration) -> Duration {
        line * (self.changes.len() as u32 + BLANK)
    }

    /// A transfer begins, of words of so many bits a byte.
    pub fn begin(&mut self, hz: u32, now: Time) {
        let start = self.clock.now(now);
        self.clock.at = start;
        self.clock.mark = now;
        self.clocking = Clocking { start, hz, bits: 0 };
    }

    /// So many bits of it are through.
    pub fn tick(&mut self, bits: u64) {
        self.clocking.bits += bits;
    }

    /// The transfer had so many bits. More of the same update will follow.
    pub fn end(&mut self, bits: u64, more: bool) {
        let at = self.clocking.after(bits);
        self.clocking = Clocking {
            start: at,
            ..Clocking::default()
        };
        self.clock = Clock {
            at,
            mark: self.clock.mark + (at - self.clock.at),
            hold: if more || self.is_awaited {
                FORGIVEN
            } else {
                Duration::ZERO
            },
        };
    }

    /// Scanning begins, with the blanking.
    pub fn start(&mut self) {
        self.origin = Some(self.clocking.after(self.clocking.bits));
        self.changes.fill(None);
    }

    /// Nothing is scanned any more.
    pub fn stop(&mut self) {
        self.origin = None;
        self.is_awaited = false;
        self.changes.fill(None);
    }

    /// A pixel of this line of the scan has changed just now.
    pub fn change(&mut self, line: u16) {
        let now = self.clocking.after(self.clocking.bits);
        if let Some(change) = self.changes.get_mut(usize::from(line)) {
            change.get_or_insert((now, now)).1 = now;
        }
    }

    /// The update is over.
    pub fn finish(&mut self, line: Duration) -> Seen {
        self.is_awaited = false;
        let seen = self.see(line);
        self.changes.fill(None);
        seen
    }

    fn see(&self, line: Duration) -> Seen {
        let Some(origin) = self.origin else {
            return Seen::Nothing;
        };
        let changes = || self.changes.iter().enumerate();
        let first = changes().filter_map(|(_, change)| change.map(|(first, _)| first));
        let last = changes().filter_map(|(_, change)| change.map(|(_, last)| last));
        let (Some(first), Some(last)) = (first.min(), last.max()) else {
            return Seen::Nothing;
        };
        let period = self.period(line).as_nanos().max(1);
        let scan_at = |time: Time| time.saturating_sub(origin).as_nanos() / period;
        for scan in scan_at(first)..=scan_at(last) {
            let begins = (scan * period) as u64;
            let (mut new, mut old) = (false, false);
            for (number, change) in changes() {
                let Some((first, last)) = *change else {
                    continue;
                };
                let fetched =
                    origin + Duration::from_nanos(begins) + line * (BLANK + number as u32);
                new |= first <= fetched;
                old |= last > fetched;
            }
            if new && old {
                return Seen::Torn;
            }
        }
        Seen::Whole
    }

    /// The level of the tearing effect line.
    pub fn level(&self, line: Duration, now: Time) -> bool {
        self.origin.is_some_and(|origin| {
            let since = self.clock.now(now).saturating_sub(origin).as_nanos();
            since % self.period(line).as_nanos().max(1) < (line * BLANK).as_nanos()
        })
    }

    /// The next one of these edges for somebody who listens since `since`.
    pub fn edge(&self, line: Duration, edges: Edges, since: Time) -> Option<Edge> {
        let origin = self.origin?;
        let clock = &self.clock;
        let after = clock.free(since).saturating_sub(origin);
        let period = self.period(line);
        let next = |offset: Duration| {
            let gone = after.saturating_sub(offset).as_nanos() / period.as_nanos().max(1);
            let candidate = offset + period * gone as u32;
            if candidate > after {
                candidate
            } else {
                candidate + period
            }
        };
        let rising = edges.rising.then(|| next(Duration::ZERO));
        let falling = edges.falling.then(|| next(line * BLANK));
        let at = origin + rising.into_iter().chain(falling).min()?;
        Some(Edge {
            at,
            due: clock.mark + at.saturating_sub(clock.at),
        })
    }

    /// That edge was delivered: so late it is.
    pub fn deliver(&mut self, edge: Edge, now: Time) {
        self.clock = Clock {
            at: edge.at,
            mark: now,
            hold: FORGIVEN,
        };
        self.is_awaited = true;
    }
}

#[cfg(test)]
mod tests;
