// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9225, 176x220, which has registers of its own.
//!
//! The values are those of the C driver, which has them from the Arduino library TFT_22_ILI9225.

use tinydrm::mipi_dbi::prelude::*;

const DRIVER_OUTPUT_CONTROL: u8 = 0x01; // and LCD AC driving control
const ENTRY_MODE: u8 = 0x03;
const DISPLAY_CONTROL_1: u8 = 0x07; // and blank period control
const FRAME_CYCLE_CONTROL: u8 = 0x0b; // and interface control
const OSCILLATION_CONTROL: u8 = 0x0f;
const POWER_CONTROL_1: u8 = 0x10;
const POWER_CONTROL_2: u8 = 0x11; // up to 5
const VCI_RECYCLING: u8 = 0x15;
const GATE_SCAN_CONTROL: u8 = 0x30; // vertical scroll 1 to 3, partial driving position 1 and 2
const GAMMA_CONTROL_1: u8 = 0x50; // up to 10

#[rustfmt::skip]
const MODEL: Model = Model {
    mode: Mode::fixed(176, 220).millimetres(35, 44),
    protocol: Protocol::Registers(Registers {
        window: [0x37, 0x36, 0x39, 0x38, 0x20, 0x21],
        memory: 0x22,
        entry_mode: ENTRY_MODE,
        entry_mode_base: 0x1000, // the colour filter is blue, green, red
    }),
    init: &[
        msleep(120),
        set(POWER_CONTROL_1, &[0x0000, 0x0000, 0x0000, 0x0000, 0x0000]), msleep(40),
        set(POWER_CONTROL_2, &[0x0018, 0x6121, 0x006f, 0x495f]),
        set(POWER_CONTROL_1, &[0x0800]), msleep(10),
        set(POWER_CONTROL_2, &[0x103b]), msleep(50),
        set(DRIVER_OUTPUT_CONTROL, &[0x011c, 0x0100]),
        set(DISPLAY_CONTROL_1, &[0x0000, 0x0808]),
        set(FRAME_CYCLE_CONTROL, &[0x1100, 0x0000]),
        set(OSCILLATION_CONTROL, &[0x0d01]),
        set(VCI_RECYCLING, &[0x0020]),
        set(GATE_SCAN_CONTROL, &[0x0000, 0x00db, 0x0000, 0x0000, 0x00db, 0x0000]),
        set(GAMMA_CONTROL_1, &[
            0x0000, 0x0808, 0x080a, 0x000a, 0x0a08, 0x0808, 0x0000, 0x0a00, 0x0710, 0x0710,
        ]),
        set(DISPLAY_CONTROL_1, &[0x0012]), msleep(50),
    ],
    on: &[set(DISPLAY_CONTROL_1, &[0x1017])],
    off: &[
        set(DISPLAY_CONTROL_1, &[0x0000]), msleep(50),
        set(POWER_CONTROL_2, &[0x0007]), msleep(50),
        set(POWER_CONTROL_1, &[0x0a02]),
    ],
    address_mode: [ID0 | ID1, AM | ID0, 0, AM | ID1],
    dc: DataCommand::Required(c"rs"),
    reset: Reset::Required,
    write_only: true,
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"ili9225", c"Ilitek ILI9225"),
    of: [c"vot,v220hf01a-t"],
    spi: [c"v220hf01a-t"],
    name: "tinydrm_ili9225",
    authors: ["The tinydrm developers"],
    description: "DRM driver for Ilitek ILI9225 panels",
    license: "GPL",
}
