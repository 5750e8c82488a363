// SPDX-License-Identifier: GPL-2.0

//! Words of nine bits, the first of which tells data from commands: MIPI DBI type C option 1, which
//! has no line for that ("3-wire").
//!
//! Eight such words are nine bytes. Sent as these they need no controller that knows words of nine
//! bits, and no more memory than they have bits. What is not a multiple of eight is filled up with
//! [`NOP`](dcs::NOP)s: before commands, where they disturb nothing, and behind the last pixels.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).
//! From the MIPI DBI specification, version 2.0, chapter 10.

use super::dcs;
use core::{iter, ops::Range};

/// The words of a block.
const WORDS: usize = 8;

/// Its bytes.
pub const BLOCK: usize = 9;

/// Blocks are made in pieces of so many bytes, which are in one page each whatever the size of pages
/// is. Each is sent as a transfer, so that none ends inside of a word: not all controllers hold chip
/// select from one to the next.
pub const PIECE: usize = 4096;

/// The blocks in a piece.
const PIECE_BLOCKS: usize = PIECE / BLOCK;

/// The bytes of memory for so many blocks.
pub const fn room_for(blocks: usize) -> usize {
    blocks.div_ceil(PIECE_BLOCKS) * PIECE
}

/// Where so many blocks are in that memory.
pub fn pieces(blocks: usize) -> impl Iterator<Item = Range<usize>> {
    (0..blocks).step_by(PIECE_BLOCKS).map(move |first| {
        let start = first / PIECE_BLOCKS * PIECE;
        start..start + (blocks - first).min(PIECE_BLOCKS) * BLOCK
    })
}

/// The block of these words: a bit of `data`, the highest for the first one, and a byte each.
///
/// A byte moves behind as many first bits as there are up to its own. The last one stays the last, the
/// others are spread by halves: four of them by four bits, of each four two by two, of two one by one.
#[inline(always)]
pub fn pack(bytes: [u8; WORDS], data: u8) -> [u8; BLOCK] {
    const HALF: u64 = 0x7fff_ffff_8000_0000;
    const QUARTERS: u64 = 0x7fff_8000_07ff_f800;
    const EIGHTHS: u64 = 0x7f80_1fe0_07f8_01fe;
    const FIRST: u64 = 0x8040_2010_0804_0201;

    let word = u64::from_be_bytes(bytes) >> 1;
    let word = (word & HALF) | ((word & !HALF) >> 4);
    let word = (word & QUARTERS) | ((word & !QUARTERS) >> 2);
    let word = (word & EIGHTHS) | ((word & !EIGHTHS) >> 1);
    let first = u64::from_ne_bytes([data; 8]) & FIRST;

    let mut block = [0; BLOCK];
    // For the sake of the last one. Two stores, and no byte is taken out of a register.
    block[1..].copy_from_slice(&bytes);
    block[..WORDS].copy_from_slice(&(word | first).to_be_bytes());
    block
}

/// Packs data, whole blocks, into `dst`, which has room for just these. So many at a time: to count
/// them is a tenth of the work.
#[inline(always)]
fn pack_data(src: &[u8], dst: &mut [u8]) {
    const UNROLLED: usize = 4;

    let one = |src: &[u8], dst: &mut [u8]| {
        if let Some(bytes) = src.first_chunk() {
            dst.copy_from_slice(&pack(*bytes, 0xff));
        }
    };
    let mut from = src.chunks_exact(UNROLLED * WORDS);
    let mut to = dst.chunks_exact_mut(UNROLLED * BLOCK);
    for (src, dst) in from.by_ref().zip(to.by_ref()) {
        for i in 0..UNROLLED {
            one(&src[i * WORDS..][..WORDS], &mut dst[i * BLOCK..][..BLOCK]);
        }
    }
    let rest = to.into_remainder().chunks_exact_mut(BLOCK);
    for (src, dst) in from.remainder().chunks_exact(WORDS).zip(rest) {
        one(src, dst);
    }
}

