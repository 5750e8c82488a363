// SPDX-License-Identifier: GPL-2.0

//! Sitronix ST7586, 178x128 in four greys, in the LEGO Mindstorms EV3.

use tinydrm::mipi_dbi::prelude::*;

const SET_PARTIAL_ROWS: u8 = 0x30;
const DISP_MODE_GRAY: u8 = 0x38;
const SET_DISP_DUTY: u8 = 0xb0;
const SET_PART_DISP: u8 = 0xb4;
const SET_NLINE_INV: u8 = 0xb5;
const SET_VOP: u8 = 0xc0;
const SET_BIAS_SYSTEM: u8 = 0xc3;
const SET_BOOST_LEVEL: u8 = 0xc4;
const SET_VOP_OFFSET: u8 = 0xc7;
const ENABLE_ANALOG: u8 = 0xd0;
const AUTO_READ_CTRL: u8 = 0xd7;
const OTP_RW_CTRL: u8 = 0xe0;
const OTP_CTRL_OUT: u8 = 0xe1;
const OTP_READ: u8 = 0xe3;

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(178, 128).millimetres(37, 27),
    init: &[
        cmd(AUTO_READ_CTRL, &[0x9f]),
        cmd(OTP_RW_CTRL, &[0x00]), msleep(10),
        cmd(OTP_READ, &[]), msleep(20),
        cmd(OTP_CTRL_OUT, &[]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        cmd(dcs::SET_DISPLAY_OFF, &[]), msleep(50),
        cmd(SET_VOP_OFFSET, &[0x00]),
        cmd(SET_VOP, &[0xe3, 0x00]),
        cmd(SET_BIAS_SYSTEM, &[0x02]),
        cmd(SET_BOOST_LEVEL, &[0x04]),
        cmd(ENABLE_ANALOG, &[0x1d]),
        cmd(SET_NLINE_INV, &[0x00]),
        cmd(DISP_MODE_GRAY, &[]),
        cmd(SET_DISP_DUTY, &[0x7f]),
        cmd(SET_PART_DISP, &[0xa0]),
        cmd(SET_PARTIAL_ROWS, &[0x00, 0x00, 0x00, 0x77]),
        cmd(dcs::EXIT_INVERT_MODE, &[]), msleep(100),
    ],
    address_mode: [0, MX, MX | MY, MY],
    exchanges: false,
    wire_format: WireFormat::Grey332,
    dc: DataCommand::Required(c"a0"),
    reset: Reset::Required,
    write_only: true,
    max_hz: Some(50_000_000), // as its binding says
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"st7586", c"Sitronix ST7586"),
    of: [c"lego,ev3-lcd"],
    spi: [c"ev3-lcd"],
    name: "tinydrm_st7586",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Sitronix ST7586 panels",
    license: "GPL",
}
