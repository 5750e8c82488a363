// SPDX-License-Identifier: GPL-2.0

//! What a panel driver is: a table.

use super::{
    dcs,
    rotation::Margins,
    step::{cmd, msleep, Step}, //
};
use crate::drm::{kms::Mode, Format};
use kernel::prelude::*;

/// Whether there is a line that resets the controller, the GPIO `reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// No device has one: it is not asked for.
    None,
    /// Where there is none, the command `SOFT_RESET` has to do.
    Optional,
    /// The panel does not work without.
    Required,
}

/// How data are told from commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataCommand {
    /// By the GPIO of this name (property `<name>-gpios`).
    Required(&'static CStr),
    /// By it too; where there is none by a ninth bit of each word ("3-wire").
    Optional(&'static CStr),
}

/// How a pixel goes over the wire, with the names of the device-tree property `format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireFormat {
    /// `r5g6b5`: two bytes.
    Rgb565,
    /// `b6x2g6x2r6x2`: three bytes, blue first, of which the upper six bits count.
    Bgr666,
    /// Three grey pixels in a byte: a column of the ST7586.
    Grey332,
}

impl WireFormat {
    /// The parameter of `SET_PIXEL_FORMAT`.
    pub const fn dcs(self) -> u8 {
        match self {
            Self::Rgb565 => dcs::PIXEL_FORMAT_16BIT,
            Self::Bgr666 => dcs::PIXEL_FORMAT_18BIT,
            Self::Grey332 => dcs::PIXEL_FORMAT_ST7586,
        }
    }

    /// The framebuffers that can be shown, the best first.
    pub(super) const fn formats(self) -> &'static [Format] {
        match self {
            Self::Rgb565 => &[Format::Rgb565, Format::Xrgb8888],
            Self::Bgr666 => &[Format::Rgb888, Format::Xrgb8888, Format::Rgb565],
            Self::Grey332 => &[Format::Xrgb8888, Format::Rgb565],
        }
    }

    /// The framebuffers of the console, as in the C drivers.
    pub(super) const fn console(self) -> Format {
        self.formats()[0]
    }

    /// The colour depth that userspace is told to prefer, in bits.
    pub(super) const fn depth(self) -> u32 {
        match self {
            Self::Rgb565 => 16,
            Self::Bgr666 | Self::Grey332 => 24,
        }
    }
}

/// What a command or a parameter is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// A byte.
    Bits8,
    /// Two bytes, the first of which is 0: shift registers on the board make a bus of sixteen lines
    /// of it.
    Bits16,
}

/// How a controller is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// The MIPI Display Command Set.
    Dcs,
    /// An index, and the 16 bits of the register with that index.
    Registers(Registers),
}

/// The registers that a [`Protocol::Registers`] is used with, where Ilitek's controllers have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registers {
    /// First and last column of the window, first and last row, column and row of the first pixel.
    pub window: [u8; 6],
    /// The index with which pixels begin.
    pub memory: u8,
    /// The directions in which the address moves, the bits of [`entry_mode`](super::entry_mode).
    pub entry_mode: u8,
    /// The bits that this register has set besides.
    pub entry_mode_base: u16,
}

/// Where a panel's geometry and init sequence come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The table.
    Table,
    /// The device: its properties, and a firmware file that its `compatible` names.
    Device,
}

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
    /// The memory that the glass does not show.
    pub margins: Margins,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// From reset to awake: what follows `SOFT_RESET`, up to and with `EXIT_SLEEP_MODE` and the
    /// wait that it needs. Pixel format and address mode follow, then a first picture, and only
    /// then `on`.
    pub init: &'static [Step<'static>],
    /// From awake to showing its memory.
    pub on: &'static [Step<'static>],
    /// From there to dark and asleep, and ready for whoever comes next.
    pub off: &'static [Step<'static>],
    /// The address mode, or [`entry_mode`](super::entry_mode), for a rotation of 0, 90, 180 and 270
    /// degrees (property `rotation`).
    pub address_mode: [u8; 4],
    /// It can exchange rows and columns (`MV`). For one that cannot the driver does at 90 and 270
    /// degrees, of which `address_mode` has the rest.
    pub exchanges: bool,
    /// How pixels are sent.
    pub wire_format: WireFormat,
    /// How commands are sent.
    pub words: Words,
    /// What tells data from commands.
    pub dc: DataCommand,
    /// The line that resets it.
    pub reset: Reset,
    /// The fastest clock that its datasheet allows for writing, in Hz, where that is known.
    pub max_hz: Option<u32>,
    /// How often a second it scans its memory, at most, as `init` sets it: see [`scan`](super::scan).
    pub scans_hz: u32,
    /// A command, and what the controller answers to it: four bytes at most.
    pub id: Option<(u8, &'static [u8])>,
    /// It cannot be asked anything, whatever the SPI controller can do.
    pub write_only: bool,
    /// One that is on when the driver comes, lit by a boot loader, is neither reset nor initialised:
    /// it need not flicker.
    pub keeps_lit: bool,
    /// Supplies that are switched on while the driver is bound, where the device has them (property
    /// `<name>-supply`).
    pub supplies: &'static [&'static CStr],
    /// What of the above the device says instead.
    pub source: Source,
}

impl Model {
    /// What most have in common.
    pub const MIPI_DBI: Model = Model {
        mode: Mode::fixed(0, 0),
        margins: Margins::NONE,
        protocol: Protocol::Dcs,
        init: &[cmd(dcs::EXIT_SLEEP_MODE, &[]), msleep(120)],
        on: &[cmd(dcs::SET_DISPLAY_ON, &[])],
        off: &[
            cmd(dcs::SET_DISPLAY_OFF, &[]),
            cmd(dcs::ENTER_SLEEP_MODE, &[]),
            msleep(5),
        ],
        address_mode: [0; 4],
        exchanges: true,
        wire_format: WireFormat::Rgb565,
        words: Words::Bits8,
        dc: DataCommand::Optional(c"dc"),
        reset: Reset::Optional,
        max_hz: None,
        scans_hz: 70,
        id: None,
        write_only: false,
        keeps_lit: true,
        supplies: &[c"power", c"io"],
        source: Source::Table,
    };
}
