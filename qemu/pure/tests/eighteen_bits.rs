// SPDX-License-Identifier: GPL-2.0

//! Pixels of 18 bits: three bytes each, of whatever format, and nothing behind the line.

mod common;

use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};
use tinydrm_pure::{drm::line::widen, pixel::Order};

fn xrgb8888(pixels: &[u32]) -> Vec<u8> {
    common::xrgb8888(pixels, Order::Bgr666)
}

fn rgb565(pixels: &[u16]) -> Vec<u8> {
    common::rgb565(pixels, Order::Bgr666)
}

/// The pixels that are read of three bytes each.
fn widened(bytes: &[u8]) -> Vec<u32> {
    let len = bytes.len() / 3;
    let mut room = vec![0xa5; len.div_ceil(2) * 8];
    room[..bytes.len()].copy_from_slice(bytes);
    let mut words: Vec<AtomicU64> = room
        .chunks_exact(8)
        .map(|word| u64::from_ne_bytes(word.try_into().unwrap()).into())
        .collect();
    widen(&mut words, len);
    let pixels = words
        .iter()
        .flat_map(|word| word.load(Ordering::Relaxed).to_ne_bytes());
    let bytes: Vec<u8> = pixels.take(4 * len).collect();
    let pixel = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
    bytes.chunks_exact(4).map(pixel).collect()
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

    /// On the way through a framebuffer of three bytes a pixel nothing is lost but what is no colour.
    #[test]
    fn three_bytes_are_read_as_four(pixels in proptest::collection::vec(any::<u32>(), 0..300)) {
        let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()[..3].to_vec()).collect();
        let colours: Vec<u32> = pixels.iter().map(|pixel| pixel & 0x00ff_ffff).collect();
        prop_assert_eq!(widened(&bytes), colours);
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
