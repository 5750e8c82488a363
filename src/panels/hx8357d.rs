// SPDX-License-Identifier: GPL-2.0

//! Himax HX8357-D, 320x480, on the Adafruit YX350HV15 module.

use tinydrm::mipi_dbi::prelude::*;

const SETOSC: u8 = 0xb0; // oscillator
const SETPOWER: u8 = 0xb1; // supply voltages
const SETRGB: u8 = 0xb3; // RGB interface, and the line for answers
const SETCYC: u8 = 0xb4; // display cycle
const SETCOM: u8 = 0xb6; // VCOM
const SETEXTC: u8 = 0xb9; // lets the others in
const SETSTBA: u8 = 0xc0; // source driver
const SETPANEL: u8 = 0xcc; // gates and colour filter
const SETGAMMA: u8 = 0xe0; // gamma

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(320, 480).millimetres(60, 75),
    init: &[
        cmd(SETEXTC, &[0xff, 0x83, 0x57]),
        msleep(150),
        cmd(SETRGB, &[0x00, 0x00, 0x06, 0x06]),
        cmd(SETCOM, &[0x25]), // -1.52 V
        cmd(SETOSC, &[0x68]), // 70 Hz, idle 55 Hz
        cmd(SETPANEL, &[0x05]), // gates from the other end, BGR
        cmd(SETPOWER, &[0x00, 0x15, 0x1c, 0x1c, 0x83, 0xaa]),
        cmd(SETSTBA, &[0x50, 0x50, 0x01, 0x3c, 0x1e, 0x08]),
        cmd(SETCYC, &[0x02, 0x40, 0x00, 0x2a, 0x2a, 0x0d, 0x78]),
        cmd(SETGAMMA, &[
            0x02, 0x0a, 0x11, 0x1d, 0x23, 0x35, 0x41, 0x4b, 0x4b, 0x42, 0x3a, 0x27, 0x1b, 0x08,
            0x09, 0x03, 0x02, 0x0a, 0x11, 0x1d, 0x23, 0x35, 0x41, 0x4b, 0x4b, 0x42, 0x3a, 0x27,
            0x1b, 0x08, 0x09, 0x03, 0x00, 0x01,
        ]),
        cmd(dcs::SET_TEAR_ON, &[0x00]),
        cmd(dcs::SET_TEAR_SCANLINE, &[0x00, 0x02]),
        cmd(dcs::EXIT_SLEEP_MODE, &[]),
        msleep(150),
    ],
    address_mode: [MX | MY, MV | MY, 0, MV | MX],
    dc: DataCommand::Required(c"dc"),
    reset: Reset::None,
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"hx8357d", c"HX8357D"),
    of: [c"adafruit,yx350hv15"],
    spi: [c"yx350hv15"],
    name: "tinydrm_hx8357d",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Himax HX8357D panels",
    license: "GPL",
}
