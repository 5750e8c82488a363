// SPDX-License-Identifier: GPL-2.0

//! Window arithmetic: from a rectangle of the display to the parameters of the address commands.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

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
