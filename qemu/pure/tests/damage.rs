// SPDX-License-Identifier: GPL-2.0

//! Clips: inside the display, inside the damage, and none missing.

use proptest::prelude::*;
use tinydrm_pure::damage::{Clip, Rect};

fn rect(x1: i32, y1: i32, x2: i32, y2: i32) -> Rect {
    Rect { x1, y1, x2, y2 }
}

#[test]
fn a_plane_that_starts_inside_the_framebuffer() {
    // 240x320 shown from (16, 8) on: what changes at (20, 10) is to be seen at (4, 2).
    let clip = Clip::new(rect(20, 10, 28, 18), (16, 8), rect(0, 0, 240, 320)).unwrap();
    assert_eq!((clip.src_x, clip.src_y), (20, 10));
    assert_eq!(clip.dst, rect(4, 2, 12, 10));
}

#[test]
fn damage_that_is_not_shown_is_none() {
    let dst = rect(0, 0, 240, 320);
    assert_eq!(Clip::new(rect(300, 0, 310, 10), (0, 0), dst), None);
    assert_eq!(Clip::new(rect(5, 5, 5, 9), (0, 0), dst), None);
    assert_eq!(Clip::new(rect(9, 9, 5, 5), (0, 0), dst), None);
}

#[test]
fn damage_over_the_edge_is_cut() {
    let clip = Clip::new(rect(230, 310, 500, 500), (0, 0), rect(0, 0, 240, 320)).unwrap();
    assert_eq!(clip.dst, rect(230, 310, 240, 320));
    assert_eq!((clip.src_x, clip.src_y), (230, 310));
}

#[test]
fn no_size_overflows() {
    let all = rect(i32::MIN, i32::MIN, i32::MAX, i32::MAX);
    assert_eq!(all.width(), u32::MAX);
    assert_eq!(all.height(), u32::MAX);
    assert_eq!(rect(1, 0, 0, 5).width(), 0);
    assert_eq!(Clip::new(all, (0, i32::MIN), rect(0, 1, 4, 4)), None);
}

proptest! {
    /// Pixel by pixel: a pixel of the display is in the clip exactly if the pixel of the
    /// framebuffer that it shows is in the damage, and the clip reads that pixel.
    #[test]
    fn a_clip_is_the_damage_that_is_shown(
        (x1, y1) in (-8..40i32, -8..40i32), (w, h) in (0..40i32, 0..40i32),
        (sx, sy) in (0..16i32, 0..16i32), (dx, dy) in (0..8i32, 0..8i32),
        (dw, dh) in (1..32i32, 1..32i32),
    ) {
        let damage = rect(x1, y1, x1 + w, y1 + h);
        let dst = rect(dx, dy, dx + dw, dy + dh);
        // DRM clips the damage to the source rectangle, which lies inside the framebuffer.
        let damage = damage.intersect(&rect(sx, sy, sx + dw, sy + dh));
        let clip = Clip::new(damage, (sx, sy), dst);
        let inside = |r: &Rect, x, y| r.x1 <= x && x < r.x2 && r.y1 <= y && y < r.y2;
        for y in dst.y1..dst.y2 {
            for x in dst.x1..dst.x2 {
                let (fx, fy) = (x - dx + sx, y - dy + sy);
                let clipped = clip.is_some_and(|clip| inside(&clip.dst, x, y));
                prop_assert_eq!(clipped, inside(&damage, fx, fy));
                if let (true, Some(clip)) = (clipped, clip) {
                    prop_assert_eq!(clip.src_x as i32 + (x - clip.dst.x1), fx);
                    prop_assert_eq!(clip.src_y as i32 + (y - clip.dst.y1), fy);
                }
            }
        }
        if let Some(clip) = clip {
            prop_assert!(!clip.dst.is_empty());
            prop_assert_eq!(clip.dst.intersect(&dst), clip.dst);
        }
    }

    /// Whatever the numbers: no panic, and nothing outside the display.
    #[test]
    fn any_numbers(d in any::<[i32; 4]>(), src in any::<(i32, i32)>(), r in any::<[i32; 4]>()) {
        let dst = rect(r[0], r[1], r[2], r[3]);
        if let Some(clip) = Clip::new(rect(d[0], d[1], d[2], d[3]), src, dst) {
            prop_assert_eq!(clip.dst.intersect(&dst), clip.dst);
        }
    }
}
