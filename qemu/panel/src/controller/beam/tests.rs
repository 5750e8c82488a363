// SPDX-License-Identifier: GPL-2.0

use proptest::prelude::*;

use super::*;

const LINES: u16 = 320;
/// Columns of 16 bits.
const ROW: u64 = 240 * 16;

const RISING: Edges = Edges {
    rising: true,
    falling: false,
};
const FALLING: Edges = Edges {
    rising: false,
    falling: true,
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A beam that scans since the real time 0.
fn scanning() -> Beam {
    let mut beam = Beam::new(LINES);
    beam.begin(1_000_000, Time::ZERO);
    beam.start();
    beam.end(0, false);
    beam
}

fn period() -> Duration {
    scanning().period(LINE)
}

/// Writes these lines from the real time `now` on, in messages of so many lines
/// between which the host takes `pause`.
fn write(
    beam: &mut Beam,
    lines: impl ExactSizeIterator<Item = u16>,
    hz: u32,
    mut now: Time,
    message: usize,
    pause: Duration,
) -> Seen {
    let count = lines.len();
    let mut bits = 0;
    beam.begin(hz, now);
    for (i, line) in lines.enumerate() {
        for _ in 0..2 {
            beam.tick(ROW / 2);
            beam.change(line);
        }
        bits += ROW;
        if (i + 1) % message == 0 && i + 1 < count {
            beam.end(bits, true);
            now += beam.clock.at - beam.clocking.start + pause;
            bits = 0;
            beam.begin(hz, now);
        }
    }
    let seen = beam.finish(LINE);
    beam.end(bits, false);
    seen
}

/// A frame at this clock, begun so long after the scan has.
fn frame(hz: u32, after: Duration) -> Seen {
    write(&mut scanning(), 0..LINES, hz, after, 1000, Time::ZERO)
}

/// A clock for a frame that takes so many hundredths of a scan.
fn clock(percent: u64) -> u32 {
    let bits = u64::from(LINES) * ROW * 100;
    (bits * 1_000_000_000 / (period().as_nanos() as u64 * percent)) as u32
}

/// The blanking, and one line.
const SCANNED: Duration = Duration::from_nanos((BLANK as u64 + 1) * LINE.as_nanos() as u64);

#[test]
fn a_scan_takes_what_the_datasheet_says() {
    let hz = 1.0 / period().as_secs_f64();
    assert!((70.0..71.0).contains(&hz), "{hz}");
}

#[test]
fn a_frame_slower_than_a_scan_follows_it() {
    assert_eq!(frame(clock(150), SCANNED), Seen::Whole);
    assert_eq!(frame(clock(190), SCANNED), Seen::Whole);
    // The second scan overtakes it.
    assert_eq!(frame(clock(210), SCANNED), Seen::Torn);
    // It begins too early: the first lines of it are shown at once.
    assert_eq!(frame(clock(150), Time::ZERO), Seen::Torn);
    // Or in the middle of a scan, and meets with the next one.
    assert_eq!(frame(clock(150), period() * 3 / 4), Seen::Torn);
}

#[test]
fn a_frame_faster_than_a_scan_runs_before_it() {
    assert_eq!(frame(clock(50), Time::ZERO), Seen::Whole);
    assert_eq!(frame(clock(90), Time::ZERO), Seen::Whole);
    // It overtakes the scan that has begun before.
    assert_eq!(frame(clock(50), SCANNED * 4), Seen::Torn);
}

#[test]
fn a_frame_against_the_scan_meets_with_it() {
    let mut beam = scanning();
    let rows = (0..LINES).rev();
    let seen = write(&mut beam, rows, clock(150), SCANNED, 1000, Time::ZERO);
    assert_eq!(seen, Seen::Torn);
}

#[test]
fn what_is_not_shown_is_not_torn() {
    let mut beam = scanning();
    beam.stop();
    let seen = write(&mut beam, 0..LINES, clock(150), ms(3), 1000, Time::ZERO);
    assert_eq!(seen, Seen::Nothing);
    assert_eq!(scanning().finish(LINE), Seen::Nothing);
}

#[test]
fn edges_come_once_a_scan() {
    let mut beam = scanning();
    let blank = LINE * BLANK;
    for (scan, edges, offset) in [(1, RISING, Time::ZERO), (1, FALLING, blank)] {
        let edge = beam.edge(LINE, edges, ms(1)).unwrap();
        assert_eq!(edge.at, period() * scan + offset);
        assert_eq!(edge.due, edge.at);
    }
    // Who listens in the blanking hears of its end.
    let edge = beam.edge(LINE, FALLING, LINE).unwrap();
    assert_eq!(edge.at, blank);
    // However late it is delivered, the next one is a scan later, for both.
    let late = edge.due + ms(100);
    beam.deliver(edge, late);
    let next = beam.edge(LINE, FALLING, late).unwrap();
    assert_eq!((next.at, next.due), (blank + period(), late + period()));
    beam.stop();
    assert_eq!(beam.edge(LINE, FALLING, late), None);
}

#[test]
fn the_line_is_high_in_the_blanking() {
    let beam = scanning();
    for scan in [0, 1, 7] {
        let begins = period() * scan;
        assert!(beam.level(LINE, begins));
        assert!(beam.level(LINE, begins + LINE * BLANK - Duration::from_nanos(1)));
        assert!(!beam.level(LINE, begins + LINE * BLANK));
    }
}

#[test]
fn a_host_that_has_given_up_is_not_waited_for() {
    let mut beam = scanning();
    let edge = beam.edge(LINE, RISING, ms(1)).unwrap();
    beam.deliver(edge, edge.due);
    assert_eq!(beam.clock.now(edge.due + ms(900)), edge.at);
    assert_eq!(beam.clock.now(edge.due + FORGIVEN + ms(7)), edge.at + ms(7));
}

proptest! {
    /// How slow the host is changes nothing, once it was told of an edge.
    #[test]
    fn latency_is_not_the_panels(
        late in 0..500_u64,
        latency in 0..500_u64,
        pause in 0..200_u64,
        message in 1..100_usize,
        percent in 105..195_u64,
    ) {
        let mut beam = scanning();
        let edge = beam.edge(LINE, FALLING, ms(3)).unwrap();
        beam.deliver(edge, edge.due + ms(late));
        let begins = edge.due + ms(late + latency);
        // A command comes first.
        beam.begin(10_000_000, begins);
        beam.end(8, false);
        let seen = write(&mut beam, 0..LINES, clock(percent), begins, message, ms(pause));
        prop_assert_eq!(seen, Seen::Whole);
        // And then time runs on.
        let end = beam.clock;
        prop_assert_eq!(end.now(end.mark + ms(5)), end.at + ms(5));
    }

    /// A scan later is the same again.
    #[test]
    fn a_frame_is_as_torn_in_every_scan(
        percent in 20..250_u64,
        after in 0..14_000_u64,
        scans in 1..50_u32,
    ) {
        let after = Duration::from_micros(after);
        let hz = clock(percent);
        prop_assert_eq!(frame(hz, after), frame(hz, after + period() * scans));
    }
}
