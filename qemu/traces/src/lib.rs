// SPDX-License-Identifier: GPL-2.0

//! What programs change on a small screen, step by step, and what sending that to a panel
//! costs at least.
//!
//! A trace is a text file: a line is a step, its words are the rectangles that a client
//! tells its driver, `X1,Y1,X2,Y2`, of which every pixel has changed. Those in `data/`
//! are written by [`generate`] (`cargo run -p tinydrm-traces`).

pub mod generate;
pub mod ideal;
mod rect;

use std::fmt;
use std::str::FromStr;

pub use rect::Rect;

/// The screen that traces are of.
pub const SIZE: (u16, u16) = (240, 320);

/// A step: what has changed since the one before.
pub type Step = Vec<Rect>;

/// A trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace(pub Vec<Step>);

/// The traces that come with this crate, by name.
pub const TRACES: [(&str, &str); 4] = [
    ("terminal", include_str!("../data/terminal.trace")),
    ("cursor", include_str!("../data/cursor.trace")),
    ("progress", include_str!("../data/progress.trace")),
    ("scroll", include_str!("../data/scroll.trace")),
];

/// A trace that comes with this crate.
pub fn by_name(name: &str) -> Option<Trace> {
    let (_, text) = TRACES.into_iter().find(|(known, _)| *known == name)?;
    text.parse().ok()
}

impl FromStr for Trace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let step = |line: &str| line.split_whitespace().map(str::parse).collect();
        lines.map(step).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            let words: Vec<String> = step.iter().map(Rect::to_string).collect();
            writeln!(f, "{}", words.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_what_the_generator_writes() {
        for (name, text) in TRACES {
            let generated = generate::by_name(name).unwrap();
            assert_eq!(text.parse::<Trace>().unwrap(), generated, "{name}");
        }
    }

    #[test]
    fn traces_are_of_the_screen() {
        for (name, text) in TRACES {
            let trace: Trace = text.parse().unwrap();
            assert!(!trace.0.is_empty());
            for rect in trace.0.iter().flatten() {
                assert!(rect.x1 < rect.x2 && rect.x2 <= SIZE.0, "{name}: {rect}");
                assert!(rect.y1 < rect.y2 && rect.y2 <= SIZE.1, "{name}: {rect}");
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let trace = Trace(vec![
            vec![Rect::new(1, 2, 3, 4), Rect::new(0, 0, 240, 320)],
            vec![Rect::new(5, 6, 7, 8)],
        ]);
        assert_eq!(trace.to_string(), "1,2,3,4 0,0,240,320\n5,6,7,8\n");
        assert_eq!(trace.to_string().parse(), Ok(trace));
        assert!("1,2,3".parse::<Trace>().is_err());
    }
}
