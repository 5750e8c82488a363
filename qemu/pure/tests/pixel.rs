// SPDX-License-Identifier: GPL-2.0

//! Pixels: each colour where the panel expects it, however long the line is.

use proptest::prelude::*;
use std::sync::atomic::AtomicU64;
use tinydrm_pure::{
    drm::line::{Line, Pixel, Rgb565, Xrgb8888},
    pixel::{Order, Source, convert},
};

/// The words that hold these bytes, and something else behind them.
fn words(bytes: &[u8]) -> Vec<AtomicU64> {
    let word = |bytes: &[u8]| {
        let mut word = [0xa5; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_ne_bytes(word).into()
    };
    bytes.chunks(8).map(word).collect()
}

fn xrgb8888(pixels: &[u32]) -> Vec<AtomicU64> {
    let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
    words(&bytes)
}

fn rgb565(pixels: &[u16]) -> Vec<AtomicU64> {
    let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
    words(&bytes)
}

/// What is sent of `len` pixels of the format `P`.
fn sent<P: Source>(words: &[AtomicU64], len: usize, order: Order) -> Vec<u8> {
    let mut wire = vec![0xa5; len * 2 + 3];
    let mut seen = vec![0; words.len()];
    convert(&Line::<P>::new(words, len), &mut seen, &mut wire, order);
    assert_eq!(
        wire.split_off(len * 2),
        [0xa5; 3],
        "nothing behind the line"
    );
    let as_it_was: Vec<u64> = words
        .iter()
        .map(|w| u64::from_le(w.load(RELAXED)))
        .collect();
    assert_eq!(seen, as_it_was, "what was seen is kept");
    wire
}

const RELAXED: std::sync::atomic::Ordering = std::sync::atomic::Ordering::Relaxed;

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
    let wire = sent::<Xrgb8888>(&xrgb8888(&pixels), pixels.len(), Order::Native);
    // x is not a colour.
    let wanted = [0xf800, 0x07e0, 0x001f, 0, 0x11aa];
    assert_eq!(on_the_wire(&wire, Order::Native), wanted);
}

#[test]
fn the_most_significant_byte_goes_first() {
    let red_then_blue = xrgb8888(&[0x00ff_0000, 0x0000_00ff]);
    let wire = sent::<Xrgb8888>(&red_then_blue, 2, Order::BigEndian);
    assert_eq!(wire, [0xf8, 0x00, 0x00, 0x1f]);
    let wire = sent::<Rgb565>(&rgb565(&[0x1234]), 1, Order::BigEndian);
    assert_eq!(wire, [0x12, 0x34]);
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
                    let wire = sent::<Xrgb8888>(&xrgb8888(&pixels), 2, Order::Native);
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
        let words = xrgb8888(&pixels);
        let wanted: Vec<u16> = pixels.iter().copied().map(reference).collect();
        for order in [Order::Native, Order::BigEndian] {
            let wire = sent::<Xrgb8888>(&words, pixels.len(), order);
            prop_assert_eq!(&on_the_wire(&wire, order), &wanted);
        }
    }

    #[test]
    fn rgb565_only_changes_its_order(pixels in proptest::collection::vec(any::<u16>(), 0..500)) {
        let words = rgb565(&pixels);
        for order in [Order::Native, Order::BigEndian] {
            let wire = sent::<Rgb565>(&words, pixels.len(), order);
            prop_assert_eq!(&on_the_wire(&wire, order), &pixels);
        }
    }

    /// A part begins with the word of its first pixel, and has all that was asked for.
    #[test]
    fn parts_of_a_line(
        pixels in proptest::collection::vec(any::<u16>(), 1..64),
        ends in (0..64usize, 0..64usize),
    ) {
        let words = rgb565(&pixels);
        let line = Line::<Rgb565>::new(&words, pixels.len());
        let (a, b) = (ends.0 % pixels.len(), ends.1 % pixels.len());
        let wanted = a.min(b)..a.max(b) + 1;
        let part = line.part(&wanted);
        let start = wanted.start / Rgb565::PER_WORD * Rgb565::PER_WORD;
        prop_assert!(start + part.len() >= wanted.end);
        prop_assert!(part.len() < wanted.len() + 2 * Rgb565::PER_WORD);
        let wire = sent::<Rgb565>(part.words(), part.len(), Order::BigEndian);
        let rest = &pixels[start..start + part.len()];
        prop_assert_eq!(on_the_wire(&wire, Order::BigEndian), rest);
    }
}
