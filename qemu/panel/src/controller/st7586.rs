// SPDX-License-Identifier: GPL-2.0

//! Sitronix ST7586, 384x160 dots of four greys: a column of its memory is a
//! byte of three pixels. The first two have three bits each, the last has two.
//!
//! What is not here: the monochrome mode, the partial area and the scroll area
//! are accepted and change nothing. Which outputs a module's glass is on no
//! datasheet tells; the address mode turns the picture on it.

use crate::gram::Rgb666;

use super::commands::{
    self as op,
    Command,
    answers,
    pixels,
    takes, //
};
use super::dcs::{Chip, no_effect};

/// The controller.
pub const CHIP: Chip = Chip {
    name: "st7586",
    commands: &[OWN],
    formats: &[2],
    colmod: 0,
    grey: true,
    id: [0; 3],
    answers: &[],
    effect: no_effect,
};

const OWN: &[Command] = &[
    takes(op::NOP, "NOP", 0),
    takes(op::SWRESET, "SWRESET", 0),
    takes(op::SLPIN, "SLPIN", 0),
    takes(op::SLPOUT, "SLPOUT", 0),
    takes(op::PTLON, "PTLON", 0),
    takes(op::NORON, "PTLOFF", 0),
    takes(op::INVOFF, "INVOFF", 0),
    takes(op::INVON, "INVON", 0),
    takes(0x22, "ALLPOFF", 0),
    takes(0x23, "ALLPON", 0),
    takes(op::DISPOFF, "DISPOFF", 0),
    takes(op::DISPON, "DISPON", 0),
    takes(op::CASET, "CASET", 4),
    takes(op::PASET, "RASET", 4),
    pixels(op::RAMWR, "RAMWR"),
    answers(op::RAMRD, "RAMRD"),
    takes(0x30, "PARTAREA", 4),
    takes(0x33, "SCRLAR", 3),
    takes(op::MADCTL, "DISCTRL", 1),
    takes(0x37, "STARTLINE", 1),
    takes(0x38, "GRAY", 0),
    takes(0x39, "MONO", 0),
    takes(op::COLMOD, "ENDDRAM", 1),
    takes(0xb0, "DUTY", 1),
    takes(0xb1, "FIRSTCOM", 1),
    takes(0xb3, "FOSCDIV", 1),
    takes(0xb4, "PTLMOD", 1),
    takes(0xb5, "NLINEINV", 1),
    takes(0xb7, "RMWIN", 0),
    takes(0xb8, "RMWOUT", 0),
    takes(0xc0, "VOP", 2),
    takes(0xc1, "VOPINC", 0),
    takes(0xc2, "VOPDEC", 0),
    takes(0xc3, "BIAS", 1),
    takes(0xc4, "BOOST", 1),
    takes(0xc7, "VOPOFFSET", 1),
    takes(0xd0, "ANALOG", 1),
    takes(0xd7, "AUTOREAD", 1),
    takes(0xe0, "OTPRW", 1),
    takes(0xe1, "OTPOUT", 0),
    takes(0xe2, "OTPWR", 0),
    takes(0xe3, "OTPRD", 0),
    takes(0xe4, "OTPSEL", 1),
    takes(0xe5, "OTPSET", 1),
    takes(0xf0, "FRGRAY", 4),
    takes(0xf1, "FRMONO", 4),
];

/// A column, from 0 for white to 3 for black: of three bits the upper two count.
pub fn cell(byte: u8) -> Rgb666 {
    Rgb666 {
        r: byte >> 6,
        g: (byte >> 3) & 3,
        b: byte & 3,
    }
}

/// The pixel `x` of the glass, of its column.
pub fn shown(cell: Rgb666, x: u16) -> u16 {
    let dark = [cell.r, cell.g, cell.b][usize::from(x % 3)] & 3;
    let grey = u16::from(255 - 85 * dark);
    ((grey >> 3) << 11) | ((grey >> 2) << 5) | (grey >> 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_greys_in_each_place() {
        // The table in st7586.c: black, dark, light, white.
        for (three, two, grey) in [
            (0b111, 0b11, 0x0000),
            (0b100, 0b10, 0x52aa),
            (0b010, 0b01, 0xad55),
            (0b000, 0b00, 0xffff),
        ] {
            let cell = cell((three << 5) | (three << 2) | two);
            assert_eq!([0, 1, 2].map(|x| shown(cell, x)), [grey; 3]);
        }
        assert_eq!(
            [3, 4, 5].map(|x| shown(cell(0b0001_0011), x)),
            [0xffff, 0x52aa, 0]
        );
    }
}
