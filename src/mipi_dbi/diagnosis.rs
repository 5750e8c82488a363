// SPDX-License-Identifier: GPL-2.0

//! What to check when a panel stays dark.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use super::dcs::power_mode;
use core::fmt;

/// What seems to be wrong. Displayed, it says what to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnosis<'a> {
    /// It reads as this byte, of zeroes or of ones alone.
    Silent(u8),
    /// This is no power mode.
    Garbled(u8),
    /// It understands, but is not on: its power mode.
    Off(u8),
    /// It says that it is another controller.
    Other {
        /// What it says.
        says: &'a [u8],
        /// What it should say.
        wanted: &'a [u8],
    },
}

impl Diagnosis<'_> {
    /// Of a panel that was switched on, and has answered `GET_POWER_MODE` so.
    pub fn of_power_mode(mode: u8) -> Option<Self> {
        if matches!(mode, 0x00 | 0xff) {
            Some(Self::Silent(mode))
        } else if !power_mode::is_valid(mode) {
            Some(Self::Garbled(mode))
        } else if mode & power_mode::LIT != power_mode::LIT {
            Some(Self::Off(mode))
        } else {
            None
        }
    }
}

impl<'a> Diagnosis<'a> {
    /// Of a panel that should have said that it is `wanted`. One that says nothing may be it.
    pub fn of_id(says: &'a [u8], wanted: &'a [u8]) -> Option<Self> {
        let silent =
            |bytes: &[u8]| bytes.iter().all(|b| *b == 0) || bytes.iter().all(|b| *b == 255);
        (says != wanted && !silent(says)).then_some(Self::Other { says, wanted })
    }
}

impl fmt::Display for Diagnosis<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent(byte) => write!(
                f,
                "no answer (0x{byte:02x}): if it stays dark, check supply, reset, chip select and D/C; many have no line for answers"
            ),
            Self::Garbled(byte) => write!(
                f,
                "it answers 0x{byte:02x}, which is no power mode: check the clock, and the SPI mode"
            ),
            Self::Off(byte) => write!(
                f,
                "it answers, but is not on (power mode 0x{byte:02x}): check its supply, and the reset line"
            ),
            Self::Other { says, wanted } => write!(
                f,
                "it is {says:02x?}, not {wanted:02x?}: check its compatible or SPI id"
            ),
        }
    }
}
