// SPDX-License-Identifier: GPL-2.0

//! Columns as lines: they hold the pixels that are there, in their order, and no others.

use proptest::prelude::*;
use std::sync::atomic::AtomicU64;
use tinydrm_pure::{
    drm::line::{self, Pixel, Rgb565, Xrgb8888},
    transpose::Picture, //
};

/// The words of lines of the format `P`, which has pixels of so many bits.
fn words<P: Pixel>(lines: &[Vec<u64>]) -> Vec<u64> {
    let word = |pixels: &[u64]| {
        let shifted = pixels.iter().zip((0..).step_by(8 * P::BYTES));
        shifted.fold(0, |word, (pixel, bits)| word | (pixel << bits))
    };
    let line = |line: &Vec<u64>| line.chunks(P::PER_WORD).map(word).collect::<Vec<_>>();
    lines.iter().flat_map(line).collect()
}

/// Some pixels of a column, as they are found.
fn column<P: Pixel>(lines: &[Vec<u64>], x: usize, some: std::ops::Range<usize>) -> Vec<u64> {
    let picture = Picture {
        pixels: &words::<P>(lines),
        words: lines[0].len().div_ceil(P::PER_WORD),
    };
    let room = some.len().div_ceil(P::PER_WORD);
    let mut found: Vec<_> = (0..room).map(|_| AtomicU64::new(!0)).collect();
    picture.column::<P>(x, some.clone(), &mut found);
    let pixel = |i: usize| {
        let word = line::load(&found[i / P::PER_WORD]);
        (word >> (i % P::PER_WORD * 8 * P::BYTES)) & ((1 << (8 * P::BYTES)) - 1)
    };
    (0..some.len()).map(pixel).collect()
}

fn picture(mask: u64) -> impl Strategy<Value = (Vec<Vec<u64>>, usize, std::ops::Range<usize>)> {
    (1usize..12, 1usize..12).prop_flat_map(move |(width, height)| {
        let pixels = prop::collection::vec(0..=mask, width);
        let lines = prop::collection::vec(pixels, height);
        let some = (0..height).prop_flat_map(move |start| (Just(start), start + 1..=height));
        (lines, 0..width, some.prop_map(|(start, end)| start..end))
    })
}

proptest! {
    #[test]
    fn of_four_bytes((lines, x, some) in picture(0xffff_ffff)) {
        let wanted: Vec<u64> = lines[some.clone()].iter().map(|line| line[x]).collect();
        prop_assert_eq!(column::<Xrgb8888>(&lines, x, some), wanted);
    }

    #[test]
    fn of_two_bytes((lines, x, some) in picture(0xffff)) {
        let wanted: Vec<u64> = lines[some.clone()].iter().map(|line| line[x]).collect();
        prop_assert_eq!(column::<Rgb565>(&lines, x, some), wanted);
    }
}

#[test]
fn nothing_is_outside() {
    assert_eq!(column::<Rgb565>(&[vec![7]], 0, 0..1), [7]);
    let picture = Picture {
        pixels: &[],
        words: 1,
    };
    let mut found = [AtomicU64::new(!0)];
    picture.column::<Rgb565>(3, 0..4, &mut found);
    assert_eq!(line::load(&found[0]), 0);
}
