// SPDX-License-Identifier: GPL-2.0

//! From a framebuffer to the wire, a chunk at a time.

use super::{bus::Hw, pixel};
use crate::drm::{
    damage::Clip,
    presence::Guard,
    Format,
    Framebuffer, //
};
use kernel::prelude::*;

/// Sends the pixels of `clip`. Stops between two chunks when the device is leaving.
///
/// # Errors
///
/// What the wire answers.
pub(super) fn flush(hw: &mut Guard<'_, Hw>, fb: &Framebuffer<'_>, clip: &Clip) -> Result {
    let width = clip.dst.width() as usize;
    let convert = match fb.format() {
        Format::Xrgb8888 => pixel::from_xrgb8888,
        Format::Rgb565 => pixel::from_rgb565,
    };

    hw.access(|wire, hw| hw.start_window(wire, &clip.dst))?;

    let mut lines = clip.src_y..clip.src_y + clip.dst.height();
    while !lines.is_empty() && !hw.is_leaving() {
        let filled = hw.prepare(|hw| {
            let order = hw.order();
            let mut filled = 0;
            // Whole lines, so that a flush that is stopped has cut no pixel.
            for dst in hw.chunk.as_mut_slice().chunks_exact_mut(width * 2) {
                let Some(y) = lines.next() else { break };
                let line = hw.line.get_mut(..width * fb.format().cpp()).ok_or(EINVAL)?;
                fb.read_line(clip.src_x, y, line)?;
                convert(line, dst, order);
                filled += dst.len();
            }
            Ok(filled)
        })?;
        hw.access(|wire, hw| hw.write_chunk(wire, filled))?;
    }
    Ok(())
}
