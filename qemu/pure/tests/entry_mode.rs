// SPDX-License-Identifier: GPL-2.0

//! Entry modes: a window that is filled as the mode says is the picture, turned.

use proptest::prelude::*;
use tinydrm_pure::{
    damage::Rect,
    entry_mode::{AM, ID0, ID1, area},
};

/// Columns and rows of the memory.
const SIZE: (u16, u16) = (176, 220);

/// For 0, 90, 180 and 270 degrees.
const TURNS: [u8; 4] = [ID0 | ID1, AM | ID0, 0, AM | ID1];

fn rect(x1: i32, y1: i32, x2: i32, y2: i32) -> Rect {
    Rect { x1, y1, x2, y2 }
}

/// Where the pixels of a window go, one after the other: as the controller counts.
fn filled([left, right, top, bottom, x, y]: [u16; 6], mode: u8) -> Vec<(u16, u16)> {
    let along = |from: u16, to: u16, start: u16, up: bool| -> Vec<u16> {
        let side: Vec<u16> = if up {
            (from..=to).collect()
        } else {
            (from..=to).rev().collect()
        };
        assert_eq!(side[0], start, "it begins at an edge");
        side
    };
    let columns = along(left, right, x, mode & ID0 != 0);
    let rows = along(top, bottom, y, mode & ID1 != 0);
    if mode & AM == 0 {
        let line = |y| columns.iter().map(move |x| (*x, y));
        rows.iter().flat_map(|y| line(*y)).collect()
    } else {
        let line = |x| rows.iter().map(move |y| (x, *y));
        columns.iter().flat_map(|x| line(*x)).collect()
    }
}

/// The place on the upright glass of a pixel of the display that is turned, clockwise as in C.
fn turned(x: i32, y: i32, quarters: usize) -> (u16, u16) {
    let (w, h) = (i32::from(SIZE.0), i32::from(SIZE.1));
    let (x, y) = match quarters {
        0 => (x, y),
        1 => (y, h - 1 - x),
        2 => (w - 1 - x, h - 1 - y),
        _ => (w - 1 - y, x),
    };
    (x as u16, y as u16)
}

#[test]
fn what_the_c_driver_sends() {
    // ili9225_fb_dirty() for 10..20 x 30..50.
    let window = rect(10, 30, 20, 50);
    assert_eq!(
        area(&window, TURNS[0], SIZE),
        Some([10, 19, 30, 49, 10, 30])
    );
    assert_eq!(
        area(&window, TURNS[1], SIZE),
        Some([30, 49, 200, 209, 30, 209])
    );
    assert_eq!(
        area(&window, TURNS[2], SIZE),
        Some([156, 165, 170, 189, 165, 189])
    );
    assert_eq!(
        area(&window, TURNS[3], SIZE),
        Some([126, 145, 10, 19, 145, 10])
    );
}

#[test]
fn what_is_no_window() {
    for mode in TURNS {
        let (w, h) = if mode & AM == 0 {
            (176, 220)
        } else {
            (220, 176)
        };
        assert!(area(&rect(0, 0, w, h), mode, SIZE).is_some());
        for wrong in [
            rect(0, 0, w + 1, h),
            rect(0, 0, w, h + 1),
            rect(-1, 0, w, h),
            rect(5, 0, 5, h),
        ] {
            assert_eq!(area(&wrong, mode, SIZE), None, "{mode:#x}");
        }
    }
}

proptest! {
    #[test]
    fn pixels_go_where_the_display_has_them(
        quarters in 0..4usize,
        (x, y) in (0..176i32, 0..176i32),
        (width, height) in (1..20i32, 1..20i32),
    ) {
        let window = rect(x, y, (x + width).min(176), (y + height).min(176));
        let mode = TURNS[quarters];
        let placed = filled(area(&window, mode, SIZE).unwrap(), mode);
        let wanted: Vec<_> = (window.y1..window.y2)
            .flat_map(|y| (window.x1..window.x2).map(move |x| turned(x, y, quarters)))
            .collect();
        prop_assert_eq!(placed, wanted);
    }
}
