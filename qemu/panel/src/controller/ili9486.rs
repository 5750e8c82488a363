// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9486, 320x480. On its own serial interface it knows pixels of 18
//! bits alone; the boards that are known put a bus of 16 lines before it.
//! `drivers/staging/fbtft/fb_ili9486.c` sends the same to its own commands as the
//! kernel's `tiny/ili9486.c`, but 0xb0 has its parameter there; both leave out the
//! last one of 0xe2.

use super::commands::{COMMON, Command, LARGER, RDID4, answers, takes};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "ili9486",
    commands: &[COMMON, LARGER, OWN],
    formats: &[5, 6],
    colmod: 0x66,
    grey: false,
    id: [0x54, 0x80, 0x66],
    answers: &[(RDID4, &[0x00, 0x00, 0x94, 0x86])],
    effect: no_effect,
};

const OWN: &[Command] = &[
    takes(0xb0, "IFMODE", 1),
    takes(0xb1, "FRMCTR1", 2),
    takes(0xb2, "FRMCTR2", 2),
    takes(0xb3, "FRMCTR3", 2),
    takes(0xb4, "INVTR", 1),
    takes(0xb5, "PRCTR", 4),
    takes(0xb6, "DISCTRL", 3),
    takes(0xb7, "ETMOD", 1),
    takes(0xc0, "PWCTRL1", 2),
    takes(0xc1, "PWCTRL2", 2),
    takes(0xc2, "PWCTRL3", 1),
    takes(0xc3, "PWCTRL4", 1),
    takes(0xc4, "PWCTRL5", 1),
    takes(0xc5, "VMCTRL", 4),
    takes(0xc6, "CABCCTRL1", 1),
    takes(0xc8, "CABCCTRL2", 1),
    takes(0xc9, "CABCCTRL3", 1),
    takes(0xca, "CABCCTRL4", 1),
    takes(0xcb, "CABCCTRL5", 1),
    takes(0xcc, "CABCCTRL6", 1),
    takes(0xcd, "CABCCTRL7", 1),
    takes(0xce, "CABCCTRL8", 1),
    takes(0xcf, "CABCCTRL9", 1),
    takes(0xd0, "NVMWR", 2),
    takes(0xd1, "NVMPKEY", 3),
    answers(0xd2, "RDNVM"),
    answers(RDID4, "RDID4"),
    takes(0xe0, "PGAMCTRL", 15),
    takes(0xe1, "NGAMCTRL", 15),
    takes(0xe2, "DGAMCTRL1", 16),
    takes(0xe3, "DGAMCTRL2", 64),
];
