// SPDX-License-Identifier: GPL-2.0

//! Windows: they cover the damage, and are never dearer than what they could have been.

use proptest::prelude::*;
use tinydrm_pure::{
    damage::Rect,
    pixel::Order,
    windows::{THREE_WIRE_COST, WINDOW_COST, Windows},
};

fn rect(x1: i32, y1: i32, x2: i32, y2: i32) -> Rect {
    Rect { x1, y1, x2, y2 }
}

/// That of a window of no pixels, each of two bytes.
const OWN_COST: u64 = WINDOW_COST.div_ceil(2);

fn cost(rect: &Rect) -> u64 {
    Windows::new(Order::Native, WINDOW_COST).cost_of(rect)
}

fn windows(rects: &[Rect]) -> Windows {
    let mut windows = Windows::new(Order::Native, WINDOW_COST);
    for rect in rects {
        windows.add(*rect);
    }
    windows.settle();
    windows
}

#[test]
fn without_a_line_windows_are_cheaper() {
    let stay_apart = |own_bytes| {
        let mut windows = Windows::new(Order::Native, own_bytes);
        windows.add(rect(0, 0, 8, 4));
        windows.add(rect(12, 0, 20, 4));
        windows.settle();
        windows.iter().count() == 2
    };
    assert!(stay_apart(THREE_WIRE_COST));
    assert!(!stay_apart(WINDOW_COST));
}

#[test]
fn far_ones_stay_apart() {
    let corners = [rect(0, 0, 8, 8), rect(232, 312, 240, 320)];
    let windows = windows(&corners);
    assert_eq!(windows.iter().copied().collect::<Vec<_>>(), corners);
    assert_eq!(windows.cost(), 2 * (OWN_COST + 64));
}

#[test]
fn lines_of_a_rectangle_are_one() {
    let lines: Vec<_> = (10..300).map(|y| rect(5, y, 225, y + 1)).collect();
    assert_eq!(
        windows(&lines).iter().copied().collect::<Vec<_>>(),
        [rect(5, 10, 225, 300)]
    );
}

/// Of packed pixels, too, which are fewer columns.
#[test]
fn half_a_frame_is_told() {
    for (order, columns) in [(Order::Native, 178), (Order::Grey332, 60)] {
        let mut windows = Windows::new(order, WINDOW_COST);
        assert!(!windows.is_half(178, 128));
        windows.add(rect(0, 0, columns, 60));
        assert!(!windows.is_half(178, 128), "{order:?}");
        windows.add(rect(0, 60, columns, 64));
        assert!(windows.is_half(178, 128), "{order:?}");
    }
}

#[test]
fn taken_ones_are_gone() {
    let mut from = windows(&[rect(0, 0, 8, 8), rect(232, 312, 240, 320)]);
    let mut to = windows(&[rect(1, 2, 3, 4)]);
    to.take(&mut from);
    assert!(from.is_empty());
    assert_eq!(
        [to.get(0), to.get(1), to.get(2)],
        [Some(rect(0, 0, 8, 8)), Some(rect(232, 312, 240, 320)), None]
    );
}

#[test]
fn near_ones_are_one() {
    let windows = windows(&[rect(0, 0, 4, 4), rect(6, 0, 10, 4)]);
    assert_eq!(
        windows.iter().copied().collect::<Vec<_>>(),
        [rect(0, 0, 10, 4)]
    );
}

prop_compose! {
    fn any_rect()(x in 0..230i32, y in 0..310i32, w in 1..40i32, h in 1..40i32) -> Rect {
        rect(x, y, (x + w).min(240), (y + h).min(320))
    }
}

proptest! {
    #[test]
    fn they_cover_the_damage(rects in proptest::collection::vec(any_rect(), 0..60)) {
        let windows = windows(&rects);
        prop_assert_eq!(windows.is_empty(), rects.is_empty());
        for rect in &rects {
            for (x, y) in (rect.y1..rect.y2).flat_map(|y| (rect.x1..rect.x2).map(move |x| (x, y))) {
                let covered = |w: &Rect| w.x1 <= x && x < w.x2 && w.y1 <= y && y < w.y2;
                prop_assert!(windows.iter().any(covered), "({}, {}) is not covered", x, y);
            }
        }
    }

    #[test]
    fn they_are_no_dearer_than_the_bounding_box(
        rects in proptest::collection::vec(any_rect(), 1..60),
    ) {
        let all = rects.iter().copied().reduce(|a, b| a.union(&b)).unwrap();
        prop_assert!(windows(&rects).cost() <= cost(&all));
    }

    #[test]
    fn two_are_merged_exactly_when_that_is_cheaper(a in any_rect(), b in any_rect()) {
        let together = cost(&a.union(&b));
        prop_assert_eq!(windows(&[a, b]).cost(), together.min(cost(&a) + cost(&b)));
    }
}
