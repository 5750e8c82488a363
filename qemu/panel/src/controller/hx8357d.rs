// SPDX-License-Identifier: GPL-2.0

//! Himax HX8357-D, 320x480. Its own commands, with what they take, are those of
//! `drivers/staging/fbtft/fb_hx8357d.h` and `.c`; the kernel's `tiny/hx8357d.c`
//! sends SETCYC to SETRGB.

use super::commands::{COMMON, Command, LARGER, answers, takes};
use super::dcs::{Chip, Panel};

const SETPANEL: u8 = 0xcc;

/// The controller.
pub const CHIP: Chip = Chip {
    name: "hx8357d",
    commands: &[COMMON, LARGER, OWN],
    formats: &[5, 6],
    colmod: 0x06,
    grey: false,
    id: [0x00, 0x00, 0x00],
    answers: &[(0xd0, &[0x00, 0x99])],
    effect,
};

/// GS_PANEL and BGR_PANEL.
fn effect(panel: &mut Panel, opcode: u8, parameters: &[u8]) {
    if let (SETPANEL, [bits]) = (opcode, parameters) {
        panel.upside_down = bits & (1 << 2) != 0;
        panel.bgr = bits & 1 != 0;
    }
}

const OWN: &[Command] = &[
    takes(0xb0, "SETOSC", 1),
    takes(0xb1, "SETPOWER", 6),
    takes(0xb2, "SETDISPLAY", 1),
    takes(0xb3, "SETRGB", 4),
    takes(0xb4, "SETCYC", 7),
    takes(0xb6, "SETCOM", 1),
    takes(0xb9, "SETEXTC", 3),
    takes(0xc0, "SETSTBA", 6),
    takes(SETPANEL, "SETPANEL", 1),
    answers(0xd0, "GETHXID"),
    takes(0xe0, "SETGAMMA", 34),
];
