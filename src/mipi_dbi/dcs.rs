// SPDX-License-Identifier: GPL-2.0

//! Commands of the MIPI Display Command Set that drivers here send.
//!
//! C header: [`include/video/mipi_display.h`](srctree/include/video/mipi_display.h). From the MIPI
//! DCS specification, version 1.3.

/// Does nothing.
pub const NOP: u8 = 0x00;
/// Everything to its defaults; the frame memory is kept. 5 ms before the next command.
pub const SOFT_RESET: u8 = 0x01;
/// Answers with three bytes, after one dummy clock.
pub const GET_DISPLAY_ID: u8 = 0x04;
/// Answers with four bytes, after one dummy clock.
pub const GET_DISPLAY_STATUS: u8 = 0x09;
/// Answers with one byte of [`power_mode`].
pub const GET_POWER_MODE: u8 = 0x0a;
/// Display off, DC/DC converter and oscillator stopped. 5 ms before the next command.
pub const ENTER_SLEEP_MODE: u8 = 0x10;
/// The reverse. 5 ms before the next command, 120 ms before [`ENTER_SLEEP_MODE`].
pub const EXIT_SLEEP_MODE: u8 = 0x11;
/// The whole frame memory is shown, not a part of it.
pub const ENTER_NORMAL_MODE: u8 = 0x13;
/// Colours as they are.
pub const EXIT_INVERT_MODE: u8 = 0x20;
/// Colours inverted.
pub const ENTER_INVERT_MODE: u8 = 0x21;
/// One of four gamma curves.
pub const SET_GAMMA_CURVE: u8 = 0x26;
/// Blank; the frame memory is kept.
pub const SET_DISPLAY_OFF: u8 = 0x28;
/// The frame memory is shown.
pub const SET_DISPLAY_ON: u8 = 0x29;
/// First and last column of the window, 16 bits each, big endian.
pub const SET_COLUMN_ADDRESS: u8 = 0x2a;
/// First and last page (row) of the window, 16 bits each, big endian.
pub const SET_PAGE_ADDRESS: u8 = 0x2b;
/// Pixels, from the window's first one on.
pub const WRITE_MEMORY_START: u8 = 0x2c;
/// The line that tells of the scan's end: 0 for vertical blanking alone.
pub const SET_TEAR_ON: u8 = 0x35;
/// How addresses map to the glass: the bits of [`address_mode`].
pub const SET_ADDRESS_MODE: u8 = 0x36;
/// Bits of a pixel on the wire.
pub const SET_PIXEL_FORMAT: u8 = 0x3a;
/// The line of the scan at which that one tells.
pub const SET_TEAR_SCANLINE: u8 = 0x44;

/// Bits of [`SET_ADDRESS_MODE`], as datasheets name them.
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

/// Bits of the answer to [`GET_POWER_MODE`].
pub mod power_mode {
    /// Awake.
    pub const SLEEP_OUT: u8 = 1 << 4;
    /// Not in partial mode.
    pub const NORMAL: u8 = 1 << 3;
    /// The frame memory is shown.
    pub const DISPLAY_ON: u8 = 1 << 2;
    /// Always 0.
    pub const RESERVED: u8 = 0b11;
    /// Awake, and its memory is shown.
    pub const LIT: u8 = SLEEP_OUT | DISPLAY_ON;
    /// Whether a byte can be a power mode at all, or comes from a line that nobody drives. Drivers here
    /// know no partial mode.
    pub const fn is_valid(byte: u8) -> bool {
        byte & (NORMAL | RESERVED) == NORMAL
    }
    /// What the C drivers do not look at: the reserved bits, and that of the booster.
    pub const IGNORED: u8 = (1 << 7) | RESERVED;
}

/// The parameter of [`SET_PIXEL_FORMAT`] for 16 bits a pixel (`MIPI_DCS_PIXEL_FMT_16BIT`), on both
/// the DPI and the DBI interface.
pub const PIXEL_FORMAT_16BIT: u8 = 0x55;
/// The only one that the ST7586 has, which calls the command "enable DDRAM".
pub const PIXEL_FORMAT_ST7586: u8 = 0x02;
/// The same for 18 bits a pixel (`MIPI_DCS_PIXEL_FMT_18BIT`).
pub const PIXEL_FORMAT_18BIT: u8 = 0x66;
