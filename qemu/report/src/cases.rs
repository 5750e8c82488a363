// SPDX-License-Identifier: GPL-2.0

//! What is to be reached, case by case.

use serde::Serialize;
use tinydrm_traces::{SIZE, by_name, ideal};

use crate::measured::{Driver, Measured};

/// Families of cases, each with a plot: name and title.
pub const FAMILIES: [(&str, &str); 4] = [
    ("instructions", "Instructions"),
    ("bytes", "Bytes"),
    ("messages", "SPI messages"),
    ("time", "Time"),
];

/// The bytes of a frame in the panel's own format.
const FRAME: f64 = SIZE.0 as f64 * SIZE.1 as f64 * 2.0;
/// Frames that go over the wire in a second, at 32 MHz.
const FRAMES_PER_SECOND: f64 = 32e6 / 8.0 / FRAME;
/// The longest piece of memory that a driver may ask for.
const LARGEST_BUFFER: f64 = 32.0 * 1024.0;

/// A case, and how it went.
#[derive(Debug, Serialize)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// What the numbers count.
    pub unit: &'static str,
    /// What was measured of the driver in Rust.
    pub rust: Option<f64>,
    /// What was measured of the kernel's own.
    pub c: Option<f64>,
    /// The former as a part of the latter.
    pub ratio: Option<f64>,
    /// The number that is to be reached.
    pub limit: Option<f64>,
    /// The same in words.
    pub goal: String,
    /// Whether it is.
    pub met: bool,
    /// What family it belongs to.
    #[serde(skip)]
    pub family: &'static str,
}

/// What has to be so of a number.
#[derive(Clone, Copy)]
enum Goal {
    /// At most this part of what it is for C.
    OfC(f64),
    /// At most so much.
    AtMost(f64),
    /// At least so much.
    AtLeast(f64),
}

impl Goal {
    fn limit(self, c: Option<f64>) -> Option<f64> {
        match self {
            Self::OfC(part) => c.map(|c| part * c),
            Self::AtMost(limit) | Self::AtLeast(limit) => Some(limit),
        }
    }

    fn is_met(self, value: f64, limit: f64) -> bool {
        match self {
            Self::OfC(_) | Self::AtMost(_) => value <= limit,
            Self::AtLeast(_) => value >= limit,
        }
    }
}

/// The part of the time that bits were on the wire, in percent.
fn busy(measured: &Measured, driver: Driver, of: &str) -> Option<f64> {
    let busy = measured.get(driver, of, "busy_us")?;
    Some(100.0 * busy / measured.get(driver, of, "span_us")?)
}

