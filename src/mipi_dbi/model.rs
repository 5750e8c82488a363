// SPDX-License-Identifier: GPL-2.0

//! What a panel driver is: a table.

use super::dcs;
use crate::drm::kms::Mode;
use kernel::prelude::*;

/// Bits of `SET_ADDRESS_MODE`, as datasheets name them.
pub mod address_mode {
    /// Rows from bottom to top.
    pub const MY: u8 = 1 << 7;
    /// Columns from right to left.
    pub const MX: u8 = 1 << 6;
    /// Rows and columns exchanged.
    pub const MV: u8 = 1 << 5;
    /// The colour filter is blue, green, red.
    pub const BGR: u8 = 1 << 3;
}

/// A step of an init sequence.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A command with its parameters.
    Command(u8, &'static [u8]),
    /// A wait, in milliseconds.
    Sleep(u16),
}

/// A command with at most [`MAX_PARAMETERS`] parameters; more do not compile.
pub const fn cmd(command: u8, parameters: &'static [u8]) -> Step {
    assert!(parameters.len() <= MAX_PARAMETERS);
    Step::Command(command, parameters)
}

/// A wait of at least `ms` milliseconds.
pub const fn msleep(ms: u16) -> Step {
    Step::Sleep(ms)
}

/// The most parameters that a command may have.
pub const MAX_PARAMETERS: usize = 64;

/// A panel with a MIPI DBI controller, as its datasheet describes it.
///
/// # Examples
///
/// ```ignore
/// const MODEL: Model = Model {
///     mode: Mode::fixed(128, 160).millimetres(28, 35),
///     init: &[
///         cmd(FRMCTR1, &[0x01, 0x2c, 0x2d]),
///         cmd(dcs::EXIT_SLEEP_MODE, &[]),
///         msleep(120),
///     ],
///     address_mode: [MX | MY, MX | MV, 0, MY | MV],
///     ..Model::MIPI_DBI
/// };
/// ```
pub struct Model {
    /// The geometry without rotation.
    pub mode: Mode,
    /// From reset to awake: what follows `SOFT_RESET`, up to and with `EXIT_SLEEP_MODE` and the
    /// wait that it needs. Pixel format and address mode follow, then a first picture, and only
    /// then `SET_DISPLAY_ON`.
    pub init: &'static [Step],
    /// The address mode for a rotation of 0, 90, 180 and 270 degrees (property `rotation`).
    pub address_mode: [u8; 4],
    /// Supplies that are switched on while the driver is bound, where the device has them (property
    /// `<name>-supply`).
    pub supplies: &'static [&'static CStr],
}

impl Model {
    /// What most have in common.
    pub const MIPI_DBI: Model = Model {
        mode: Mode::fixed(0, 0),
        init: &[cmd(dcs::EXIT_SLEEP_MODE, &[]), msleep(120)],
        address_mode: [0; 4],
        supplies: &[c"power", c"io"],
    };
}
