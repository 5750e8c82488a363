// SPDX-License-Identifier: GPL-2.0

//! Sitronix ST7789V, 240x320 (datasheet V1.6).

use super::commands::{COMMON, Command, LARGER, takes};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "st7789v",
    commands: &[COMMON, LARGER, OWN],
    formats: &[3, 5, 6],
    colmod: 0x66,
    grey: false,
    id: [0x85, 0x85, 0x52],
    answers: &[],
    effect: no_effect,
};

const OWN: &[Command] = &[
    takes(0xb0, "RAMCTRL", 2),
    takes(0xb1, "RGBCTRL", 3),
    takes(0xb2, "PORCTRL", 5),
    takes(0xb3, "FRCTRL1", 3),
    takes(0xb5, "PARCTRL", 1),
    takes(0xb7, "GCTRL", 1),
    takes(0xb8, "GTADJ", 4),
    takes(0xba, "DGMEN", 1),
    takes(0xbb, "VCOMS", 1),
    takes(0xbc, "POWSAVE", 1),
    takes(0xbd, "DLPOFFSAVE", 1),
    takes(0xc0, "LCMCTRL", 1),
    takes(0xc1, "IDSET", 3),
    takes(0xc2, "VDVVRHEN", 2),
    takes(0xc3, "VRHS", 1),
    takes(0xc4, "VDVSET", 1),
    takes(0xc5, "VCMOFSET", 1),
    takes(0xc6, "FRCTRL2", 1),
    takes(0xc7, "CABCCTRL", 1),
    takes(0xc8, "REGSEL1", 1),
    takes(0xca, "REGSEL2", 1),
    takes(0xcc, "PWMFRSEL", 1),
    takes(0xd0, "PWCTRL1", 2),
    takes(0xd2, "VAPVANEN", 1),
    takes(0xdf, "CMD2EN", 4),
    takes(0xe0, "PVGAMCTRL", 14),
    takes(0xe1, "NVGAMCTRL", 14),
    takes(0xe2, "DGMLUTR", 64),
    takes(0xe3, "DGMLUTB", 64),
    takes(0xe4, "GATECTRL", 3),
    takes(0xe7, "SPI2EN", 1),
    takes(0xe8, "PWCTRL2", 1),
    takes(0xe9, "EQCTRL", 3),
    takes(0xec, "PROMCTRL", 1),
    takes(0xfa, "PROMEN", 4),
    takes(0xfc, "NVMSET", 2),
    takes(0xfe, "PROMACT", 2),
];
