// SPDX-License-Identifier: GPL-2.0

//! SainSmart 1.8" module: Sitronix ST7735R, 128x160, nothing to be read.

use tinydrm::mipi_dbi::prelude::*;

const FRMCTR1: u8 = 0xb1; // frame rate in normal mode
const INVCTR: u8 = 0xb4; // inversion
const PWCTR1: u8 = 0xc0; // grey-scale voltage
const PWCTR2: u8 = 0xc1; // step-up factor
const PWCTR3: u8 = 0xc2; // amplifiers in normal mode
const VMCTR1: u8 = 0xc5; // VCOM

const MODEL: Model = Model {
    mode: Mode::fixed(128, 160).millimetres(28, 35),
    init: &[
        cmd(FRMCTR1, &[0x01, 0x2c, 0x2d]),
        cmd(INVCTR, &[0x07]),
        cmd(PWCTR1, &[0xa2, 0x02, 0x84]),
        cmd(PWCTR2, &[0xc5]),
        cmd(PWCTR3, &[0x0a, 0x00]),
        cmd(VMCTR1, &[0x0e]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        msleep(120),
    ],
    address_mode: [MX | MY, MY | MV, 0, MX | MV],
    write_only: true,
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"sainsmart18", c"SainSmart 1.8 inch"),
    of: [c"sainsmart18"],
    spi: [c"sainsmart18"],
    name: "tinydrm_sainsmart18",
    authors: ["A. Author"],
    description: "DRM driver for the SainSmart 1.8 inch panel",
    license: "GPL",
}
