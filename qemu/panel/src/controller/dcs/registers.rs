// SPDX-License-Identifier: GPL-2.0

//! The registers, and what they make of an address.

use std::fmt;

use super::{Chip, Panel};

/// MADCTL: rows from the bottom.
pub const MY: u8 = 1 << 7;
/// MADCTL: columns from the right.
pub const MX: u8 = 1 << 6;
/// MADCTL: rows and columns exchanged.
pub const MV: u8 = 1 << 5;
/// MADCTL: refreshed from the bottom.
pub const ML: u8 = 1 << 4;
/// MADCTL: the colour filter is blue, green, red.
pub const BGR: u8 = 1 << 3;

/// From and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u16,
    pub(super) end: u16,
}

impl Span {
    pub(super) fn from_parameters(p: &[u8]) -> Self {
        let word = |i: usize| u16::from_be_bytes([p[i], p[i + 1]]);
        Self {
            start: word(0),
            end: word(2),
        }
    }

    pub(super) fn len(self) -> u64 {
        (u64::from(self.end) + 1).saturating_sub(u64::from(self.start))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A flag at its place in a byte.
pub(super) fn bit(place: u8, set: bool) -> u8 {
    u8::from(set) << place
}

/// Everything that a reset sets back.
#[derive(Clone, Debug)]
pub(super) struct Registers {
    /// Columns and rows of the memory, which no reset changes.
    pub(super) memory: (u16, u16),
    pub(super) grey: bool,
    pub(super) panel: Panel,
    pub(super) asleep: bool,
    pub(super) on: bool,
    pub(super) inverted: bool,
    pub(super) idle: bool,
    pub(super) partial: bool,
    pub(super) columns: Span,
    pub(super) pages: Span,
    pub(super) madctl: u8,
    pub(super) colmod: u8,
    pub(super) gamma: u8,
    pub(super) tearing: Option<u8>,
    pub(super) brightness: u8,
    pub(super) control: u8,
    pub(super) adaptive: u8,
    pub(super) least: u8,
}

impl Registers {
    pub(super) fn new(memory: (u16, u16), chip: &Chip) -> Self {
        Self {
            memory,
            grey: chip.grey,
            panel: Panel::default(),
            asleep: true,
            on: false,
            inverted: false,
            idle: false,
            partial: false,
            columns: Span {
                start: 0,
                end: memory.0 - 1,
            },
            pages: Span {
                start: 0,
                end: memory.1 - 1,
            },
            madctl: 0,
            colmod: chip.colmod,
            gamma: 1,
            tearing: None,
            brightness: 0,
            control: 0,
            adaptive: 0,
            least: 0,
        }
    }

    pub(super) fn has(&self, bit: u8) -> bool {
        self.madctl & bit != 0 && !self.grey
    }

    /// Columns and pages of the frame memory, as addresses see it.
    pub(super) fn extent(&self) -> (u16, u16) {
        let (columns, rows) = self.memory;
        if self.has(MV) {
            (rows, columns)
        } else {
            (columns, rows)
        }
    }

    pub(super) fn window_fits(&self) -> bool {
        let (columns, pages) = self.extent();
        self.columns.end < columns && self.pages.end < pages
    }

    /// Pixels of the window.
    pub(super) fn area(&self) -> u64 {
        self.columns.len() * self.pages.len()
    }

    /// The place in the memory of an address (8.2.29 and figure 9.3).
    pub(super) fn place(&self, column: u16, page: u16) -> Option<(u16, u16)> {
        let (x, y) = if self.has(MV) {
            (page, column)
        } else {
            (column, page)
        };
        let c = if self.has(MX) {
            (self.memory.0 - 1).checked_sub(x)?
        } else {
            x
        };
        let r = if self.has(MY) {
            (self.memory.1 - 1).checked_sub(y)?
        } else {
            y
        };
        Some((c, r))
    }

    /// The line of a scan on which this row is.
    pub(super) fn scanned(&self, row: u16) -> u16 {
        if self.has(ML) {
            self.memory.1 - 1 - row
        } else {
            row
        }
    }

    /// Bytes of a pixel on the wire.
    pub(super) fn pixel_bytes(&self) -> usize {
        match self.colmod & 7 {
            _ if self.grey => 1,
            5 => 2,
            _ => 3,
        }
    }

    /// RDDPM, 8.2.5.
    pub(super) fn power_mode(&self) -> u8 {
        bit(7, !self.asleep)
            | bit(6, self.idle)
            | bit(5, self.partial)
            | bit(4, !self.asleep)
            | bit(3, !self.partial)
            | bit(2, self.on)
    }

    /// RDDSM, 8.2.9.
    pub(super) fn signal_mode(&self) -> u8 {
        bit(7, self.tearing.is_some()) | bit(6, self.tearing_mode())
    }

    /// RDDST, 8.2.4: the other registers, in an order of its own.
    pub(super) fn status(&self) -> [u8; 4] {
        let format = (self.colmod & 7) << 4;
        let curve = self.curve() << 6;
        [
            bit(7, !self.asleep) | ((self.madctl & 0xfc) >> 1),
            format | ((self.power_mode() & 0x78) >> 3),
            bit(5, self.inverted) | bit(2, self.on) | bit(1, self.tearing.is_some()),
            curve | bit(5, self.tearing_mode()),
        ]
    }

    /// Whether the tearing line tells of horizontal blanking, too.
    pub(super) fn tearing_mode(&self) -> bool {
        self.tearing.is_some_and(|mode| mode & 1 != 0)
    }

    /// The number of the gamma curve, 0 to 3.
    pub(super) fn curve(&self) -> u8 {
        self.gamma.trailing_zeros().min(3) as u8
    }
}

/// Where the next pixel goes, and how many have gone since the memory write.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    pub(super) column: u16,
    pub(super) page: u16,
    pub(super) gone: u64,
}

impl Cursor {
    pub(super) fn start(registers: &Registers) -> Self {
        Self {
            column: registers.columns.start,
            page: registers.pages.start,
            gone: 0,
        }
    }

    /// To the right, then down, then from the start again.
    pub(super) fn step(&mut self, registers: &Registers) {
        self.gone += 1;
        if self.column < registers.columns.end {
            self.column += 1;
            return;
        }
        self.column = registers.columns.start;
        if self.page < registers.pages.end {
            self.page += 1;
        } else {
            self.page = registers.pages.start;
        }
    }
}
