// SPDX-License-Identifier: GPL-2.0

//! The serial interfaces: what comes over the wires becomes commands and data.

use super::{Dcs, ms};
use crate::bus::{Line, Target, Time, Transfer, Word};
use crate::controller::commands::Follows;
use crate::controller::serial::{self, Interface};

impl Target for Dcs {
    fn transfer(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time) {
        rx.fill(0);
        self.settle(now);
        if !serial::listens(transfer, self.low_since.is_some(), &mut self.complaints) {
            return;
        }
        self.beam.begin(transfer.hz, now);
        match self.interface {
            Interface::FourWire | Interface::Converter => {
                self.byte_bits = 8;
                self.transfer_with_line(transfer, rx, now)
            }
            Interface::ThreeWire => {
                self.byte_bits = 9;
                self.transfer_of_nines(transfer, rx, now)
            }
        }
        let bits = transfer.bits(rx.len());
        self.beam.end(bits, self.is_writing());
        if transfer.deselects {
            self.answer = None;
        }
    }

    fn line(&mut self, line: Line, high: bool, now: Time) {
        self.settle(now);
        match line {
            Line::Dc => self.dc = high,
            Line::Backlight => self.backlight = high,
            Line::Te => {}
            Line::Reset if !high => {
                if self.low_since.is_none() {
                    self.low_since = Some(now);
                    self.was_reset = false;
                }
            }
            Line::Reset => {
                let Some(since) = self.low_since.take() else {
                    return;
                };
                if self.was_reset {
                    self.changed = Some(("reset", now));
                    self.slept = self.changed;
                } else {
                    self.complaints.add(format_args!(
                        "reset pulse of {:.1} us, 10 us are needed",
                        ms(since, now) * 1e3
                    ));
                }
            }
        }
    }
}

impl Dcs {
    /// Bytes that a line calls data or commands. Returns how many of them went
    /// to the controller before it began to answer.
    fn take_bytes(&mut self, bytes: &[u8], listens: bool, now: Time) -> usize {
        if self.dc {
            self.answer = None;
            self.data(bytes, now);
            return bytes.len();
        }
        for (i, &byte) in bytes.iter().enumerate() {
            self.command(byte, now);
            if listens && self.answer.is_some() {
                return i + 1;
            }
        }
        bytes.len()
    }

    /// Words that say themselves what they are.
    fn take_words(&mut self, bytes: &[u8], word: Word, now: Time) {
        let mut data = Vec::new();
        let rest = serial::nines(bytes, word, |is_data, byte| {
            if is_data {
                data.push(byte);
                return;
            }
            self.flush(&mut data, now);
            self.command(byte, now);
        });
        self.flush(&mut data, now);
        if rest != 0 {
            self.complaints
                .add(format_args!("a word of 9 bits cut after {rest}"));
        }
    }

    /// Hands on the data that has come, if any has.
    fn flush(&mut self, data: &mut Vec<u8>, now: Time) {
        if !data.is_empty() {
            self.answer = None;
            self.data(data, now);
            data.clear();
        }
    }

    /// What a host sends on the interface with a D/C line.
    fn transfer_with_line(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time) {
        if transfer.word == Word::Bits9 {
            self.complaints
                .add(format_args!("words of 9 bits on a 4-wire module"));
            return;
        }
        let converts = self.interface == Interface::Converter;
        if transfer.word == Word::Bits16 && !self.dc && !transfer.tx.is_empty() && !converts {
            self.complaints
                .add(format_args!("words of 16 bits with D/C low"));
        }
        let mut wire = serial::reorder(transfer.tx, transfer.word);
        if converts {
            wire = self.convert(&wire).into();
        }
        // What the host sends while it is being answered are clocks.
        let taken = if !rx.is_empty() && (wire.is_empty() || self.is_answering()) {
            0
        } else {
            self.take_bytes(&wire, !rx.is_empty(), now)
        };
        let answer = rx.get_mut(taken..).unwrap_or_default();
        if self.module.readable {
            self.answer_into(answer);
        } else {
            answer.fill(self.module.pull);
        }
        if transfer.word == Word::Bits16 && !rx.is_empty() {
            let swapped = serial::reorder(rx, transfer.word).into_owned();
            rx.copy_from_slice(&swapped);
        }
    }

    /// What comes out of the converter on a module with one: a bus of 16 lines
    /// is written at each sixteenth bit. Commands and parameters are on the
    /// lower eight of them, pixels on all.
    fn convert(&mut self, wire: &[u8]) -> Vec<u8> {
        if wire.len() % 2 != 0 {
            self.complaints
                .add(format_args!("{} bytes to a converter of pairs", wire.len()));
        }
        let follows = self.current.and_then(|current| current.command);
        let follows = follows.map(|command| command.follows);
        if self.dc && follows == Some(Follows::Pixels) {
            return wire[..wire.len() & !1].to_vec();
        }
        wire.chunks_exact(2).map(|pair| pair[1]).collect()
    }

    /// What a host sends on the interface without one.
    fn transfer_of_nines(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time) {
        match (transfer.tx.is_empty(), rx.is_empty()) {
            (_, true) => self.take_words(transfer.tx, transfer.word, now),
            (true, false) if !self.module.readable => {}
            (true, false) if transfer.word == Word::Bits8 => self.answer_into(rx),
            (true, false) => self
                .complaints
                .add(format_args!("an answer read in words that are not bytes")),
            // There is one wire for both directions.
            (false, false) => self
                .complaints
                .add(format_args!("sent and read at once on a 3-wire module")),
        }
    }

    fn answer_into(&mut self, rx: &mut [u8]) {
        for byte in rx {
            *byte = self.clock_out();
        }
    }
}
