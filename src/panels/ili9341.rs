// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9341, 240x320 (datasheet V1.11), on the Adafruit YX240QV29 module.

use tinydrm::mipi_dbi::prelude::*;

const FRMCTR1: u8 = 0xb1; // frame rate in normal mode
const DISCTRL: u8 = 0xb6; // display function
const ETMOD: u8 = 0xb7; // entry mode
const PWCTRL1: u8 = 0xc0; // grey-scale voltage
const PWCTRL2: u8 = 0xc1; // step-up factor
const VMCTRL1: u8 = 0xc5; // VCOM high and low
const VMCTRL2: u8 = 0xc7; // VCOM offset
const PWCTRLA: u8 = 0xcb; // power control A
const PWCTRLB: u8 = 0xcf; // power control B
const PGAMCTRL: u8 = 0xe0; // positive gamma
const NGAMCTRL: u8 = 0xe1; // negative gamma
const DTCTRLA: u8 = 0xe8; // driver timing A
const DTCTRLB: u8 = 0xea; // driver timing B
const PWRSEQ: u8 = 0xed; // power-on sequence
const EN3GAM: u8 = 0xf2; // three gammas
const PUMPCTRL: u8 = 0xf7; // pump ratio

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(240, 320).millimetres(37, 49),
    init: &[
        cmd(PWCTRLB, &[0x00, 0xc1, 0x30]),
        cmd(PWRSEQ, &[0x64, 0x03, 0x12, 0x81]),
        cmd(DTCTRLA, &[0x85, 0x00, 0x78]),
        cmd(PWCTRLA, &[0x39, 0x2c, 0x00, 0x34, 0x02]),
        cmd(PUMPCTRL, &[0x20]),
        cmd(DTCTRLB, &[0x00, 0x00]),
        cmd(PWCTRL1, &[0x23]),
        cmd(PWCTRL2, &[0x10]),
        cmd(VMCTRL1, &[0x3e, 0x28]),
        cmd(VMCTRL2, &[0x86]),
        cmd(FRMCTR1, &[0x00, 0x1b]),
        cmd(EN3GAM, &[0x00]),
        cmd(dcs::SET_GAMMA_CURVE, &[0x01]),
        cmd(PGAMCTRL, &[
            0x0f, 0x31, 0x2b, 0x0c, 0x0e, 0x08, 0x4e, 0xf1,
            0x37, 0x07, 0x10, 0x03, 0x0e, 0x09, 0x00,
        ]),
        cmd(NGAMCTRL, &[
            0x00, 0x0e, 0x14, 0x03, 0x11, 0x07, 0x31, 0xc1,
            0x48, 0x08, 0x0f, 0x0c, 0x31, 0x36, 0x0f,
        ]),
        cmd(ETMOD, &[0x07]),
        cmd(DISCTRL, &[0x08, 0x82, 0x27, 0x00]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]), msleep(120),
    ],
    address_mode: [BGR | MX, BGR | MV, BGR | MY, BGR | MV | MY | MX],
    max_hz: Some(10_000_000), id: Some((0xd3, &[0x00, 0x00, 0x93, 0x41])), // 100 ns
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"ili9341", c"Ilitek ILI9341"),
    of: [c"adafruit,yx240qv29"],
    spi: [c"yx240qv29"],
    name: "tinydrm_ili9341",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Ilitek ILI9341 panels",
    license: "GPL",
}
