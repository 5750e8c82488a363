// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9163C, 132x162 and less.

use super::commands::{COMMON, Command, RDDSDR, RDID4, answers, takes};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "ili9163",
    commands: &[COMMON, OWN],
    formats: &[3, 5, 6],
    colmod: 0x66,
    grey: false,
    id: [0x54, 0x80, 0x66],
    answers: &[(RDID4, &[0x00, 0x00, 0x91, 0x63])],
    effect: no_effect,
};

const OWN: &[Command] = &[
    answers(RDDSDR, "RDDSDR"),
    takes(0x2d, "RGBSET", 128),
    takes(0xb1, "FRMCTR1", 2),
    takes(0xb2, "FRMCTR2", 2),
    takes(0xb3, "FRMCTR3", 2),
    takes(0xb4, "INVCTR", 1),
    takes(0xb5, "RGBBPCTR", 4),
    takes(0xb6, "DISSET5", 2),
    takes(0xb7, "SDRVDIR", 1),
    takes(0xb8, "GDRVDIR", 1),
    takes(0xc0, "PWCTR1", 2),
    takes(0xc1, "PWCTR2", 1),
    takes(0xc2, "PWCTR3", 1),
    takes(0xc3, "PWCTR4", 1),
    takes(0xc4, "PWCTR5", 1),
    takes(0xc5, "VMCTR1", 2),
    takes(0xc7, "VMOFCTR", 1),
    answers(RDID4, "RDID4"),
    takes(0xe0, "GMCTRP1", 15),
    takes(0xe1, "GMCTRN1", 15),
    takes(0xf2, "GAMRSEL", 1),
];
