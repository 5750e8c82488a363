// SPDX-License-Identifier: GPL-2.0

//! Window arithmetic: from a rectangle of the display to the commands that begin to write there.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use super::dcs;
use crate::drm::damage::Rect;

/// The parameters of `SET_COLUMN_ADDRESS` or `SET_PAGE_ADDRESS` for the pixels `first..end`.
///
/// [`None`] where there is no such range: it is empty, or the controller could not address it.
pub fn address_range(first: i32, end: i32) -> Option<[u8; 4]> {
    if first >= end {
        return None;
    }
    let [a, b] = u16::try_from(first).ok()?.to_be_bytes();
    let [c, d] = u16::try_from(end - 1).ok()?.to_be_bytes();
    Some([a, b, c, d])
}

/// Columns and pages of a controller's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    columns: [u8; 4],
    pages: [u8; 4],
}

impl Area {
    /// Those of a `window` on the display, whose first pixel is at the column and page `offset`.
    ///
    /// [`None`] as for [`address_range`].
    pub fn new(window: &Rect, offset: (i32, i32)) -> Option<Self> {
        let (x, y) = offset;
        Some(Self {
            columns: address_range(window.x1 + x, window.x2 + x)?,
            pages: address_range(window.y1 + y, window.y2 + y)?,
        })
    }

    /// The commands after which pixels go there, with their parameters. What is as in the `last` one
    /// is not said again.
    pub fn commands(&self, last: Option<&Area>) -> impl Iterator<Item = (u8, &[u8])> + Clone {
        let columns = last.is_none_or(|last| last.columns != self.columns);
        let pages = last.is_none_or(|last| last.pages != self.pages);
        [
            (columns, dcs::SET_COLUMN_ADDRESS, &self.columns[..]),
            (pages, dcs::SET_PAGE_ADDRESS, &self.pages[..]),
            (true, dcs::WRITE_MEMORY_START, &[]),
        ]
        .into_iter()
        .filter_map(|(is_new, command, parameters)| is_new.then_some((command, parameters)))
    }
}
