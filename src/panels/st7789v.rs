// SPDX-License-Identifier: GPL-2.0

//! Sitronix ST7789V (datasheet V1.6), on the Shineworld LH133K module, 240x240 of 240x320.
//!
//! The values are those that makers of such modules hand out, as in ST7789-STM32 (`ST7789/st7789.c`).

use tinydrm::mipi_dbi::prelude::*;

const PORCTRL: u8 = 0xb2; // porches
const GCTRL: u8 = 0xb7; // gate voltages
const VCOMS: u8 = 0xbb; // VCOM
const LCMCTRL: u8 = 0xc0; // what of the address mode is exclusive-ored
const VDVVRHEN: u8 = 0xc2; // VDV and VRH come from commands
const VRHS: u8 = 0xc3; // grey-scale voltage
const VDVSET: u8 = 0xc4; // VDV
const FRCTRL2: u8 = 0xc6; // frame rate in normal mode
const PWCTRL1: u8 = 0xd0; // supply voltages
const PVGAMCTRL: u8 = 0xe0; // positive gamma
const NVGAMCTRL: u8 = 0xe1; // negative gamma

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(240, 240).millimetres(23, 23),
    margins: Margins { left: 0, top: 0, right: 0, bottom: 80 },
    init: &[
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        msleep(120),
        cmd(PORCTRL, &[0x0c, 0x0c, 0x00, 0x33, 0x33]),
        cmd(GCTRL, &[0x35]),
        cmd(VCOMS, &[0x19]),
        cmd(LCMCTRL, &[0x2c]),
        cmd(VDVVRHEN, &[0x01, 0xff]),
        cmd(VRHS, &[0x12]),
        cmd(VDVSET, &[0x20]),
        cmd(FRCTRL2, &[0x0f]),
        cmd(PWCTRL1, &[0xa4, 0xa1]),
        cmd(PVGAMCTRL, &[
            0xd0, 0x04, 0x0d, 0x11, 0x13, 0x2b, 0x3f, 0x54, 0x4c, 0x18, 0x0d, 0x0b, 0x1f, 0x23,
        ]),
        cmd(NVGAMCTRL, &[
            0xd0, 0x04, 0x0c, 0x11, 0x13, 0x2c, 0x3f, 0x44, 0x51, 0x2f, 0x1f, 0x1f, 0x20, 0x23,
        ]),
        cmd(dcs::ENTER_INVERT_MODE, &[]),
    ],
    address_mode: [0, MV | MX, MX | MY, MV | MY],
    max_hz: Some(62_500_000), // 16 ns
    id: Some((dcs::GET_DISPLAY_ID, &[0x85, 0x85, 0x52])),
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"st7789v", c"Sitronix ST7789V"),
    of: [c"shineworld,lh133k"],
    spi: [c"lh133k"],
    name: "tinydrm_st7789v",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Sitronix ST7789V panels",
    license: "GPL",
}
