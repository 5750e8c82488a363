// SPDX-License-Identifier: GPL-2.0

//! Sitronix ST7735R, 132x162 and less.

use super::commands::{COMMON, Command, takes};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "st7735r",
    commands: &[COMMON, OWN],
    formats: &[3, 5, 6],
    colmod: 0x06,
    grey: false,
    id: [0x7c, 0x89, 0xf0],
    answers: &[],
    effect: no_effect,
};

const OWN: &[Command] = &[
    takes(0x2d, "RGBSET", 128),
    takes(0xb1, "FRMCTR1", 3),
    takes(0xb2, "FRMCTR2", 3),
    takes(0xb3, "FRMCTR3", 6),
    takes(0xb4, "INVCTR", 1),
    takes(0xc0, "PWCTR1", 3),
    takes(0xc1, "PWCTR2", 1),
    takes(0xc2, "PWCTR3", 2),
    takes(0xc3, "PWCTR4", 2),
    takes(0xc4, "PWCTR5", 2),
    takes(0xc5, "VMCTR1", 1),
    takes(0xc7, "VMOFCTR", 1),
    takes(0xd1, "WRID2", 1),
    takes(0xd2, "WRID3", 1),
    takes(0xd9, "NVFCTR1", 1),
    takes(0xde, "NVFCTR2", 2),
    takes(0xdf, "NVFCTR3", 2),
    takes(0xe0, "GMCTRP1", 16),
    takes(0xe1, "GMCTRN1", 16),
    takes(0xfc, "PWCTR6", 2),
];
