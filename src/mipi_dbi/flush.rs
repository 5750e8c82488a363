// SPDX-License-Identifier: GPL-2.0

//! From a frame to the wire, a message at a time.

use super::{
    bus::Hw,
    model::WireFormat,
    mounted::{Interface, Mounted},
    pixel::Order,
    three_wire::{self, Packed},
    windows::Windows, //
};
use crate::{
    drm::{
        damage::{Clip, Rect},
        presence::Guard,
        Framebuffer, //
    },
    spi::{self, frames::Front, Transfers}, //
};
use kernel::{device::Bound, prelude::*};

/// The most bytes of pixels that are gathered into one message.
const GATHERED_BYTES: usize = 32 * 1024;

/// The longest that a message of pixels may take, and so the time after which a flush can be
/// stopped: enough for a frame of 240x320 at 32 MHz, in words of nine bits.
const MESSAGE_TIME_MS: usize = 44;

/// What sends: the frame of which `windows` are to be sent.
pub(super) struct Sender {
    pub(super) front: Front,
    pub(super) windows: Windows,
    pub(super) transfers: Transfers,
    shape: Shape,
    room: Room,
    /// The most bytes of pixels in a message.
    message_bytes: usize,
    bits_per_word: u8,
}

/// How pixels lie in a frame: lines of `width` columns of so many `bytes`.
#[derive(Clone, Copy)]
struct Shape {
    width: usize,
    bytes: usize,
}

/// Where pixels are brought together that cannot be sent from where they are.
enum Room {
    /// As they are, if they do not follow each other.
    Gathered(spi::Buffer),
    /// In words of nine bits.
    Packed(Packed),
}

/// How pixels lie in a buffer that is sent. With words of a whole pixel nobody has to swap bytes.
pub(super) fn order(spi: &spi::Device<Bound>, panel: &Mounted) -> Order {
    match (panel.wire_format, panel.interface) {
        (WireFormat::Rgb565, Interface::FourWire(_)) if spi.is_bpw_supported(16) => Order::Native,
        (WireFormat::Rgb565, _) => Order::BigEndian,
        (WireFormat::Bgr666, _) => Order::Bgr666,
        (WireFormat::Grey332, _) => Order::Grey332,
    }
}

impl Sender {
    /// Sends what is in `front`, which has the pixels of a frame in this `order`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(
        spi: &spi::Device<Bound>,
        panel: &Mounted,
        order: Order,
        front: Front,
    ) -> Result<Self> {
        let glass = panel.glass();
        let shape = Shape {
            width: order.columns(glass.hdisplay.into()),
            bytes: order.bytes(),
        };
        let in_time = spi.max_speed_hz() as usize / 8 * MESSAGE_TIME_MS / 1000;
        let most = in_time.min(spi.max_message_size());
        let message_bytes = order.whole(most);
        let (room, transfer) = match panel.interface {
            Interface::FourWire(_) => {
                let size = order.whole(GATHERED_BYTES.min(message_bytes));
                let buffer = spi::Buffer::new(size, GFP_KERNEL)?;
                (Room::Gathered(buffer), order.whole(spi.max_transfer_size()))
            }
            Interface::ThreeWire => {
                let frame = shape.width * shape.bytes * usize::from(glass.vdisplay);
                (
                    Room::Packed(Packed::new(order, frame, most)?),
                    three_wire::whole(spi.max_transfer_size()),
                )
            }
        };
        Ok(Self {
            front,
            windows: Windows::new(order, panel.interface.window_cost()),
            transfers: Transfers::new(spi, transfer),
            shape,
            room,
            message_bytes,
            bits_per_word: if order == Order::Native { 16 } else { 8 },
        })
    }
}

/// Sends the pixels of `window`; calls `begins` before the first of them. Stops between two messages
/// when the device is leaving.
///
/// # Errors
///
/// What the wire answers.
pub(super) fn flush(
    hw: &mut Guard<'_, Hw>,
    sender: &mut Sender,
    window: &Rect,
    begins: impl FnOnce(),
) -> Result {
    match &mut sender.room {
        Room::Packed(packed) => {
            let lines = lines(&sender.front, sender.shape, window)?;
            packed.flush(hw, &mut sender.transfers, window, lines, begins)
        }
        Room::Gathered(gathered) => {
            hw.access(|wire, hw| hw.start_window(wire, window))?;
            begins();
            if window.width() as usize == sender.shape.width {
                send_lines(hw, sender, window)
            } else {
                let lines = lines(&sender.front, sender.shape, window)?;
                send_parts(
                    hw,
                    &mut sender.transfers,
                    sender.bits_per_word,
                    gathered,
                    lines,
                )
            }
        }
    }
}

