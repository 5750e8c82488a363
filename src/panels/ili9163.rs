// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9163C, 128x160, on the Newhaven NHD-1.8-128160EF module.

use tinydrm::mipi_dbi::prelude::*;

const FRMCTR1: u8 = 0xb1; // frame rate in normal mode
const PWCTRL1: u8 = 0xc0; // grey-scale voltage
const PWCTRL2: u8 = 0xc1; // step-up factor
const VMCTRL1: u8 = 0xc5; // VCOM high and low
const VMCTRL2: u8 = 0xc7; // VCOM offset
const EN3GAM: u8 = 0xf2; // gamma adjustment

const MODEL: Model = Model {
    mode: Mode::fixed(128, 160).millimetres(28, 35),
    init: &[
        cmd(dcs::SET_GAMMA_CURVE, &[0x04]),
        cmd(EN3GAM, &[0x00]),
        cmd(FRMCTR1, &[0x0a, 0x14]),
        cmd(PWCTRL1, &[0x0a, 0x00]),
        cmd(PWCTRL2, &[0x02]),
        cmd(VMCTRL1, &[0x2f, 0x3e]),
        cmd(VMCTRL2, &[0x40]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        msleep(100),
    ],
    address_mode: [BGR | MX | MY, BGR | MX | MV, BGR, BGR | MY | MV],
    max_hz: Some(15_151_515), // 66 ns
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"ili9163", c"Ilitek ILI9163"),
    of: [c"newhaven,1.8-128160EF"],
    // The second is what the SPI core makes of the compatible.
    spi: [c"nhd-1.8-128160EF", c"1.8-128160EF"],
    name: "tinydrm_ili9163",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Ilitek ILI9163 panels",
    license: "GPL",
}
