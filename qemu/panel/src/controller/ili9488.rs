// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9488, 320x480. Its serial interface knows pixels of 18 bits, and of
//! 3, which are not emulated. TFT_eSPI (`TFT_Drivers/ILI9488_Init.h`) sends fewer
//! parameters than FRMCTR1 and VMCTRL have: the last ones keep their defaults.

use super::commands::{COMMON, Command, LARGER, RDID4, answers, takes};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "ili9488",
    commands: &[COMMON, LARGER, OWN],
    formats: &[6],
    colmod: 0x66,
    grey: false,
    id: [0x54, 0x80, 0x66],
    answers: &[(RDID4, &[0x00, 0x00, 0x94, 0x88])],
    effect: no_effect,
};

const OWN: &[Command] = &[
    takes(0x22, "ALLPOFF", 0),
    takes(0x23, "ALLPON", 0),
    takes(0xb0, "IFMODE", 1),
    takes(0xb1, "FRMCTR1", 2),
    takes(0xb2, "FRMCTR2", 2),
    takes(0xb3, "FRMCTR3", 2),
    takes(0xb4, "INVTR", 1),
    takes(0xb5, "PRCTR", 4),
    takes(0xb6, "DISCTRL", 3),
    takes(0xb7, "ETMOD", 1),
    takes(0xbe, "HSLCC", 2),
    takes(0xc0, "PWCTRL1", 2),
    takes(0xc1, "PWCTRL2", 1),
    takes(0xc2, "PWCTRL3", 1),
    takes(0xc3, "PWCTRL4", 1),
    takes(0xc4, "PWCTRL5", 1),
    takes(0xc5, "VMCTRL", 4),
    takes(0xc6, "CABCCTRL1", 1),
    answers(RDID4, "RDID4"),
    takes(0xe0, "PGAMCTRL", 15),
    takes(0xe1, "NGAMCTRL", 15),
    takes(0xe2, "DGAMCTRL1", 64),
    takes(0xe3, "DGAMCTRL2", 64),
    takes(0xe9, "SETIMAGE", 1),
    takes(0xf7, "ADJCTRL3", 4),
];
