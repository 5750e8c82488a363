// SPDX-License-Identifier: GPL-2.0

//! Address modes and margins, against the definition: which cell of the memory an address means.

use proptest::prelude::*;
use tinydrm_pure::dcs::address_mode::{BGR, MV, MX, MY};
use tinydrm_pure::rotation::{Margins, turned};

/// The cell of a memory of `columns` times `rows` (MIPI DCS 1.3, `set_address_mode`).
fn cell(mode: u8, (columns, rows): (u16, u16), (column, page): (u16, u16)) -> (u16, u16) {
    let (x, y) = if mode & MV == 0 {
        (column, page)
    } else {
        (page, column)
    };
    (
        if mode & MX == 0 { x } else { columns - 1 - x },
        if mode & MY == 0 { y } else { rows - 1 - y },
    )
}

fn modes() -> impl Strategy<Value = u8> {
    (0..8_u8).prop_map(|bits| bits << 5)
}

#[test]
fn the_address_modes_of_the_ili9341() {
    let table = [BGR | MX, BGR | MV, BGR | MY, BGR | MV | MY | MX];
    for (quarters, mode) in table.into_iter().enumerate() {
        assert_eq!(turned(table[0], quarters), mode);
    }
}

#[test]
fn a_square_glass_on_an_oblong_memory() {
    let margins = Margins {
        bottom: 80,
        ..Margins::NONE
    };
    let offsets = [0, 1, 2, 3].map(|quarters| margins.offset(0, turned(0, quarters)));
    assert_eq!(offsets, [(0, 0), (0, 0), (0, 80), (80, 0)]);
}

proptest! {
    /// Wherever a glass lies in its memory: its pixels are found there in every address mode.
    #[test]
    fn the_glass_is_found_in_every_mode(
        upright in modes(),
        mode in modes(),
        (w, h) in (1..40_u16, 1..40_u16),
        (left, top, right, bottom) in (0..20_u16, 0..20_u16, 0..20_u16, 0..20_u16),
    ) {
        let margins = Margins { left, top, right, bottom };
        // As addresses see it at rotation 0, and as it is.
        let extent = (left + w + right, top + h + bottom);
        let memory = if upright & MV == 0 { extent } else { (extent.1, extent.0) };
        let shown = |mode: u8, w: u16, h: u16, (column, page): (u16, u16)| {
            let mut cells: Vec<_> = (0..w)
                .flat_map(|x| (0..h).map(move |y| (column + x, page + y)))
                .map(|address| cell(mode, memory, address))
                .collect();
            cells.sort_unstable();
            cells
        };
        let (w_now, h_now) = if (upright ^ mode) & MV == 0 { (w, h) } else { (h, w) };
        let offset = margins.offset(upright, mode);
        prop_assert_eq!(
            shown(mode, w_now, h_now, offset),
            shown(upright, w, h, (left, top))
        );
    }

    /// The upper left corner of a panel that was turned to the left is what was the upper right.
    #[test]
    fn a_quarter_turn_is_to_the_left(upright in modes(), (w, h) in (2..40_u16, 2..40_u16)) {
        let memory = if upright & MV == 0 { (w, h) } else { (h, w) };
        let now = turned(upright, 1);
        for (x, y) in [(0, 0), (h - 1, 0), (0, w - 1), (h - 1, w - 1)] {
            prop_assert_eq!(
                cell(now, memory, (x, y)),
                cell(upright, memory, (w - 1 - y, x))
            );
        }
        prop_assert_eq!(turned(upright, 4), upright);
        prop_assert_eq!(turned(turned(upright, 1), 2), turned(upright, 3));
    }
}
