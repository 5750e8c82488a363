// SPDX-License-Identifier: GPL-2.0

//! The place where the hardware would be: what an SPI bus and three wires can
//! do to a panel, and nothing else.

use std::fmt;
use std::time::Duration;

/// A point in time: what has passed since an arbitrary start, never running
/// backwards. Every call says when it happens, so that a test needs no clock.
pub type Time = Duration;

/// How many bits a word on the wire has. In memory a word wider than 8 bits
/// takes two bytes, the lower half first (`spi_transfer` in the kernel's
/// `linux/spi/spi.h`); on the wire the most significant bit goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// 8 bits, one byte in memory.
    Bits8,
    /// 9 bits, the first of which is D/C on a three-wire bus.
    Bits9,
    /// 16 bits, sent as two bytes, the upper one first.
    Bits16,
}

impl Word {
    /// The word size of so many bits, if the bus has it.
    pub fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            8 => Some(Self::Bits8),
            9 => Some(Self::Bits9),
            16 => Some(Self::Bits16),
            _ => None,
        }
    }

    /// Bits on the wire.
    pub fn bits(self) -> u32 {
        match self {
            Self::Bits8 => 8,
            Self::Bits9 => 9,
            Self::Bits16 => 16,
        }
    }

    /// Bytes in memory.
    pub fn bytes(self) -> usize {
        match self {
            Self::Bits8 => 1,
            Self::Bits9 | Self::Bits16 => 2,
        }
    }
}

/// How the clock idles and samples, as in `SPI_MODE_X_MASK`: bit 0 is CPHA,
/// bit 1 is CPOL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode(u8);

impl Mode {
    /// The mode of the two lowest bits of `bits`.
    pub fn new(bits: u32) -> Self {
        Self((bits & 3) as u8)
    }

    /// Whether data is sampled where the clock rises: modes 0 and 3.
    pub fn samples_rising(self) -> bool {
        matches!(self.0, 0 | 3)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// One SPI transfer, as the controller's wires carry it.
#[derive(Clone, Copy, Debug)]
pub struct Transfer<'a> {
    /// What the host sends, in memory order; empty when it only listens.
    pub tx: &'a [u8],
    /// Word size of both directions.
    pub word: Word,
    /// Clock mode.
    pub mode: Mode,
    /// Bits a second.
    pub hz: u32,
    /// Whether chip select is released afterwards. The bus of virtio does not
    /// tell the end of a message, so `false` means nothing.
    pub deselects: bool,
}

impl Transfer<'_> {
    /// Bits that go over the wire, if so many bytes are read.
    pub fn bits(&self, rx: usize) -> u64 {
        let words = self.tx.len().max(rx) / self.word.bytes();
        words as u64 * u64::from(self.word.bits())
    }

    /// A transfer of bytes in mode 0 that the host sends, at 32 MHz.
    pub fn bytes(tx: &[u8]) -> Transfer<'_> {
        Transfer {
            tx,
            word: Word::Bits8,
            mode: Mode::new(0),
            hz: 32_000_000,
            deselects: false,
        }
    }
}

/// Changes of a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// From low to high.
    pub rising: bool,
    /// From high to low.
    pub falling: bool,
}

/// A wire from a GPIO controller to the module, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// RESX, low in reset.
    Reset,
    /// D/CX, low for a command.
    Dc,
    /// The transistor that switches the backlight, high is lit.
    Backlight,
    /// TE, which the module drives: high in vertical blanking, if it was told so.
    Te,
}

impl Line {
    /// Every line, in the order of its number on the GPIO controller.
    pub const ALL: [Self; 4] = [Self::Reset, Self::Dc, Self::Backlight, Self::Te];

    /// What a device tree would call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Dc => "dc",
            Self::Backlight => "backlight",
            Self::Te => "te",
        }
    }

    /// The level that the module's resistor gives the wire when nobody drives
    /// it: out of reset, command, lit.
    pub fn pull(self) -> bool {
        match self {
            Self::Reset | Self::Backlight => true,
            Self::Dc | Self::Te => false,
        }
    }
}

/// What hangs on the other end of the wires.
pub trait Target {
    /// Clocks `transfer` through; what the target answers is left in `rx`,
    /// whose length is either none or that of the host's data.
    fn transfer(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time);

    /// The physical level of a wire is `high` from `now` on.
    fn line(&mut self, line: Line, high: bool, now: Time);
}
