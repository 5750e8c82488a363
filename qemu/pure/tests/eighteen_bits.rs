// SPDX-License-Identifier: GPL-2.0

//! Pixels of 18 bits: three bytes each, of whatever format, and nothing behind the line.

mod common;

use proptest::prelude::*;
use tinydrm_pure::pixel::Order;

fn xrgb8888(pixels: &[u32]) -> Vec<u8> {
    common::xrgb8888(pixels, Order::Bgr666)
}

fn rgb565(pixels: &[u16]) -> Vec<u8> {
    common::rgb565(pixels, Order::Bgr666)
}

#[test]
fn blue_goes_first() {
    assert_eq!(
        xrgb8888(&[0xff12_3456, 0x00ff_0000]),
        [0x54, 0x34, 0x10, 0x00, 0x00, 0xfc]
    );
    assert_eq!(
        rgb565(&[0xf800, 0x001f]),
        [0x00, 0x00, 0xfc, 0xfc, 0x00, 0x00]
    );
}

#[test]
fn white_and_black_are_so_in_both_formats() {
    assert_eq!(
        xrgb8888(&[0x00ff_ffff, 0xff00_0000]),
        [0xfc, 0xfc, 0xfc, 0, 0, 0]
    );
    assert_eq!(rgb565(&[0xffff, 0x0000]), [0xfc, 0xfc, 0xfc, 0, 0, 0]);
}

proptest! {
    #[test]
    fn upper_six_bits_of_each(pixels in proptest::collection::vec(any::<u32>(), 0..300)) {
        for (pixel, bytes) in pixels.iter().zip(xrgb8888(&pixels).chunks_exact(3)) {
            let colours = pixel.to_le_bytes().map(|byte| byte / 4 * 4);
            prop_assert_eq!(bytes, &colours[..3]);
        }
    }

    #[test]
    fn five_bits_and_six_are_kept(pixels in proptest::collection::vec(any::<u16>(), 0..300)) {
        for (pixel, bytes) in pixels.iter().zip(rgb565(&pixels).chunks_exact(3)) {
            let [blue, green, red] = [bytes[0], bytes[1], bytes[2]].map(u16::from);
            prop_assert_eq!(red / 8 * 2048 + green / 4 * 32 + blue / 8, *pixel);
            prop_assert!(bytes.iter().all(|byte| byte % 4 == 0));
        }
    }
}
