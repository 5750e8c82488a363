// SPDX-License-Identifier: GPL-2.0

//! Sitronix ST7735R, on the Jianda JD-T18003-T01 (128x160) and Okaya RH128128T (128x128) modules.

use tinydrm::mipi_dbi::prelude::*;

const FRMCTR1: u8 = 0xb1; // frame rate in normal mode
const FRMCTR2: u8 = 0xb2; // in idle mode
const FRMCTR3: u8 = 0xb3; // in partial mode
const INVCTR: u8 = 0xb4; // inversion
const PWCTR1: u8 = 0xc0; // grey-scale voltage
const PWCTR2: u8 = 0xc1; // step-up factor
const PWCTR3: u8 = 0xc2; // amplifiers in normal mode
const PWCTR4: u8 = 0xc3; // in idle mode
const PWCTR5: u8 = 0xc4; // in partial mode
const VMCTR1: u8 = 0xc5; // VCOM
const GAMCTRP1: u8 = 0xe0; // positive gamma
const GAMCTRN1: u8 = 0xe1; // negative gamma

/// What both have in common. Rotations are clockwise, as in the C driver.
#[rustfmt::skip]
const JD_T18003_T01: Model = Model {
    mode: Mode::fixed(128, 160).millimetres(28, 35),
    init: &[
        cmd(dcs::EXIT_SLEEP_MODE, &[]), msleep(500),
        cmd(FRMCTR1, &[0x01, 0x2c, 0x2d]), cmd(FRMCTR2, &[0x01, 0x2c, 0x2d]),
        cmd(FRMCTR3, &[0x01, 0x2c, 0x2d, 0x01, 0x2c, 0x2d]),
        cmd(INVCTR, &[0x07]),
        cmd(PWCTR1, &[0xa2, 0x02, 0x84]), cmd(PWCTR2, &[0xc5]),
        cmd(PWCTR3, &[0x0a, 0x00]), cmd(PWCTR4, &[0x8a, 0x2a]), cmd(PWCTR5, &[0x8a, 0xee]),
        cmd(VMCTR1, &[0x0e]), cmd(dcs::EXIT_INVERT_MODE, &[]),
        cmd(GAMCTRP1, &[
            0x02, 0x1c, 0x07, 0x12, 0x37, 0x32, 0x29, 0x2d,
            0x29, 0x25, 0x2b, 0x39, 0x00, 0x01, 0x03, 0x10,
        ]),
        cmd(GAMCTRN1, &[
            0x03, 0x1d, 0x07, 0x06, 0x2e, 0x2c, 0x29, 0x2d,
            0x2e, 0x2e, 0x37, 0x3f, 0x00, 0x00, 0x02, 0x10,
        ]),
        cmd(dcs::ENTER_NORMAL_MODE, &[]),
    ],
    address_mode: [MX | MY, MX | MV, 0, MY | MV],
    dc: DataCommand::Required(c"dc"),
    reset: Reset::Required,
    write_only: true,
    keeps_lit: false,
    max_hz: Some(15_151_515), // 66 ns
    ..Model::MIPI_DBI
};

#[rustfmt::skip]
const RH128128T: Model = Model {
    mode: Mode::fixed(128, 128).millimetres(25, 26),
    margins: Margins { left: 2, top: 3, right: 2, bottom: 1 },
    address_mode: [BGR | MX | MY, BGR | MX | MV, BGR, BGR | MY | MV],
    write_only: false,
    ..JD_T18003_T01
};

tinydrm::module_panel_driver! {
    model: JD_T18003_T01,
    info: (c"st7735r", c"Sitronix ST7735R"),
    of: [c"jianda,jd-t18003-t01", c"okaya,rh128128t" => RH128128T],
    spi: [c"jd-t18003-t01", c"rh128128t" => RH128128T],
    name: "tinydrm_st7735r",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Sitronix ST7735R panels",
    license: "GPL",
}
