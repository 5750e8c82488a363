// SPDX-License-Identifier: GPL-2.0

//! Galaxycore GC9A01A, 240x240, round. Of the commands of its own most have no
//! name, and are open only after the two that unlock them. What they take is what module
//! makers send, as in TFT_eSPI (`TFT_Drivers/GC9A01_Init.h`).

use super::commands::{COMMON, Command, LARGER, takes};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "gc9a01",
    commands: &[COMMON, LARGER, OWN],
    formats: &[3, 5, 6],
    colmod: 0x66,
    grey: false,
    id: [0x00, 0x9a, 0x01],
    answers: &[],
    effect: no_effect,
};

const OWN: &[Command] = &[
    takes(0x62, "VREG62", 12),
    takes(0x63, "VREG63", 12),
    takes(0x64, "VREG64", 7),
    takes(0x66, "VREG66", 10),
    takes(0x67, "VREG67", 10),
    takes(0x70, "VREG70", 9),
    takes(0x74, "VREG74", 7),
    takes(0x84, "REG84", 1),
    takes(0x85, "REG85", 1),
    takes(0x86, "REG86", 1),
    takes(0x87, "REG87", 1),
    takes(0x88, "REG88", 1),
    takes(0x89, "REG89", 1),
    takes(0x8a, "REG8A", 1),
    takes(0x8b, "REG8B", 1),
    takes(0x8c, "REG8C", 1),
    takes(0x8d, "REG8D", 1),
    takes(0x8e, "REG8E", 1),
    takes(0x8f, "REG8F", 1),
    takes(0x90, "REG90", 4),
    takes(0x98, "REG98", 2),
    takes(0xae, "REGAE", 1),
    takes(0xb4, "INVTR", 1),
    takes(0xb5, "PRCTR", 4),
    takes(0xb6, "DISCTRL", 2),
    takes(0xba, "TECTRL", 1),
    takes(0xbc, "REGBC", 1),
    takes(0xbd, "REGBD", 1),
    takes(0xbe, "REGBE", 1),
    takes(0xc1, "PWCTRL1", 1),
    takes(0xc3, "PWCTRL2", 1),
    takes(0xc4, "PWCTRL3", 1),
    takes(0xc9, "PWCTRL4", 1),
    takes(0xcd, "REGCD", 1),
    takes(0xdf, "REGDF", 3),
    takes(0xe1, "REGE1", 2),
    takes(0xe8, "FRCTRL", 1),
    takes(0xe9, "SPI2DATA", 1),
    takes(0xeb, "REGEB", 1),
    takes(0xed, "REGED", 2),
    takes(0xef, "INTERREG2", 0),
    takes(0xf0, "GAMMA1", 6),
    takes(0xf1, "GAMMA2", 6),
    takes(0xf2, "GAMMA3", 6),
    takes(0xf3, "GAMMA4", 6),
    takes(0xf6, "IFCTL", 1),
    takes(0xfe, "INTERREG1", 0),
    takes(0xff, "REGFF", 3),
];
