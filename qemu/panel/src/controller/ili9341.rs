// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9341, 240x320 (datasheet V1.11, section 8.1).

use std::time::Duration;

use super::commands::{COMMON, Command, LARGER, RDID4, answers, takes};
use super::dcs::{Chip, Panel};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "ili9341",
    commands: &[COMMON, LARGER, OWN],
    formats: &[5, 6],
    colmod: 0x66,
    grey: false,
    id: [0x00, 0x80, 0x00],
    answers: &[(RDID4, &[0x00, 0x00, 0x93, 0x41])],
    effect,
};

/// Frame rate in normal mode.
const FRMCTR1: u8 = 0xb1;

/// Of FRMCTR1, DIVA is the divider of the oscillator, and RTNA the clocks of a line.
fn effect(panel: &mut Panel, opcode: u8, parameters: &[u8]) {
    if let (FRMCTR1, &[diva, rtna, ..]) = (opcode, parameters) {
        let clocks = u64::from(rtna & 0x1f) << (diva & 3);
        panel.line = Duration::from_nanos(clocks.max(1) * 1_000_000 / 615);
    }
}

const OWN: &[Command] = &[
    takes(0x2d, "RGBSET", 128),
    takes(0xb0, "IFMODE", 1),
    takes(FRMCTR1, "FRMCTR1", 2),
    takes(0xb2, "FRMCTR2", 2),
    takes(0xb3, "FRMCTR3", 2),
    takes(0xb4, "INVTR", 1),
    takes(0xb5, "PRCTR", 4),
    takes(0xb6, "DISCTRL", 4),
    takes(0xb7, "ETMOD", 1),
    takes(0xb8, "BLCTR1", 1),
    takes(0xb9, "BLCTR2", 1),
    takes(0xba, "BLCTR3", 1),
    takes(0xbb, "BLCTR4", 1),
    takes(0xbc, "BLCTR5", 1),
    takes(0xbe, "BLCTR7", 1),
    takes(0xbf, "BLCTR8", 1),
    takes(0xc0, "PWCTRL1", 1),
    takes(0xc1, "PWCTRL2", 1),
    takes(0xc5, "VMCTRL1", 2),
    takes(0xc7, "VMCTRL2", 1),
    takes(0xcb, "PWCTRLA", 5),
    takes(0xcf, "PWCTRLB", 3),
    takes(0xd0, "NVMWR", 2),
    takes(0xd1, "NVMPKEY", 3),
    answers(0xd2, "RDNVM"),
    answers(RDID4, "RDID4"),
    takes(0xe0, "PGAMCTRL", 15),
    takes(0xe1, "NGAMCTRL", 15),
    takes(0xe2, "DGAMCTRL1", 16),
    takes(0xe3, "DGAMCTRL2", 64),
    takes(0xe8, "DTCTRLA", 3),
    takes(0xe9, "DTCTRLA2", 3),
    takes(0xea, "DTCTRLB", 2),
    takes(0xed, "PWRSEQ", 4),
    takes(0xf2, "EN3G", 1),
    takes(0xf6, "IFCTL", 3),
    takes(0xf7, "PRC", 1),
];
