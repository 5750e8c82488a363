// SPDX-License-Identifier: GPL-2.0

//! Address ranges: inclusive, big endian, or refused.

use proptest::prelude::*;
use tinydrm_pure::window::address_range;

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

proptest! {
    #[test]
    fn both_ends_can_be_read_back(first in any::<i32>(), end in any::<i32>()) {
        if let Some([a, b, c, d]) = address_range(first, end) {
            prop_assert_eq!(i32::from(u16::from_be_bytes([a, b])), first);
            prop_assert_eq!(i32::from(u16::from_be_bytes([c, d])) + 1, end);
        }
    }
}
