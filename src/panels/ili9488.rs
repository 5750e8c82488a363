// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9488, 320x480: pixels of 18 bits alone over SPI.
//!
//! The values are those of TFT_eSPI (`TFT_Drivers/ILI9488_Init.h`), with the parameters that it leaves
//! at their defaults written out.

use tinydrm::mipi_dbi::prelude::*;

const IFMODE: u8 = 0xb0; // interface mode
const FRMCTR1: u8 = 0xb1; // frame rate in normal mode
const INVTR: u8 = 0xb4; // inversion
const DISCTRL: u8 = 0xb6; // display function
const ETMOD: u8 = 0xb7; // entry mode
const PWCTRL1: u8 = 0xc0; // grey-scale voltages
const PWCTRL2: u8 = 0xc1; // step-up factor
const VMCTRL: u8 = 0xc5; // VCOM
const PGAMCTRL: u8 = 0xe0; // positive gamma
const NGAMCTRL: u8 = 0xe1; // negative gamma
const ADJCTRL3: u8 = 0xf7;

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(320, 480).millimetres(49, 73),
    init: &[
        cmd(PGAMCTRL, &[
            0x00, 0x03, 0x09, 0x08, 0x16, 0x0a, 0x3f, 0x78,
            0x4c, 0x09, 0x0a, 0x08, 0x16, 0x1a, 0x0f,
        ]),
        cmd(NGAMCTRL, &[
            0x00, 0x16, 0x19, 0x03, 0x0f, 0x05, 0x32, 0x45,
            0x46, 0x04, 0x0e, 0x0d, 0x35, 0x37, 0x0f,
        ]),
        cmd(PWCTRL1, &[0x17, 0x15]),
        cmd(PWCTRL2, &[0x41]),
        cmd(VMCTRL, &[0x00, 0x12, 0x80, 0x00]),
        cmd(IFMODE, &[0x00]),
        cmd(FRMCTR1, &[0xa0, 0x11]),
        cmd(INVTR, &[0x02]),
        cmd(DISCTRL, &[0x02, 0x02, 0x3b]),
        cmd(ETMOD, &[0xc6]),
        cmd(ADJCTRL3, &[0xa9, 0x51, 0x2c, 0x82]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        msleep(120),
    ],
    // The glass is blue, green, red, and blue is what comes first.
    address_mode: [MX, MV, MY, MV | MY | MX],
    wire_format: WireFormat::Bgr666,
    max_hz: Some(20_000_000), // 50 ns
    id: Some((0xd3, &[0x00, 0x00, 0x94, 0x88])),
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"ili9488", c"Ilitek ILI9488"),
    of: [c"ilitek,ili9488"],
    spi: [c"ili9488"],
    name: "tinydrm_ili9488",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Ilitek ILI9488 panels",
    license: "GPL",
}
