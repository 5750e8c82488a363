// SPDX-License-Identifier: GPL-2.0

//! Pixels of 18 bits: three bytes each, of whatever format, and nothing behind the line.

use proptest::prelude::*;
use std::sync::atomic::AtomicU64;
use tinydrm_pure::{
    drm::line::{Line, Rgb565, Xrgb8888},
    pixel::{Order, Source, convert},
};

/// The words of these bytes, as they are in memory.
fn words(bytes: &[u8]) -> Vec<AtomicU64> {
    let word = |bytes: &[u8]| {
        let mut word = [0xa5; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_ne_bytes(word).into()
    };
    bytes.chunks(8).map(word).collect()
}

/// What is sent of a line of the format `P` with these bytes, and three more that are nobody's.
fn sent<P: Source>(bytes: &[u8]) -> Vec<u8> {
    let words = words(bytes);
    let line = Line::<P>::new(&words, bytes.len() / P::BYTES);
    let mut seen = vec![0; words.len()];
    let mut wire = vec![0xa5; bytes.len() / P::BYTES * 3 + 3];
    convert(&line, &mut seen, &mut wire, Order::Bgr666);
    for (seen, word) in seen.iter().zip(&words) {
        assert_eq!(
            *seen,
            u64::from_le(word.load(std::sync::atomic::Ordering::Relaxed))
        );
    }
    assert_eq!(
        wire.split_off(wire.len() - 3),
        [0xa5; 3],
        "nothing behind the line"
    );
    wire
}

fn xrgb8888(pixels: &[u32]) -> Vec<u8> {
    sent::<Xrgb8888>(
        &pixels
            .iter()
            .flat_map(|p| p.to_le_bytes())
            .collect::<Vec<_>>(),
    )
}

fn rgb565(pixels: &[u16]) -> Vec<u8> {
    sent::<Rgb565>(
        &pixels
            .iter()
            .flat_map(|p| p.to_le_bytes())
            .collect::<Vec<_>>(),
    )
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