/// Packs commands, each with its parameters, and what fills up the first block before them. Returns how
/// many bytes they are.
///
/// [`None`] where `dst` has no room for them.
pub fn pack_commands<'c>(
    commands: impl Iterator<Item = (u8, &'c [u8])> + Clone,
    dst: &mut [u8],
) -> Option<usize> {
    let words: usize = commands
        .clone()
        .map(|(_, parameters)| 1 + parameters.len())
        .sum();
    let blocks = words.div_ceil(WORDS);
    let dst = dst.get_mut(..blocks * BLOCK)?;
    let filling = iter::repeat_n((dcs::NOP, false), blocks * WORDS - words);
    let mut words = filling.chain(commands.flat_map(|(command, parameters)| {
        iter::once((command, false)).chain(parameters.iter().map(|&byte| (byte, true)))
    }));
    for block in dst.chunks_exact_mut(BLOCK) {
        let (mut bytes, mut data) = ([0; WORDS], 0);
        for (to, (byte, is_data)) in bytes.iter_mut().zip(words.by_ref()) {
            *to = byte;
            data = (data << 1) | u8::from(is_data);
        }
        block.copy_from_slice(&pack(bytes, data));
    }
    Some(dst.len())
}

/// Packs data, of any number of slices.
pub struct Packer<'a> {
    room: &'a mut [u8],
    /// How many blocks may be made.
    most: usize,
    /// How many are.
    blocks: usize,
    /// What is no block yet.
    held: [u8; WORDS],
    count: usize,
}

impl<'a> Packer<'a> {
    /// Makes up to `most` blocks, or as many as there is `room` for.
    pub fn new(room: &'a mut [u8], most: usize) -> Self {
        let most = most.min(room.len() / PIECE * PIECE_BLOCKS);
        Self {
            room,
            most,
            blocks: 0,
            held: [0; WORDS],
            count: 0,
        }
    }

    /// Adds the `rest` of a slice, and then other slices, until there are no more or there is no room.
    /// What there was no room for is the `rest` for the next message.
    pub fn fill<'s>(&mut self, rest: &mut &'s [u8], slices: &mut impl Iterator<Item = &'s [u8]>) {
        loop {
            *rest = self.push(rest);
            if !rest.is_empty() {
                return;
            }
            let Some(next) = slices.next() else { return };
            *rest = next;
        }
    }

    /// Adds bytes of data. Returns those that there is no room for.
    fn push<'s>(&mut self, mut src: &'s [u8]) -> &'s [u8] {
        while self.blocks < self.most && !src.is_empty() {
            if self.count == 0 && src.len() >= WORDS {
                src = self.push_blocks(src);
                continue;
            }
            let (now, later) = src.split_at(src.len().min(WORDS - self.count));
            self.held[self.count..self.count + now.len()].copy_from_slice(now);
            self.count += now.len();
            src = later;
            if self.count == WORDS {
                self.count = 0;
                let held = self.held;
                self.push_blocks(&held);
            }
        }
        src
    }

    /// Adds whole blocks, of one piece. Returns what it does not add.
    fn push_blocks<'s>(&mut self, src: &'s [u8]) -> &'s [u8] {
        let at = self.blocks % PIECE_BLOCKS;
        let now = (src.len() / WORDS)
            .min(PIECE_BLOCKS - at)
            .min(self.most - self.blocks);
        let (src, later) = src.split_at(now * WORDS);
        pack_data(src, self.next(now));
        self.blocks += now;
        later
    }

    /// Where the next blocks go, so many of one piece.
    fn next(&mut self, blocks: usize) -> &mut [u8] {
        let start = self.blocks / PIECE_BLOCKS * PIECE + self.blocks % PIECE_BLOCKS * BLOCK;
        &mut self.room[start..start + blocks * BLOCK]
    }

    /// Fills up the last block. Returns how many there are.
    pub fn finish(mut self) -> usize {
        if self.count > 0 {
            let data = !(0xff >> self.count);
            self.held[self.count..].fill(dcs::NOP);
            let block = pack(self.held, data);
            self.next(1).copy_from_slice(&block);
            self.blocks += 1;
        }
        self.blocks
    }
}
