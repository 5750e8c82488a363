// SPDX-License-Identifier: GPL-2.0

//! Pixels without a D/C line: a window is one message, its commands and its pixels.

use super::{
    bus::Hw,
    nine_bits::{self, Packer, BLOCK},
    pixel::Order, //
};
use crate::{
    drm::{damage::Rect, presence::Guard},
    spi::{Paged, Transfers}, //
};
use kernel::prelude::*;

/// The most bytes that the commands of a window are: of eleven words.
const COMMAND_BYTES: usize = 2 * BLOCK;

/// The bytes of data in a block.
const DATA: usize = BLOCK - 1;

/// Of so many bytes those that are whole blocks, and one block at least.
pub(super) fn whole(bytes: usize) -> usize {
    (bytes / BLOCK).max(1) * BLOCK
}

/// Room for the pixels of a message, in words of nine bits.
pub(super) struct Packed {
    room: Paged,
    /// The blocks of a message, which hold whole columns.
    blocks: usize,
}

impl Packed {
    /// For messages of up to `most` bytes, and for a `frame` of so many bytes in this `order`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(order: Order, frame: usize, most: usize) -> Result<Self> {
        let in_message = most.saturating_sub(COMMAND_BYTES) / BLOCK;
        let in_frame = frame.div_ceil(DATA).next_multiple_of(order.bytes());
        // As many as a column has bytes, or a multiple: so none is cut in two.
        let blocks = order.whole(in_frame.min(in_message));
        Ok(Self {
            room: Paged::new(nine_bits::room_for(blocks))?,
            blocks,
        })
    }

    /// Sends the pixels of `window`, which are those of the `lines`. As [`flush`](super::flush::flush).
    pub(super) fn flush<'f>(
        &mut self,
        hw: &mut Guard<'_, Hw>,
        transfers: &mut Transfers,
        window: &Rect,
        mut lines: impl Iterator<Item = &'f [u8]>,
        begins: impl FnOnce(),
    ) -> Result {
        let mut rest: &[u8] = &[];
        let mut begins = Some(begins);
        while !hw.is_leaving() {
            let mut packer = Packer::new(self.room.as_mut_slice(), self.blocks);
            packer.fill(&mut rest, &mut lines);
            let blocks = packer.finish();
            if blocks == 0 {
                break;
            }
            let is_first = begins.take().map(|begins| begins()).is_some();
            hw.access(|wire, hw| {
                let mut message = transfers.message();
                if is_first {
                    let (commands, part, speed_hz) = hw.pack_window(wire, window)?;
                    message.at(speed_hz).push(commands, part)?;
                }
                for part in nine_bits::pieces(blocks) {
                    message.at(0).push_paged(&self.room, part)?;
                }
                wire.write_message(message, 8)
            })?;
        }
        Ok(())
    }
}
