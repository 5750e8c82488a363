// SPDX-License-Identifier: GPL-2.0

//! Multi-Inno MI0283QT, 320x240: an Ilitek ILI9341 on its side.

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
    mode: Mode::fixed(320, 240).millimetres(58, 43),
    init: &[
        cmd(PWCTRLB, &[0x00, 0x83, 0x30]),
        cmd(PWRSEQ, &[0x64, 0x03, 0x12, 0x81]),
        cmd(DTCTRLA, &[0x85, 0x01, 0x79]),
        cmd(PWCTRLA, &[0x39, 0x2c, 0x00, 0x34, 0x02]),
        cmd(PUMPCTRL, &[0x20]),
        cmd(DTCTRLB, &[0x00, 0x00]),
        cmd(PWCTRL1, &[0x26]),
        cmd(PWCTRL2, &[0x11]),
        cmd(VMCTRL1, &[0x35, 0x3e]),
        cmd(VMCTRL2, &[0xbe]),
        cmd(FRMCTR1, &[0x00, 0x1b]),
        cmd(EN3GAM, &[0x08]),
        cmd(dcs::SET_GAMMA_CURVE, &[0x01]),
        cmd(PGAMCTRL, &[
            0x1f, 0x1a, 0x18, 0x0a, 0x0f, 0x06, 0x45, 0x87,
            0x32, 0x0a, 0x07, 0x02, 0x07, 0x05, 0x00,
        ]),
        cmd(NGAMCTRL, &[
            0x00, 0x25, 0x27, 0x05, 0x10, 0x09, 0x3a, 0x78,
            0x4d, 0x05, 0x18, 0x0d, 0x38, 0x3a, 0x1f,
        ]),
        cmd(ETMOD, &[0x07]),
        cmd(DISCTRL, &[0x0a, 0x82, 0x27, 0x00]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]), msleep(100),
    ],
    address_mode: [BGR | MV | MY | MX, BGR | MY, BGR | MV, BGR | MX],
    max_hz: Some(10_000_000), id: Some((0xd3, &[0x00, 0x00, 0x93, 0x41])), // 100 ns
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"mi0283qt", c"Multi-Inno MI0283QT"),
    of: [c"multi-inno,mi0283qt"],
    spi: [c"mi0283qt"],
    name: "tinydrm_mi0283qt",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Multi-Inno MI0283QT panels",
    license: "GPL",
}
