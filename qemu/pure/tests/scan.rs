// SPDX-License-Identifier: GPL-2.0

//! When to begin to write: what waits is never torn, by a scan that is looked at pixel by pixel.

use proptest::prelude::*;
use tinydrm_pure::scan::{Scan, Start};

const LINES: u32 = 320;
const BLANK: u64 = 4;
/// Of the panel that is looked at: not a bit faster than what the driver believes.
const LINE: u64 = 1_000_000_000 / 70 / (LINES as u64 + BLANK) + 1;

/// Nanoseconds of a window of this size, at this clock.
fn ns(columns: u32, lines: u32, hz: u64) -> u64 {
    u64::from(columns * lines) * 16 * 1_000_000_000 / hz
}

fn start(columns: u32, lines: core::ops::Range<u32>, hz: u64) -> Start {
    let ns = ns(columns, lines.end - lines.start, hz);
    Scan::new(LINES, 70).start(&lines, ns)
}

/// Whether a scan shows a part of these lines, which are written from `begins` on, in ns after
/// blanking has begun.
fn is_torn(lines: core::ops::Range<u32>, ns: u64, begins: u64) -> bool {
    let count = u64::from(lines.end - lines.start);
    let period = LINE * (u64::from(LINES) + BLANK);
    (0..=(begins + ns) / period).any(|scan| {
        let (mut new, mut old) = (false, false);
        for (i, line) in (0..count).zip(lines.clone()) {
            let fetched = scan * period + (BLANK + u64::from(line)) * LINE;
            // The first pixel of it is written just after the last one of the line before.
            new |= begins + i * ns / count < fetched;
            old |= begins + (i + 1) * ns / count > fetched;
        }
        new && old
    })
}

#[test]
fn frames_of_a_common_panel() {
    // 38.4 ms, and two scans take 28.5.
    assert_eq!(start(240, 0..320, 32_000_000), Start::Now);
    assert_eq!(start(240, 0..320, 52_000_000), Start::AfterBlank);
    // A line in less time than the scan takes for it.
    assert_eq!(start(240, 0..320, 120_000_000), Start::Blank);
    assert_eq!(start(60, 0..320, 32_000_000), Start::Blank);
}

#[test]
fn what_is_small_does_not_wait() {
    assert_eq!(start(240, 0..16, 52_000_000), Start::Now);
    assert_eq!(start(8, 0..320, 32_000_000), Start::Now);
    assert_eq!(start(240, 0..0, 52_000_000), Start::Now);
    // The scan comes to its first line before the last one is written, wherever it begins.
    assert_eq!(start(240, 80..320, 32_000_000), Start::Now);
}

proptest! {
    #[test]
    fn who_waits_is_not_torn(
        columns in 1..=240_u32,
        first in 0..LINES,
        count in 1..=LINES,
        mhz in 5..200_u64,
        late in 0..100_u64,
        gaps in 0..=100_u64,
    ) {
        let lines = first..(first + count).min(LINES);
        let hz = mhz * 1_000_000;
        let ns = ns(columns, lines.end - lines.start, hz);
        // As late as may be at the most, in percent, and with gaps in between.
        let longer = ns + ns / 8 * gaps / 100;
        match start(columns, lines.clone(), hz) {
            Start::Now => {}
            Start::Blank => prop_assert!(!is_torn(lines, longer, 500 * late)),
            // The commands of a window are on the wire before its first pixel.
            Start::AfterBlank => {
                prop_assert!(!is_torn(lines, longer, BLANK * LINE + 1 + 5000 * late));
            }
        }
    }
}

#[test]
fn nothing_is_too_large() {
    for hz in [0, 1, 70, u32::MAX] {
        for lines in [0, 1, 320, u32::MAX] {
            let scan = Scan::new(lines, hz);
            for ns in [0, 1, 1 << 32, u64::MAX / 2] {
                scan.start(&(0..lines), ns);
                scan.start(&(lines..0), ns);
            }
        }
    }
}
