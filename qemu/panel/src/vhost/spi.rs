// SPDX-License-Identifier: GPL-2.0

//! The virtio SPI controller (virtio 1.4, device type 45;
//! `include/uapi/linux/virtio_spi.h`).
//!
//! A request is a header and the data to send, both read-only, then room for
//! the data received and for one byte of result. It has a chip select for each
//! panel, one wire in each direction, and words of 8, 9 and 16 bits.

use virtio_bindings::virtio_ring::VIRTIO_RING_F_INDIRECT_DESC;

use crate::bench::{Admission, Bench, Busy};
use crate::bus::{Mode, Transfer, Word};
use crate::fault::{Act, Wire};

use super::{Device, Reply, Request};

/// `struct spi_transfer_head`, in bytes.
pub const HEAD: usize = 32;
/// The fastest clock that the bus has.
pub const MAX_HZ: u32 = 100_000_000;

const TRANS_OK: u8 = 0;
const PARAM_ERR: u8 = 1;
const TRANS_ERR: u8 = 2;

/// CPHA 0 and 1, CPOL 0 and 1; no active-high chip select, no LSB first, no loop.
const MODE_FUNCTIONS: u32 = 0b1111;
/// CPHA and CPOL are what a transfer's mode may have.
const MODE_BITS: u32 = 0b11;

/// What a driver asks the bus to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose panel is meant.
    pub chip_select: u8,
    /// Word size.
    pub word: Word,
    /// Clock mode.
    pub mode: Mode,
    /// Clock frequency in Hz.
    pub hz: u32,
    /// Whether chip select is released after the transfer.
    pub cs_change: bool,
}

impl Head {
    /// Reads a header. `None`: it is too short, or asks for what the
    /// configuration space does not offer.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let head: &[u8; HEAD] = bytes.get(..HEAD)?.try_into().ok()?;
        let [chip_select, bits, cs_change, tx_nbits, rx_nbits, ..] = *head;
        let le32 =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (mode, hz) = (le32(8), le32(12));
        let single = |nbits: u8| nbits <= 1;
        if !single(tx_nbits)
            || !single(rx_nbits)
            || mode & !MODE_BITS != 0
            || !(1..=MAX_HZ).contains(&hz)
        {
            return None;
        }
        Some(Self {
            chip_select,
            word: Word::from_bits(bits)?,
            mode: Mode::new(mode),
            hz,
            cs_change: cs_change != 0,
        })
    }
}

/// The SPI controller of a bench.
#[derive(Clone)]
pub struct Spi {
    bench: Bench,
}

impl Spi {
    /// The controller that the panel hangs on.
    pub fn new(bench: &Bench) -> Self {
        Self {
            bench: bench.clone(),
        }
    }

    fn result(room: usize, result: u8) -> Reply {
        Reply {
            offset: room.saturating_sub(1),
            bytes: vec![result],
        }
    }
}

impl Device for Spi {
    const WIRE: Wire = Wire::Spi;
    const QUEUES: usize = 1;

    fn features(&self) -> u64 {
        1 << VIRTIO_RING_F_INDIRECT_DESC
    }

    fn config(&self) -> Vec<u8> {
        // cs_max_number, cs_change_supported, and nothing wider than one wire.
        let mut config = vec![self.bench.panels() as u8, 1, 0, 0];
        let words: u32 = self.bench.words().iter().map(|bits| 1 << (bits - 1)).sum();
        // Then the longest delays, none of which is supported.
        for field in [words, MODE_FUNCTIONS, MAX_HZ, 0, 0, 0, 0] {
            config.extend_from_slice(&field.to_le_bytes());
        }
        config
    }

    fn answer(&self, busy: &Busy<'_>, request: &Request) -> Option<Reply> {
        let room = request.room;
        // Without room for the result nothing can be said, nor be done.
        let Some(listens) = room.checked_sub(1) else {
            return Some(Reply::default());
        };
        let Some(head) = Head::parse(&request.bytes) else {
            return Some(Self::result(room, PARAM_ERR));
        };
        let Some(bench) = self.bench.at(head.chip_select.into()) else {
            return Some(Self::result(room, PARAM_ERR));
        };
        let tx = &request.bytes[HEAD..];
        let length = tx.len().max(listens);
        let one_sided = tx.is_empty() || listens == 0;
        if length % head.word.bytes() != 0 || !(one_sided || tx.len() == listens) {
            return Some(Self::result(room, PARAM_ERR));
        }

        match self.bench.admit(busy, Act::Transfer) {
            Admission::Serve => {}
            Admission::Refuse => return Some(Self::result(room, TRANS_ERR)),
            Admission::Drop => return None,
        }
        let transfer = Transfer {
            tx,
            word: head.word,
            mode: head.mode,
            hz: head.hz,
            deselects: head.cs_change,
        };
        let mut bytes = vec![0; listens];
        if !bench.transfer(busy, &transfer, &mut bytes) {
            return None;
        }
        bytes.push(TRANS_OK);
        Some(Reply { offset: 0, bytes })
    }

    fn refuse(&self, room: usize) -> Reply {
        Self::result(room, PARAM_ERR)
    }
}

#[cfg(test)]
mod tests;