/// What of each line of `front` is in `window`; whole lines follow each other, and are one.
fn lines<'f>(
    front: &'f Front,
    shape: Shape,
    window: &Rect,
) -> Result<impl Iterator<Item = &'f [u8]>> {
    let line = shape.width * shape.bytes;
    let lines = usize::try_from(window.y1)? * line..usize::try_from(window.y2)? * line;
    let lines = front.frame().as_slice().get(lines).ok_or(EINVAL)?;
    let part = usize::try_from(window.x1)? * shape.bytes..usize::try_from(window.x2)? * shape.bytes;
    let (line, part) = if part.len() == line {
        (lines.len().max(1), 0..lines.len())
    } else {
        (line, part)
    };
    Ok(lines
        .chunks_exact(line)
        .filter_map(move |line| line.get(part.clone())))
}

/// Whole lines follow each other in memory, and are sent from where they are.
fn send_lines(hw: &mut Guard<'_, Hw>, sender: &mut Sender, window: &Rect) -> Result {
    let line = sender.shape.width * sender.shape.bytes;
    let mut rest = usize::try_from(window.y1)? * line..usize::try_from(window.y2)? * line;
    while !rest.is_empty() && !hw.is_leaving() {
        let part = rest.start..rest.end.min(rest.start + sender.message_bytes);
        rest.start = part.end;
        hw.access(|wire, _| {
            let mut message = sender.transfers.message();
            message.push_paged(sender.front.frame(), part)?;
            wire.write_message(message, sender.bits_per_word)
        })?;
    }
    Ok(())
}

/// Parts of lines are gathered first.
fn send_parts<'f>(
    hw: &mut Guard<'_, Hw>,
    transfers: &mut Transfers,
    bits_per_word: u8,
    gathered: &mut spi::Buffer,
    mut lines: impl Iterator<Item = &'f [u8]>,
) -> Result {
    let mut part: &[u8] = &[];

    while !hw.is_leaving() {
        let room = gathered.as_mut_slice();
        let mut filled = 0;
        while filled < room.len() {
            if part.is_empty() {
                let Some(next) = lines.next() else { break };
                part = next;
            }
            let (now, later) = part.split_at(part.len().min(room.len() - filled));
            room[filled..filled + now.len()].copy_from_slice(now);
            filled += now.len();
            part = later;
        }
        if filled == 0 {
            break;
        }
        hw.access(|wire, _| {
            let mut message = transfers.message();
            message.push(gathered, 0..filled)?;
            wire.write_message(message, bits_per_word)
        })?;
    }
    Ok(())
}

/// Sends the pixels of `clip`, of whole lines, from where they are. Whether that can be done.
/// Otherwise as [`flush`].
pub(super) fn flush_in_place(
    hw: &mut Guard<'_, Hw>,
    sender: &mut Sender,
    fb: &Framebuffer<'_>,
    clip: &Clip,
) -> Result<bool> {
    let line = fb.width() as usize * fb.format().cpp();
    let lines = u32::try_from(sender.message_bytes / line)?.max(1);
    let mut rest = clip.src_y..clip.src_y + clip.dst.height();
    while !rest.is_empty() && !hw.is_leaving() {
        let part = rest.start..rest.end.min(rest.start + lines);
        rest.start = part.end;
        let is_sent = hw.access(|wire, hw| {
            let is_first = part.start == clip.src_y;
            let mut message = sender.transfers.message();
            if !fb.push_lines(part, &mut message)? {
                return Ok(false);
            }
            if is_first {
                hw.start_window(wire, &clip.dst)?;
            }
            wire.write_message(message, sender.bits_per_word)?;
            Ok(true)
        })?;
        if !is_sent {
            return Ok(false);
        }
    }
    Ok(true)
}
