// SPDX-License-Identifier: GPL-2.0

//! Differences: no pixel that has changed is forgotten, and not many others are sent with them.

use proptest::prelude::*;
use std::sync::atomic::AtomicU64;
use tinydrm_pure::{
    difference::{Difference, GAP_WORDS, SHORT_WORDS},
    drm::line::{Line, Rgb565},
};

/// Words of pixels, the last of which is filled up with another one.
fn words(pixels: &[u16], filler: u16) -> Vec<u64> {
    let word = |p: &[u16]| {
        let mut four = [filler; 4];
        four[..p.len()].copy_from_slice(p);
        four.iter()
            .rev()
            .fold(0, |bits, p| (bits << 16) | u64::from(*p))
    };
    pixels.chunks(4).map(word).collect()
}

fn atomics(words: Vec<u64>) -> Vec<AtomicU64> {
    words.into_iter().map(|word| word.to_le().into()).collect()
}

/// The first pixel of each run, and the one behind its last.
fn between(old: &[u16], new: &[u16]) -> Vec<(usize, usize)> {
    // What is behind the line differs, and is nobody's.
    let (seen, now) = (words(old, 1), atomics(words(new, 2)));
    let line = Line::<Rgb565>::new(&now, new.len());
    let difference = Difference::new(&line, &seen);
    let runs: Vec<_> = difference.runs().map(|run| (run.start, run.end)).collect();
    assert_eq!(difference.is_empty(), runs.is_empty());
    runs
}

#[test]
fn nothing_has_changed() {
    let line = vec![0x1234; 241];
    assert_eq!(between(&line, &line), []);
    assert_eq!(between(&line[..7], &line[..7]), []);
    assert_eq!(between(&[], &[]), []);
}

#[test]
fn all_has_changed() {
    assert_eq!(between(&[0; 241], &[1; 241]), [(0, 241)]);
    assert_eq!(between(&[0; 5], &[1; 5]), [(0, 5)]);
}

#[test]
fn either_byte_counts() {
    for bit in 0..16 {
        for at in 0..61 {
            let mut new = [0; 61];
            new[at] = 1 << bit;
            assert_eq!(between(&[0; 61], &new), [(at, at + 1)]);
        }
    }
}

#[test]
fn short_lines_are_taken_whole() {
    let mut new = [0; SHORT_WORDS * 4];
    new[9] = 1;
    assert_eq!(between(&[0; SHORT_WORDS * 4], &new), [(0, SHORT_WORDS * 4)]);
}

#[test]
fn both_ends_have_to_differ() {
    let old = [0u16; 37];
    for changed in [&[0][..], &[36], &[18], &[0, 36]] {
        let mut new = old;
        for &x in changed {
            new[x] = 0x0100;
        }
        let (now, seen) = (atomics(words(&new, 2)), words(&old, 1));
        let line = Line::<Rgb565>::new(&now, new.len());
        let ends = Difference::new(&line, &seen).is_at_both_ends(new.len());
        assert_eq!(ends, changed == [0, 36]);
    }
}

#[test]
fn two_ends_of_a_line_are_two_runs() {
    let mut new = [0u16; 240];
    new[3..9].fill(7);
    new[230..237].fill(7);
    assert_eq!(between(&[0; 240], &new), [(3, 9), (230, 237)]);
}

proptest! {
    #[test]
    fn runs_hold_what_differs(
        len in 0..300usize,
        changes in proptest::collection::vec((0..300usize, 1..60usize, any::<u16>()), 0..6),
    ) {
        let old = vec![0u16; len];
        let mut new = old.clone();
        for (at, width, value) in changes {
            let range = at.min(len)..(at + width).min(len);
            new[range].fill(value);
        }
        let runs = between(&old, &new);
        let mut last = None;
        for &(start, end) in &runs {
            prop_assert!(start < end && end <= len);
            prop_assert!(last.is_none_or(|last| last < start), "in order and apart");
            last = Some(end);
            if len <= SHORT_WORDS * 4 {
                continue;
            }
            prop_assert_ne!(old[start], new[start], "begins with one that differs");
            prop_assert_ne!(old[end - 1], new[end - 1], "and ends with one");
            let same = new[start..end].iter().zip(&old[start..end]).map(|(a, b)| a == b);
            let mut in_a_row = 0;
            for same in same {
                in_a_row = if same { in_a_row + 1 } else { 0 };
                prop_assert!(in_a_row < (GAP_WORDS + 2) * 4, "the gap was not seen");
            }
        }
        for x in (0..len).filter(|&x| old[x] != new[x]) {
            prop_assert!(runs.iter().any(|run| (run.0..run.1).contains(&x)), "pixel {} is forgotten", x);
        }
    }
}
