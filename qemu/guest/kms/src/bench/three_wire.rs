// SPDX-License-Identifier: GPL-2.0

//! A bus without a D/C line: words of nine bits, the first of which tells data from commands.
//! A controller that knows no such words is given their bits as a stream of bytes.

use tinydrm_panel::bus::Word;

/// The words so far of a message.
#[derive(Default)]
pub struct ThreeWire {
    bits: u32,
    count: u32,
}

impl ThreeWire {
    /// What a transfer is made of: whether it is data, and its bytes.
    pub fn runs(&mut self, word: Word, tx: &[u8], deselects: bool) -> Vec<(bool, Vec<u8>)> {
        let mut runs = Vec::new();
        if word == Word::Bits9 {
            for pair in tx.chunks_exact(2) {
                append(&mut runs, u16::from_le_bytes([pair[0], pair[1]]));
            }
            return runs;
        }
        for &byte in tx {
            self.bits = (self.bits << 8) | u32::from(byte);
            self.count += 8;
            if self.count >= 9 {
                self.count -= 9;
                append(&mut runs, (self.bits >> self.count) as u16 & 0x1ff);
            }
        }
        if deselects {
            *self = Self::default();
        }
        runs
    }
}

/// Adds a word to the last run, if it is of that kind.
fn append(runs: &mut Vec<(bool, Vec<u8>)>, word: u16) {
    let dc = word & 0x100 != 0;
    match runs.last_mut() {
        Some((of, run)) if *of == dc => run.push(word as u8),
        _ => runs.push((dc, vec![word as u8])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_bits_are_a_line_and_a_byte() {
        let mut line = ThreeWire::default();
        let tx = [0x2c, 0x00, 0xff, 0x01, 0x55, 0x01];
        let runs = line.runs(Word::Bits9, &tx, true);
        assert_eq!(runs, [(false, vec![0x2c]), (true, vec![0xff, 0x55])]);
    }

    #[test]
    fn a_stream_of_bits_is_cut_into_words() {
        // 0 00101100, 1 11111111, 1 01010101, and five bits to fill the byte.
        let tx = [0b0001_0110, 0b0111_1111, 0b1110_1010, 0b1010_0000];
        let mut line = ThreeWire::default();
        let expected = [(false, vec![0x2c]), (true, vec![0xff, 0x55])];
        assert_eq!(line.runs(Word::Bits8, &tx, true), expected);
        // The same in two transfers of a message; what is left of it is forgotten with it.
        assert_eq!(line.runs(Word::Bits8, &tx[..1], false), []);
        let rest = line.runs(Word::Bits8, &tx[1..], true);
        assert_eq!(rest, expected);
        assert_eq!(line.count, 0);
        // Eight words fill nine bytes, and nothing is left.
        let words = [0x02c, 0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107];
        let stream = words.iter().fold(0u128, |bits, word| (bits << 9) | word);
        let tx = &stream.to_be_bytes()[16 - 9..];
        let expected = [(false, vec![0x2c]), (true, (1..=7).collect())];
        assert_eq!(line.runs(Word::Bits8, tx, false), expected);
    }
}
