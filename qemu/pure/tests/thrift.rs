// SPDX-License-Identifier: GPL-2.0

//! Thrift: a film is left alone, and a clock is found again.

use tinydrm_pure::thrift::Thrift;

const WHOLE: u64 = 150_000;

/// Frames that are looked at, of `count`, when so much of each has changed. After frames that
/// were not looked at there is nothing to compare with.
fn looks(thrift: &mut Thrift, count: u32, changed: u64) -> u32 {
    let mut known = true;
    let mut looks = 0;
    for _ in 0..count {
        let look = thrift.look();
        if look {
            looks += 1;
            thrift.looked(if known { changed } else { WHOLE }, WHOLE);
        }
        known = look;
    }
    looks
}

#[test]
fn a_clock_is_always_looked_at() {
    assert_eq!(looks(&mut Thrift::default(), 1000, 700), 1000);
}

#[test]
fn a_film_is_looked_at_now_and_then() {
    let looks = looks(&mut Thrift::default(), 1000, WHOLE);
    assert!((20..50).contains(&looks), "{looks} looks");
}

#[test]
fn a_film_that_stops_is_found_within_some_frames() {
    let mut thrift = Thrift::default();
    looks(&mut thrift, 500, WHOLE);
    // The rest, and one that has nothing to compare with.
    let frames = 200;
    assert!(looks(&mut thrift, frames, 0) >= frames - 61);
}
