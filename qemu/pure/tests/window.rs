// SPDX-License-Identifier: GPL-2.0

//! Address ranges: inclusive, big endian, or refused. And the commands that say them, once.

use proptest::prelude::*;
use tinydrm_pure::{
    damage::Rect,
    window::{Area, address_range},
};

#[test]
fn a_whole_line_of_320() {
    assert_eq!(address_range(0, 320), Some([0x00, 0x00, 0x01, 0x3f]));
}

#[test]
fn what_cannot_be_addressed() {
    assert_eq!(address_range(5, 5), None);
    assert_eq!(address_range(6, 5), None);
    assert_eq!(address_range(-1, 5), None);
    assert_eq!(address_range(0, 65_537), None);
    assert_eq!(address_range(i32::MIN, i32::MAX), None);
    assert_eq!(address_range(0, 65_536), Some([0x00, 0x00, 0xff, 0xff]));
}

#[test]
fn what_is_known_is_not_said_again() {
    let area = |x1, y1, x2, y2| Area::new(&Rect { x1, y1, x2, y2 }, (2, 1)).unwrap();
    let opcodes = |area: &Area, last: Option<&Area>| -> Vec<u8> {
        area.commands(last).map(|(command, _)| command).collect()
    };
    let first = area(0, 0, 4, 4);
    let all: Vec<(u8, &[u8])> = first.commands(None).collect();
    assert_eq!(
        all,
        [
            (0x2a, &[0, 2, 0, 5][..]),
            (0x2b, &[0, 1, 0, 4]),
            (0x2c, &[])
        ]
    );
    assert_eq!(opcodes(&first, Some(&first)), [0x2c]);
    assert_eq!(opcodes(&area(0, 8, 4, 9), Some(&first)), [0x2b, 0x2c]);
    assert_eq!(opcodes(&area(1, 0, 4, 4), Some(&first)), [0x2a, 0x2c]);
    assert_eq!(
        Area::new(
            &Rect {
                x1: 0,
                y1: 0,
                x2: 0,
                y2: 1
            },
            (0, 0)
        ),
        None
    );
}

proptest! {
    #[test]
    fn both_ends_can_be_read_back(first in any::<i32>(), end in any::<i32>()) {
        if let Some([a, b, c, d]) = address_range(first, end) {
            prop_assert_eq!(i32::from(u16::from_be_bytes([a, b])), first);
            prop_assert_eq!(i32::from(u16::from_be_bytes([c, d])) + 1, end);
        }
    }
}
