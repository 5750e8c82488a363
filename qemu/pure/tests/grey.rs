// SPDX-License-Identifier: GPL-2.0

//! Grey pixels, three in a byte: the levels of the ST7586, in each place of a byte.

#![allow(clippy::unusual_byte_groupings, reason = "a group is a pixel")]

mod common;

use tinydrm_pure::pixel::Order;

fn xrgb8888(pixels: &[u32]) -> Vec<u8> {
    common::xrgb8888(pixels, Order::Grey332)
}

#[test]
fn four_levels_in_each_place() {
    // The table in st7586.c, the brightness of each level where it begins and ends.
    let levels = [(0x00, 0x3f), (0x40, 0x7f), (0x80, 0xbf), (0xc0, 0xff)];
    let bits: [(u8, u8); 4] = [(0b111, 0b11), (0b100, 0b10), (0b010, 0b01), (0b000, 0b00)];
    for ((first, last), (three, two)) in levels.into_iter().zip(bits) {
        for grey in [first, last] {
            let wanted = [three << 5, three << 2, two];
            for count in 1..=3 {
                // What there is no pixel for is white.
                let byte = wanted[..count].iter().sum();
                assert_eq!(xrgb8888(&vec![0x0001_0101 * grey; count]), [byte], "{grey}");
            }
        }
    }
}

#[test]
fn the_eye_likes_green() {
    assert_eq!(xrgb8888(&[0x00ff_0000]), [0b100_000_00]);
    assert_eq!(xrgb8888(&[0x0000_ff00]), [0b010_000_00]);
    assert_eq!(xrgb8888(&[0x0000_00ff]), [0b111_000_00]);
    let sixteen = [0xf800, 0x07e0, 0x001f, 0xffff];
    assert_eq!(common::rgb565(&sixteen, Order::Grey332), [0b100_010_11, 0]);
}

#[test]
fn pixels_keep_their_places_across_words() {
    let (black, white) = (0, 0x00ff_ffff);
    let line: Vec<u32> = (0..7).map(|x| if x == 4 { black } else { white }).collect();
    assert_eq!(xrgb8888(&line), [0, 0b000_111_00, 0]);
}

#[test]
fn columns_of_three_pixels() {
    let columns = [0, 1, 3, 177, 178].map(|n| Order::Grey332.columns(n));
    assert_eq!(columns, [0, 1, 1, 59, 60]);
    assert_eq!(Order::Bgr666.columns(178), 178);
}
