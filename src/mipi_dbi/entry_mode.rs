// SPDX-License-Identifier: GPL-2.0

//! The entry mode of controllers with registers of their own: in which directions the address moves
//! while pixels come, and so how the panel is turned.
//!
//! A window is one of the memory there, whichever way it is filled; DCS controllers turn it with
//! their address mode.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use crate::drm::damage::Rect;
use core::ops::Range;

/// Rows first: pixels follow each other in a column.
pub const AM: u8 = 1 << 3;
/// Columns from left to right.
pub const ID0: u8 = 1 << 4;
/// Rows from top to bottom.
pub const ID1: u8 = 1 << 5;

/// Where `window` of the turned display is, in a memory of `columns` and `rows`: its first and last
/// column, first and last row, and the column and row of its first pixel.
///
/// [`None`] for an empty one, and for what is not in the memory.
pub fn area(window: &Rect, mode: u8, (columns, rows): (u16, u16)) -> Option<[u16; 6]> {
    let (x, y) = (window.x1..window.x2, window.y1..window.y2);
    let (x, y) = if mode & AM == 0 { (x, y) } else { (y, x) };
    let (left, right, x) = side(x, mode & ID0 != 0, columns)?;
    let (top, bottom, y) = side(y, mode & ID1 != 0, rows)?;
    Some([left, right, top, bottom, x, y])
}

/// The first and the last place of a side, and the one that is filled first.
fn side(range: Range<i32>, ascends: bool, size: u16) -> Option<(u16, u16, u16)> {
    if range.is_empty() || range.end > size.into() {
        return None;
    }
    let first = u16::try_from(range.start).ok()?;
    let last = u16::try_from(range.end - 1).ok()?;
    Some(if ascends {
        (first, last, first)
    } else {
        (size - 1 - last, size - 1 - first, size - 1 - first)
    })
}
