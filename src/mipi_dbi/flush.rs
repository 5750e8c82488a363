// SPDX-License-Identifier: GPL-2.0

//! From a frame to the wire, a message at a time.

use super::{bus::Hw, windows::Windows};
use crate::{
    drm::{
        damage::{Clip, Rect},
        presence::Guard,
        Framebuffer, //
    },
    spi::{frames::Front, Transfers}, //
};
use kernel::prelude::*;

/// What sends: the frame of which `windows` are to be sent, of lines of `width` columns of so many `bytes`.
pub(super) struct Sender {
    pub(super) front: Front,
    pub(super) windows: Windows,
    pub(super) transfers: Transfers,
    pub(super) width: usize,
    pub(super) bytes: usize,
}

/// Sends the pixels of `window`. Stops between two messages when the device is leaving.
///
/// # Errors
///
/// What the wire answers.
pub(super) fn flush(hw: &mut Guard<'_, Hw>, sender: &mut Sender, window: &Rect) -> Result {
    hw.access(|wire, hw| hw.start_window(wire, window))?;
    if window.width() as usize == sender.width {
        send_lines(hw, sender, window)
    } else {
        send_parts(hw, sender, window)
    }
}

/// Whole lines follow each other in memory, and are sent from where they are.
fn send_lines(hw: &mut Guard<'_, Hw>, sender: &mut Sender, window: &Rect) -> Result {
    let line = sender.width * sender.bytes;
    let mut rest = usize::try_from(window.y1)? * line..usize::try_from(window.y2)? * line;
    while !rest.is_empty() && !hw.is_leaving() {
        let part = hw.prepare(|hw| Ok(rest.start..rest.end.min(rest.start + hw.message_bytes)))?;
        rest.start = part.end;
        hw.access(|wire, hw| {
            let mut message = sender.transfers.message();
            message.push_paged(sender.front.frame(), part)?;
            hw.write_pixels(wire, message)
        })?;
    }
    Ok(())
}

/// Parts of lines are gathered first.
fn send_parts(hw: &mut Guard<'_, Hw>, sender: &mut Sender, window: &Rect) -> Result {
    let (x1, x2) = (usize::try_from(window.x1)?, usize::try_from(window.x2)?);
    let y1 = usize::try_from(window.y1)?;
    let mut lines = sender
        .front
        .frame()
        .as_slice()
        .chunks_exact(sender.width * sender.bytes)
        .skip(y1)
        .take(window.height() as usize)
        .map(|line| &line[x1 * sender.bytes..x2 * sender.bytes]);
    let mut part: &[u8] = &[];

    while !hw.is_leaving() {
        let filled = hw.prepare(|hw| {
            let room = hw.gathered.as_mut_slice();
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
            Ok(filled)
        })?;
        if filled == 0 {
            break;
        }
        hw.access(|wire, hw| {
            let mut message = sender.transfers.message();
            message.push(&hw.gathered, 0..filled)?;
            hw.write_pixels(wire, message)
        })?;
    }
    Ok(())
}

/// Sends the pixels of `clip`, of whole lines, from where they are. Whether that can be done.
/// Otherwise as [`flush`].
pub(super) fn flush_in_place(
    hw: &mut Guard<'_, Hw>,
    transfers: &mut Transfers,
    fb: &Framebuffer<'_>,
    clip: &Clip,
) -> Result<bool> {
    let lines = hw.prepare(|hw| {
        let line = fb.width() as usize * fb.format().cpp();
        Ok(u32::try_from(hw.message_bytes / line)?.max(1))
    })?;
    let mut rest = clip.src_y..clip.src_y + clip.dst.height();
    while !rest.is_empty() && !hw.is_leaving() {
        let part = rest.start..rest.end.min(rest.start + lines);
        rest.start = part.end;
        let is_sent = hw.access(|wire, hw| {
            let is_first = part.start == clip.src_y;
            let mut message = transfers.message();
            if !fb.push_lines(part, &mut message)? {
                return Ok(false);
            }
            if is_first {
                hw.start_window(wire, &clip.dst)?;
            }
            hw.write_pixels(wire, message).map(|()| true)
        })?;
        if !is_sent {
            return Ok(false);
        }
    }
    Ok(true)
}
