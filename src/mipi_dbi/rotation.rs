// SPDX-License-Identifier: GPL-2.0

//! What turning a panel does to its address mode, and to where its picture begins.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use super::dcs::address_mode::{MV, MX, MY};

/// The columns and pages of the controller's memory that surround those which the glass shows, as
/// they lie at rotation 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Margins {
    /// Columns before the first one that is shown.
    pub left: u16,
    /// Pages above.
    pub top: u16,
    /// Columns after the last one that is shown.
    pub right: u16,
    /// Pages below.
    pub bottom: u16,
}

impl Margins {
    /// The glass shows the whole memory.
    pub const NONE: Self = Self {
        left: 0,
        top: 0,
        right: 0,
        bottom: 0,
    };

    /// The column and page of the first pixel that is shown with the address mode `turned`, where
    /// `upright` is that of rotation 0.
    pub const fn offset(&self, upright: u8, turned: u8) -> (u16, u16) {
        let changed = upright ^ turned;
        // What MX turns round is the column, or the page where MV exchanges them.
        let (x, y) = if upright & MV == 0 {
            (MX, MY)
        } else {
            (MY, MX)
        };
        let column = if changed & x == 0 {
            self.left
        } else {
            self.right
        };
        let page = if changed & y == 0 {
            self.top
        } else {
            self.bottom
        };
        if changed & MV != 0 {
            (page, column)
        } else {
            (column, page)
        }
    }
}

/// The address mode of a panel with the address mode `upright`, turned by `quarters` of a turn,
/// counter-clockwise.
pub const fn turned(upright: u8, quarters: usize) -> u8 {
    let mut mode = upright;
    let mut done = 0;
    while done < quarters % 4 {
        // Columns become pages, and what was the right edge comes to be the upper one.
        mode ^= if mode & MV == 0 { MV | MX } else { MV | MY };
        done += 1;
    }
    mode
}