/// All cases.
pub fn all(measured: &Measured) -> Vec<Case> {
    let case = |name: &str, (of, field): (&str, &str), goal: Goal, text: &str| {
        let get = |driver| match field {
            "busy" => busy(measured, driver, of),
            "latency" => measured
                .get(driver, of, "latency_us")
                .map(|latency| latency / (1e6 / FRAMES_PER_SECOND)),
            _ => measured.get(driver, of, field),
        };
        let (rust, c) = (get(Driver::Rust), get(Driver::C));
        let limit = goal.limit(c);
        let (family, unit) = match field {
            "instructions" => ("instructions", "instructions"),
            "bytes" | "memory" => ("bytes", "bytes"),
            "messages" => ("messages", "messages"),
            "fps" => ("time", "frames/s"),
            "busy" => ("time", "% of the time"),
            _ => ("time", "frame times"),
        };
        Case {
            name: name.to_owned(),
            unit,
            rust,
            c,
            ratio: rust.zip(c).map(|(rust, c)| rust / c),
            limit,
            goal: text.to_owned(),
            met: rust
                .zip(limit)
                .is_some_and(|(rust, limit)| goal.is_met(rust, limit)),
            family,
        }
    };
    let of_c = |part: f64| (Goal::OfC(part), format!("at most {part} of C"));
    let with = |name: &str, from: (&str, &str), (goal, text): (Goal, String)| {
        case(name, from, goal, &text)
    };
    let trace = |name: &str| {
        let ideal = by_name(name).map_or(0, |trace| ideal::bytes(&trace)) as f64;
        let goal = Goal::AtMost(1.1 * ideal);
        let text = format!("at most 1.1 of the ideal, which is {ideal}");
        case(
            &format!("trace-{name}-bytes"),
            (&format!("trace-{name}"), "bytes"),
            goal,
            &text,
        )
    };
    let mut memory = case(
        "tx-memory-bytes",
        ("full-xrgb", "memory"),
        Goal::AtMost(64.0 * 1024.0),
        "at most 64 KiB, none longer than 32 KiB",
    );
    let largest = measured.get(Driver::Rust, "full-xrgb", "largest");
    memory.met &= largest.is_some_and(|largest| largest <= LARGEST_BUFFER);

    vec![
        with("full-xrgb-insn", ("full-xrgb", "instructions"), of_c(0.5)),
        with(
            "full-rgb565-insn",
            ("full-rgb565", "instructions"),
            of_c(1.0),
        ),
        with(
            "small-xrgb-insn",
            ("small-xrgb", "instructions"),
            of_c(0.75),
        ),
        case(
            "repeat-full-messages",
            ("full-xrgb", "messages"),
            Goal::AtMost(2.0),
            "at most 2",
        ),
        case(
            "far-rects-bytes",
            ("far-rects", "bytes"),
            Goal::AtMost(300.0),
            "at most 300",
        ),
        trace("terminal"),
        trace("cursor"),
        trace("progress"),
        trace("scroll"),
        case(
            "flip-1pct-bytes",
            ("flip-1pct", "bytes"),
            Goal::AtMost(0.03 * FRAME),
            "at most 3 % of a frame",
        ),
        case(
            "flip-all-fps",
            ("wire-flip", "fps"),
            Goal::AtLeast(0.97 * FRAMES_PER_SECOND),
            "at least 97 % of what the wire can do",
        ),
        with("flip-same-insn", ("flip-same", "instructions"), of_c(0.15)),
        case(
            "threewire-messages",
            ("threewire-full-xrgb", "messages"),
            Goal::AtMost(1.0),
            "1",
        ),
        with(
            "threewire-insn",
            ("threewire-full-xrgb", "instructions"),
            of_c(0.5),
        ),
        case(
            "wire-busy-xrgb",
            ("wire-flip", "busy"),
            Goal::AtLeast(97.0),
            "at least 97 %",
        ),
        memory,
        case(
            "flip-latency-frames",
            ("wire-flip", "latency"),
            Goal::AtMost(2.0),
            "at most 2 frame times",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, name: &str) -> Case {
        let measured = Measured::parse(text).unwrap();
        let mut cases = all(&measured);
        cases.retain(|case| case.name == name);
        cases.pop().unwrap()
    }

    #[test]
    fn a_part_of_c() {
        let text = r#"{"driver":"c","case":"full-xrgb","instructions":1000}
{"driver":"rust","case":"full-xrgb","instructions":500}"#;
        let case = one(text, "full-xrgb-insn");
        assert_eq!((case.ratio, case.limit), (Some(0.5), Some(500.0)));
        assert!(case.met);
        assert!(!one(&text.replace("500", "501"), "full-xrgb-insn").met);
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        let case = one(
            r#"{"driver":"c","case":"threewire-full-xrgb","messages":24}"#,
            "threewire-messages",
        );
        assert_eq!((case.rust, case.c, case.ratio), (None, Some(24.0), None));
        assert!(!case.met);
    }

    #[test]
    fn more_is_better_for_some() {
        let text = r#"{"driver":"rust","case":"wire-flip","busy_us":975,"span_us":1000}"#;
        assert!(one(text, "wire-busy-xrgb").met);
        assert!(!one(&text.replace("975", "965"), "wire-busy-xrgb").met);
    }

    #[test]
    fn memory_has_two_limits() {
        let text = r#"{"driver":"rust","case":"full-xrgb","memory":65536,"largest":32768}"#;
        assert!(one(text, "tx-memory-bytes").met);
        assert!(!one(&text.replace("65536", "65537"), "tx-memory-bytes").met);
        assert!(!one(&text.replace("32768", "65536"), "tx-memory-bytes").met);
    }
}
