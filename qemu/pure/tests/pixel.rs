// SPDX-License-Identifier: GPL-2.0

//! Pixels: each colour where the panel expects it, however long the line is.

mod common;

use common::{rgb565, xrgb8888};
use proptest::prelude::*;
use std::sync::atomic::AtomicU64;
use tinydrm_pure::{
    drm::line::{self, Line, Pixel, Rgb565},
    pixel::Order,
};

/// The pixels that the controller gets.
fn on_the_wire(bytes: &[u8], order: Order) -> Vec<u16> {
    let pixel = |bytes: &[u8]| match order {
        Order::Native => u16::from_ne_bytes([bytes[0], bytes[1]]),
        _ => u16::from_be_bytes([bytes[0], bytes[1]]),
    };
    bytes.chunks(2).map(pixel).collect()
}

#[test]
fn pure_colours() {
    let pixels = [
        0x00ff_0000,
        0x0000_ff00,
        0x0000_00ff,
        0xff00_0000,
        0x0012_3456,
    ];
    let wire = xrgb8888(&pixels, Order::Native);
    // x is not a colour.
    let wanted = [0xf800, 0x07e0, 0x001f, 0, 0x11aa];
    assert_eq!(on_the_wire(&wire, Order::Native), wanted);
}

#[test]
fn the_most_significant_byte_goes_first() {
    let red_then_blue = [0x00ff_0000, 0x0000_00ff];
    let wire = xrgb8888(&red_then_blue, Order::BigEndian);
    assert_eq!(wire, [0xf8, 0x00, 0x00, 0x1f]);
    assert_eq!(rgb565(&[0x1234], Order::BigEndian), [0x12, 0x34]);
}

#[test]
fn bytes_of_whole_pixels() {
    let sizes = [0, 1, 2, 3, 4095, 4096];
    let whole = sizes.map(|bytes| Order::Native.whole(bytes));
    assert_eq!(whole, [2, 2, 2, 2, 4094, 4096]);
}

/// Every value of every channel, beside neighbours that are all ones or all zeroes: nothing of a
/// colour gets into another one, and nothing of a pixel into the next.
#[test]
fn no_colour_spills() {
    for value in 0..=255u32 {
        for around in [0u32, 0xffff_ffff] {
            for shift in [0, 8, 16, 24] {
                let pixel = (around & !(0xff << shift)) | (value << shift);
                for pixels in [[pixel, around], [around, pixel]] {
                    let wire = xrgb8888(&pixels, Order::Native);
                    assert_eq!(on_the_wire(&wire, Order::Native), pixels.map(reference));
                }
            }
        }
    }
}

/// The arithmetic of drm_format_helper.c, written down another way: truncation of each channel.
fn reference(pixel: u32) -> u16 {
    let [blue, green, red, _] = pixel.to_le_bytes();
    (u16::from(red) / 8) * 2048 + (u16::from(green) / 4) * 32 + u16::from(blue) / 8
}

proptest! {
    #[test]
    fn every_pixel_of_a_line(pixels in proptest::collection::vec(any::<u32>(), 0..500)) {
        let wanted: Vec<u16> = pixels.iter().copied().map(reference).collect();
        for order in [Order::Native, Order::BigEndian] {
            let wire = xrgb8888(&pixels, order);
            prop_assert_eq!(&on_the_wire(&wire, order), &wanted);
        }
    }

    #[test]
    fn rgb565_only_changes_its_order(pixels in proptest::collection::vec(any::<u16>(), 0..500)) {
        for order in [Order::Native, Order::BigEndian] {
            let wire = rgb565(&pixels, order);
            prop_assert_eq!(&on_the_wire(&wire, order), &pixels);
        }
    }

    /// A part begins with the word of its first pixel, and has all that was asked for.
    #[test]
    fn parts_of_a_line(
        pixels in proptest::collection::vec(any::<u16>(), 1..64),
        ends in (0..64usize, 0..64usize),
    ) {
        let bits = |p: &[u16]| p.iter().rev().fold(0, |bits, p| (bits << 16) | u64::from(*p));
        let words: Vec<AtomicU64> = pixels.chunks(4).map(|p| bits(p).to_le().into()).collect();
        let line = Line::<Rgb565>::new(&words, pixels.len());
        let (a, b) = (ends.0 % pixels.len(), ends.1 % pixels.len());
        let wanted = a.min(b)..a.max(b) + 1;
        let part = line.part(&wanted);
        let start = wanted.start / Rgb565::PER_WORD * Rgb565::PER_WORD;
        prop_assert!(start + part.len() >= wanted.end);
        prop_assert!(part.len() < wanted.len() + 2 * Rgb565::PER_WORD);
        let pixel = |i: usize| line::load(&part.words()[i / 4]) >> (16 * (i % 4));
        let held: Vec<u16> = (0..part.len()).map(|i| pixel(i) as u16).collect();
        prop_assert_eq!(&held[..], &pixels[start..start + part.len()]);
    }
}
