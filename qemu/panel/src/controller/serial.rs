// SPDX-License-Identifier: GPL-2.0

//! Serial interfaces: how a command is told from its parameters (MIPI DBI
//! version 2, type C).
//!
//! Option 3 has a line for it. Option 1 has none: a word has nine bits, the
//! first of which is what the line would be. A host that cannot send words of
//! nine bits can send the same wave form in bytes, eight words in nine bytes,
//! and fill up with no-operations.

use std::borrow::Cow;

use serde::Deserialize;

use crate::bus::{Transfer, Word};
use crate::complaints::Complaints;

/// What a module is strapped for (pins IM3 to IM0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub enum Interface {
    /// Nine bits a word, no D/C line.
    ThreeWire,
    /// Eight bits a word, and the D/C line.
    #[default]
    FourWire,
    /// Shift registers on the module make a bus of sixteen lines of it.
    Converter,
}

impl Interface {
    /// How datasheets count: chip select, clock, data, and maybe D/C.
    pub fn wires(self) -> u8 {
        match self {
            Self::ThreeWire => 3,
            Self::FourWire | Self::Converter => 4,
        }
    }
}

impl TryFrom<u8> for Interface {
    type Error = String;

    fn try_from(wires: u8) -> Result<Self, String> {
        match wires {
            3 => Ok(Self::ThreeWire),
            4 => Ok(Self::FourWire),
            _ => Err(format!("an interface has 3 or 4 wires, not {wires}")),
        }
    }
}

/// Whether a controller listens to `transfer`, which it does not while it is `in_reset`; what
/// any of them minds about it is complained about.
pub fn listens(transfer: &Transfer<'_>, in_reset: bool, complaints: &mut Complaints) -> bool {
    if in_reset {
        complaints.add(format_args!("SPI traffic during hardware reset"));
        return false;
    }
    if !transfer.mode.samples_rising() {
        complaints.add(format_args!(
            "SPI mode {}: data is sampled where the clock rises, mode 0 or 3",
            transfer.mode
        ));
    }
    true
}

/// Memory order to wire order and back.
pub fn reorder(bytes: &[u8], word: Word) -> Cow<'_, [u8]> {
    match word {
        Word::Bits16 => bytes
            .chunks(2)
            .flat_map(|w| w.iter().rev().copied())
            .collect(),
        Word::Bits8 | Word::Bits9 => Cow::Borrowed(bytes),
    }
}

/// Takes the bits that a transfer puts on the wire in nines: calls `word` with
/// the first of them, true for data, and the other eight. Chip select goes up
/// after each transfer, so the first bit of one is the first of a word. Returns
/// the number of bits that are left over.
pub fn nines(bytes: &[u8], size: Word, mut word: impl FnMut(bool, u8)) -> u32 {
    let (mut bits, mut held) = (0_u32, 0);
    let mut shift = |value: u16, width: u32| {
        bits = (bits << width) | u32::from(value);
        held += width;
        while held >= 9 {
            held -= 9;
            let nine = bits >> held;
            word(nine & 0x100 != 0, nine as u8);
        }
    };
    match size {
        Word::Bits9 => bytes
            .chunks_exact(2)
            .for_each(|w| shift(u16::from_le_bytes([w[0], w[1]]) & 0x1ff, 9)),
        Word::Bits8 | Word::Bits16 => reorder(bytes, size)
            .iter()
            .for_each(|&byte| shift(byte.into(), 8)),
    }
    held
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken(bytes: &[u8], size: Word) -> (Vec<(bool, u8)>, u32) {
        let mut words = Vec::new();
        let rest = nines(bytes, size, |data, byte| words.push((data, byte)));
        (words, rest)
    }

    #[test]
    fn a_command_in_a_block_of_nine_bytes() {
        // Seven no-operations and SLPOUT: as the last word, it is the last byte.
        let block = [0, 0, 0, 0, 0, 0, 0, 0, 0x11];
        let mut words = vec![(false, 0); 7];
        words.push((false, 0x11));
        assert_eq!(taken(&block, Word::Bits8), (words, 0));
    }

    #[test]
    fn data_in_a_block_of_nine_bytes() {
        // The figure in drm_mipi_dbi.c: D/C wanders from bit 7 to bit 0.
        let block = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xa5];
        let mut words = vec![(true, 0xff); 7];
        words.push((true, 0xa5));
        assert_eq!(taken(&block, Word::Bits8), (words, 0));
        let one = [0x80 | (0x55 >> 1), 0x80, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(taken(&one, Word::Bits8).0[..2], [(true, 0x55), (false, 0)]);
    }

    #[test]
    fn nine_bits_are_nine_bits() {
        let words = [0x2a, 0x00, 0x55, 0x01, 0xaa, 0xff];
        assert_eq!(
            taken(&words, Word::Bits9),
            (vec![(false, 0x2a), (true, 0x55), (true, 0xaa)], 0)
        );
    }

    #[test]
    fn what_is_not_a_word_is_told() {
        assert_eq!(taken(&[0x00, 0x80], Word::Bits8), (vec![(false, 1)], 7));
        assert_eq!(taken(&[0x11], Word::Bits8), (vec![], 8));
    }

    proptest! {
        /// Whatever is sent, in words of nine bits, in bytes, or in words of
        /// sixteen bits: the controller gets it.
        #[test]
        fn every_way_is_the_same(blocks in prop::collection::vec(
            any::<[(bool, u8); 16]>(), 0..8)
        ) {
            let words: Vec<(bool, u8)> = blocks.concat();
            let native: Vec<u8> = words
                .iter()
                .flat_map(|&(data, byte)| [byte, u8::from(data)])
                .collect();
            // The wave form, written down bit by bit.
            let wave: Vec<bool> = words
                .iter()
                .flat_map(|&(data, byte)| {
                    let bits = (0..8).rev().map(move |i| (byte >> i) & 1 != 0);
                    std::iter::once(data).chain(bits)
                })
                .collect();
            let packed: Vec<u8> = wave
                .chunks(8)
                .map(|bits| bits.iter().fold(0, |byte, &bit| (byte << 1) | u8::from(bit)))
                .collect();
            let swapped = reorder(&packed, Word::Bits16).into_owned();
            let whole = (words, 0);
            prop_assert_eq!(taken(&native, Word::Bits9), whole.clone());
            prop_assert_eq!(taken(&packed, Word::Bits8), whole.clone());
            prop_assert_eq!(taken(&swapped, Word::Bits16), whole);
        }
    }
}
