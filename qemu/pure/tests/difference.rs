// SPDX-License-Identifier: GPL-2.0

//! Differences: no pixel that has changed is forgotten, and not many others are sent with them.

use std::sync::atomic::{AtomicU16, AtomicU64};

use proptest::prelude::*;
use tinydrm_pure::{
    difference::{Difference, GAP_WORDS, SHORT_WORDS},
    drm::line::Line,
};

/// Pixels of 16 bits, the first ones of which are before a 64-bit boundary.
struct Pixels(Vec<AtomicU16>, Vec<AtomicU64>, Vec<AtomicU16>);

impl Pixels {
    fn new(pixels: &[u16], lead: usize) -> Self {
        let (head, rest) = pixels.split_at(lead.min(pixels.len()));
        let atomics = |p: &[u16]| p.iter().map(|p| p.to_le().into()).collect();
        let fours = rest.chunks_exact(4);
        let tail = atomics(fours.remainder());
        let four = |p: &[u16]| {
            let bits = p
                .iter()
                .rev()
                .fold(0, |bits, p| (bits << 16) | u64::from(*p));
            AtomicU64::new(bits.to_le())
        };
        Self(atomics(head), fours.map(four).collect(), tail)
    }

    fn line(&self) -> Line<'_, AtomicU16> {
        Line {
            head: &self.0,
            body: &self.1,
            tail: &self.2,
        }
    }
}

fn bytes(pixels: &[u16]) -> Vec<u8> {
    pixels.iter().flat_map(|p| p.to_le_bytes()).collect()
}

/// The first pixel of each run, and the one behind its last.
fn between(old: &[u16], new: &[u16], lead: usize) -> Vec<(usize, usize)> {
    let new = Pixels::new(new, lead);
    let (line, old) = (new.line(), bytes(old));
    let difference = Difference::new(&line, &old);
    difference.runs().map(|run| (run.start, run.end)).collect()
}

#[test]
fn nothing_has_changed() {
    for lead in 0..4 {
        let line = vec![0x1234; 240];
        assert_eq!(between(&line, &line, lead), []);
        assert_eq!(between(&line[..7], &line[..7], lead), []);
        assert_eq!(between(&[], &[], lead), []);
    }
}

#[test]
fn all_has_changed() {
    for lead in 0..4 {
        assert_eq!(between(&[0; 241], &[1; 241], lead), [(0, 241)]);
        assert_eq!(between(&[0; 5], &[1; 5], lead), [(0, 5)]);
    }
}

#[test]
fn either_byte_counts() {
    for (bit, lead) in (0..16).zip([0, 1, 2, 3].into_iter().cycle()) {
        for at in 0..61 {
            let mut new = [0; 61];
            new[at] = 1 << bit;
            assert_eq!(between(&[0; 61], &new, lead), [(at, at + 1)]);
        }
    }
}

#[test]
fn short_lines_are_taken_whole() {
    let mut new = [0; SHORT_WORDS * 4];
    new[9] = 1;
    assert_eq!(
        between(&[0; SHORT_WORDS * 4], &new, 0),
        [(0, SHORT_WORDS * 4)]
    );
}

#[test]
fn both_ends_have_to_differ() {
    let old = [0u16; 37];
    for changed in [&[0][..], &[36], &[18], &[0, 36]] {
        let mut new = old;
        for &x in changed {
            new[x] = 0x0100;
        }
        let new = Pixels::new(&new, 1);
        let (line, old) = (new.line(), bytes(&old));
        let ends = Difference::new(&line, &old).is_at_both_ends();
        assert_eq!(ends, changed == [0, 36]);
    }
}

#[test]
fn two_ends_of_a_line_are_two_runs() {
    let mut new = [0u16; 240];
    new[3..9].fill(7);
    new[230..237].fill(7);
    for lead in 0..4 {
        assert_eq!(between(&[0; 240], &new, lead), [(3, 9), (230, 237)]);
    }
}

proptest! {
    #[test]
    fn runs_hold_what_differs(
        len in 0..300usize,
        lead in 0..4usize,
        changes in proptest::collection::vec((0..300usize, 1..60usize, any::<u16>()), 0..6),
    ) {
        let old = vec![0u16; len];
        let mut new = old.clone();
        for (at, width, value) in changes {
            let range = at.min(len)..(at + width).min(len);
            new[range].fill(value);
        }
        let runs = between(&old, &new, lead);
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
