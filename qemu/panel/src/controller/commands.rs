// SPDX-License-Identifier: GPL-2.0

//! Commands that controllers with the MIPI display command set share. What is
//! not MIPI's is in the file of the controller.

/// What follows the opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// So many parameter bytes.
    Parameters(u8),
    /// Pixels, without end.
    Pixels,
    /// An answer of the controller.
    Answer,
}

/// One row of the command list.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// The byte sent with D/C low.
    pub opcode: u8,
    /// The datasheet's abbreviation, or MIPI DCS's where it has none.
    pub name: &'static str,
    /// What the command wants.
    pub follows: Follows,
}

/// A command with so many parameters.
pub const fn takes(opcode: u8, name: &'static str, parameters: u8) -> Command {
    Command {
        opcode,
        name,
        follows: Follows::Parameters(parameters),
    }
}

/// A command that pixels follow.
pub const fn pixels(opcode: u8, name: &'static str) -> Command {
    Command {
        opcode,
        name,
        follows: Follows::Pixels,
    }
}

/// A command that is answered.
pub const fn answers(opcode: u8, name: &'static str) -> Command {
    Command {
        opcode,
        name,
        follows: Follows::Answer,
    }
}

/// No operation.
pub const NOP: u8 = 0x00;
/// Software reset.
pub const SWRESET: u8 = 0x01;
/// Read display identification: dummy bit, three bytes.
pub const RDDID: u8 = 0x04;
/// Read display status: dummy bit, four bytes.
pub const RDDST: u8 = 0x09;
/// Read display power mode.
pub const RDDPM: u8 = 0x0a;
/// Read memory access control.
pub const RDDMADCTL: u8 = 0x0b;
/// Read pixel format.
pub const RDDCOLMOD: u8 = 0x0c;
/// Read image format: the gamma curve.
pub const RDDIM: u8 = 0x0d;
/// Read signal mode: the tearing effect line.
pub const RDDSM: u8 = 0x0e;
/// Read self-diagnostic result.
pub const RDDSDR: u8 = 0x0f;
/// Enter sleep mode.
pub const SLPIN: u8 = 0x10;
/// Leave sleep mode.
pub const SLPOUT: u8 = 0x11;
/// Partial mode on.
pub const PTLON: u8 = 0x12;
/// Normal display mode on.
pub const NORON: u8 = 0x13;
/// Inversion off.
pub const INVOFF: u8 = 0x20;
/// Inversion on.
pub const INVON: u8 = 0x21;
/// Gamma curve.
pub const GAMSET: u8 = 0x26;
/// Display off.
pub const DISPOFF: u8 = 0x28;
/// Display on.
pub const DISPON: u8 = 0x29;
/// Column address window.
pub const CASET: u8 = 0x2a;
/// Page address window.
pub const PASET: u8 = 0x2b;
/// Memory write.
pub const RAMWR: u8 = 0x2c;
/// Memory read.
pub const RAMRD: u8 = 0x2e;
/// Tearing effect line off.
pub const TEOFF: u8 = 0x34;
/// Tearing effect line on.
pub const TEON: u8 = 0x35;
/// Memory access control.
pub const MADCTL: u8 = 0x36;
/// Idle mode off.
pub const IDMOFF: u8 = 0x38;
/// Idle mode on: eight colours.
pub const IDMON: u8 = 0x39;
/// Pixel format.
pub const COLMOD: u8 = 0x3a;
/// Memory write, continued.
pub const RAMWRC: u8 = 0x3c;
/// Memory read, continued.
pub const RAMRDC: u8 = 0x3e;
/// Display brightness.
pub const WRDISBV: u8 = 0x51;
/// Read display brightness.
pub const RDDISBV: u8 = 0x52;
/// Brightness control block.
pub const WRCTRLD: u8 = 0x53;
/// Read the brightness control block.
pub const RDCTRLD: u8 = 0x54;
/// Content adaptive brightness.
pub const WRCABC: u8 = 0x55;
/// Read content adaptive brightness.
pub const RDCABC: u8 = 0x56;
/// Minimum brightness of the content adaptive control.
pub const WRCABCMB: u8 = 0x5e;
/// Read that minimum.
pub const RDCABCMB: u8 = 0x5f;
/// Read the module's manufacturer.
pub const RDID1: u8 = 0xda;
/// Read the driver's version.
pub const RDID2: u8 = 0xdb;
/// Read the driver.
pub const RDID3: u8 = 0xdc;
/// Read the controller's name: dummy byte, 00 93 41.
pub const RDID4: u8 = 0xd3;

/// What all of them have.
pub const COMMON: &[Command] = &[
    takes(NOP, "NOP", 0),
    takes(SWRESET, "SWRESET", 0),
    answers(RDDID, "RDDID"),
    answers(RDDST, "RDDST"),
    answers(RDDPM, "RDDPM"),
    answers(RDDMADCTL, "RDDMADCTL"),
    answers(RDDCOLMOD, "RDDCOLMOD"),
    answers(RDDIM, "RDDIM"),
    answers(RDDSM, "RDDSM"),
    takes(SLPIN, "SLPIN", 0),
    takes(SLPOUT, "SLPOUT", 0),
    takes(PTLON, "PTLON", 0),
    takes(NORON, "NORON", 0),
    takes(INVOFF, "INVOFF", 0),
    takes(INVON, "INVON", 0),
    takes(GAMSET, "GAMSET", 1),
    takes(DISPOFF, "DISPOFF", 0),
    takes(DISPON, "DISPON", 0),
    takes(CASET, "CASET", 4),
    takes(PASET, "PASET", 4),
    pixels(RAMWR, "RAMWR"),
    answers(RAMRD, "RAMRD"),
    takes(0x30, "PLTAR", 4),
    takes(0x33, "VSCRDEF", 6),
    takes(TEOFF, "TEOFF", 0),
    takes(TEON, "TEON", 1),
    takes(MADCTL, "MADCTL", 1),
    takes(0x37, "VSCRSADD", 2),
    takes(IDMOFF, "IDMOFF", 0),
    takes(IDMON, "IDMON", 0),
    takes(COLMOD, "COLMOD", 1),
    answers(RDID1, "RDID1"),
    answers(RDID2, "RDID2"),
    answers(RDID3, "RDID3"),
];

/// What the larger ones add: a memory access that is continued, the scan line,
/// brightness.
pub const LARGER: &[Command] = &[
    answers(RDDSDR, "RDDSDR"),
    pixels(RAMWRC, "RAMWRC"),
    answers(RAMRDC, "RAMRDC"),
    takes(0x44, "TESCAN", 2),
    answers(0x45, "GETSCAN"),
    takes(WRDISBV, "WRDISBV", 1),
    answers(RDDISBV, "RDDISBV"),
    takes(WRCTRLD, "WRCTRLD", 1),
    answers(RDCTRLD, "RDCTRLD"),
    takes(WRCABC, "WRCABC", 1),
    answers(RDCABC, "RDCABC"),
    takes(WRCABCMB, "WRCABCMB", 1),
    answers(RDCABCMB, "RDCABCMB"),
];
