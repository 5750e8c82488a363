// SPDX-License-Identifier: GPL-2.0

//! Differences: no pixel that has changed is forgotten, and not many others are sent with them.

use proptest::prelude::*;
use tinydrm_pure::difference::{GAP, at_both_ends, runs};

fn bytes(pixels: &[u16]) -> Vec<u8> {
    pixels.iter().flat_map(|p| p.to_le_bytes()).collect()
}

/// The first pixel of each run, and the one behind its last.
fn between(old: &[u16], new: &[u16]) -> Vec<(usize, usize)> {
    runs(&bytes(old), &bytes(new))
        .map(|run| (run.start, run.end))
        .collect()
}

#[test]
fn nothing_has_changed() {
    let line = vec![0x1234; 240];
    assert_eq!(between(&line, &line), []);
    assert_eq!(between(&[], &[]), []);
}

#[test]
fn all_has_changed() {
    assert_eq!(between(&[0; 241], &[1; 241]), [(0, 241)]);
}

#[test]
fn either_byte_counts() {
    for bit in 0..16 {
        for at in 0..23 {
            let mut new = [0; 23];
            new[at] = 1 << bit;
            assert_eq!(between(&[0; 23], &new), [(at, at + 1)]);
        }
    }
}

#[test]
fn both_ends_have_to_differ() {
    let old = [0u16; 37];
    for changed in [&[0][..], &[36], &[18], &[0, 36]] {
        let mut new = old;
        for &x in changed {
            new[x] = 0x0100;
        }
        assert_eq!(at_both_ends(&bytes(&old), &bytes(&new)), changed == [0, 36]);
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
            prop_assert_ne!(old[start], new[start], "begins with one that differs");
            prop_assert_ne!(old[end - 1], new[end - 1], "and ends with one");
            let same = new[start..end].iter().zip(&old[start..end]).map(|(a, b)| a == b);
            let mut in_a_row = 0;
            for same in same {
                in_a_row = if same { in_a_row + 1 } else { 0 };
                prop_assert!(in_a_row < GAP, "the gap was not seen");
            }
        }
        for x in (0..len).filter(|&x| old[x] != new[x]) {
            prop_assert!(runs.iter().any(|run| (run.0..run.1).contains(&x)), "pixel {} is forgotten", x);
        }
    }
}
