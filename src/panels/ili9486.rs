// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9486, 480x320, on the PiScreen and the Waveshare 3.5" board for the Raspberry Pi:
//! behind shift registers that make a bus of sixteen lines.

use tinydrm::mipi_dbi::prelude::*;

const IFMODE: u8 = 0xb0; // interface mode
const PWCTRL3: u8 = 0xc2; // step-up clock in normal mode
const VMCTRL1: u8 = 0xc5; // VCOM
const PGAMCTRL: u8 = 0xe0; // positive gamma
const NGAMCTRL: u8 = 0xe1; // negative gamma
const DGAMCTRL1: u8 = 0xe2; // digital gamma

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(480, 320).millimetres(73, 49),
    init: &[
        cmd(IFMODE, &[0x00]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        msleep(250),
        cmd(PWCTRL3, &[0x44]),
        cmd(VMCTRL1, &[0x00, 0x00, 0x00, 0x00]),
        cmd(PGAMCTRL, &[
            0x0f, 0x1f, 0x1c, 0x0c, 0x0f, 0x08, 0x48, 0x98,
            0x37, 0x0a, 0x13, 0x04, 0x11, 0x0d, 0x00,
        ]),
        cmd(NGAMCTRL, &[
            0x0f, 0x32, 0x2e, 0x0b, 0x0d, 0x05, 0x47, 0x75,
            0x37, 0x06, 0x10, 0x03, 0x24, 0x20, 0x00,
        ]),
        cmd(DGAMCTRL1, &[
            0x0f, 0x32, 0x2e, 0x0b, 0x0d, 0x05, 0x47, 0x75,
            0x37, 0x06, 0x10, 0x03, 0x24, 0x20, 0x00, 0x00,
        ]),
    ],
    address_mode: [BGR | MV | MY | MX, BGR | MY, BGR | MV, BGR | MX],
    words: Words::Bits16,
    dc: DataCommand::Required(c"dc"),
    reset: Reset::Required,
    write_only: true,
    max_hz: Some(15_151_515), // 66 ns
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"ili9486", c"Ilitek ILI9486"),
    of: [c"waveshare,rpi-lcd-35", c"ozzmaker,piscreen"],
    spi: [c"ili9486", c"rpi-lcd-35", c"piscreen"],
    name: "tinydrm_ili9486",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Ilitek ILI9486 panels",
    license: "GPL",
}
