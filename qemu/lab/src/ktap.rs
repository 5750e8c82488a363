// SPDX-License-Identifier: GPL-2.0

//! KTAP, as the guest's scripts write it.

/// How a test point came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `ok`
    Passed,
    /// `not ok`
    Failed,
    /// `ok … # SKIP`
    Skipped,
}

/// How many points came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Points that passed.
    pub passed: usize,
    /// Points that failed.
    pub failed: usize,
    /// Points that did not apply.
    pub skipped: usize,
}

impl Count {
    /// Counts one more.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Skipped => self.skipped += 1,
        }
    }

    /// How many there are.
    pub fn total(self) -> usize {
        self.passed + self.failed + self.skipped
    }
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// How a script ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With this exit status.
    Status(i32),
    /// With the guest, which went down.
    Down,
    /// Not at all: why.
    Lost(String),
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "exit status {status}"),
            Self::Down => f.write_str("the guest went down"),
            Self::Lost(why) => f.write_str(why),
        }
    }
}

/// Reads one script's output line by line.
#[derive(Default)]
pub struct Parser {
    count: Count,
    planned: Option<usize>,
    skipped_whole: bool,
}

impl Parser {
    /// Takes one line; returns what it says if it is a test point.
    pub fn line(&mut self, line: &str) -> Option<Outcome> {
        if let Some(plan) = line.strip_prefix("1..") {
            let (number, reason) = plan.split_once('#').unwrap_or((plan, ""));
            self.planned = number.trim().parse().ok();
            self.skipped_whole = self.planned == Some(0) && is_skip(reason);
            return None;
        }
        let outcome = point(line)?;
        self.count.add(outcome);
        Some(outcome)
    }

    /// The number that the next point has.
    pub fn next_number(&self) -> usize {
        self.count.total() + 1
    }

    /// Adds a failure that the script does not know of.
    pub fn fail(&mut self) {
        self.count.add(Outcome::Failed);
    }

    /// What the script's end says against it, beyond its own points.
    pub fn objections(&self, end: &End) -> Vec<String> {
        let mut found = Vec::new();
        match end {
            End::Lost(why) => found.push(why.clone()),
            // Whether it was to is for the caller to say.
            End::Down => {}
            End::Status(0 | 4) if self.planned.is_none() && self.count.total() == 0 => {
                found.push("the script tested nothing".to_owned());
            }
            End::Status(status @ (0 | 4)) if self.count.failed > 0 => {
                // Its points say it already, the status must not hide it.
                found.push(format!("exit status {status} although points failed"));
            }
            End::Status(0 | 4) => {}
            End::Status(_) if self.count.failed > 0 => {}
            End::Status(status) => {
                found.push(format!("exit status {status} although no point failed"))
            }
        }
        if let (Some(planned), End::Status(_) | End::Down) = (self.planned, end) {
            let ran = self.count.total();
            if ran != planned {
                found.push(format!("{planned} points planned, {ran} run"));
            }
        }
        found
    }

    /// The points counted.
    pub fn finish(mut self) -> Count {
        if self.skipped_whole && self.count.total() == 0 {
            self.count.add(Outcome::Skipped);
        }
        self.count
    }
}

/// A line that is a test point of the outermost level.
fn point(line: &str) -> Option<Outcome> {
    let (rest, passed) = match line.strip_prefix("not ok") {
        Some(rest) => (rest, false),
        None => (line.strip_prefix("ok")?, true),
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    match rest.split_once('#') {
        Some((_, directive)) if is_skip(directive) => Some(Outcome::Skipped),
        _ if passed => Some(Outcome::Passed),
        _ => Some(Outcome::Failed),
    }
}

fn is_skip(directive: &str) -> bool {
    directive
        .trim_start()
        .to_ascii_uppercase()
        .starts_with("SKIP")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, end: &End) -> (Count, Vec<String>) {
        let mut parser = Parser::default();
        for line in text.lines() {
            parser.line(line);
        }
        let objections = parser.objections(end);
        (parser.finish(), objections)
    }

    #[test]
    fn points_are_counted() {
        let text = "KTAP version 1\n1..4\n# hello\nok 1 a\nnot ok 2 b\nok 3 c # SKIP no\n    ok 1 nested\nok 4 it is okay\nokay";
        let (count, objections) = parse(text, &End::Status(1));
        assert_eq!(
            count,
            Count {
                passed: 2,
                failed: 1,
                skipped: 1
            }
        );
        assert!(objections.is_empty());
        assert_eq!(count.to_string(), "2 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn a_short_run_is_objected_to() {
        let (count, objections) = parse("1..3\nok 1 a", &End::Status(0));
        assert_eq!(count.total(), 1);
        assert_eq!(objections, ["3 points planned, 1 run"]);
    }

    #[test]
    fn a_status_that_does_not_fit_is_objected_to() {
        assert_eq!(parse("1..1\nok 1 a", &End::Status(1)).1.len(), 1);
        assert_eq!(parse("1..1\nnot ok 1 a", &End::Status(0)).1.len(), 1);
        assert!(parse("1..1\nok 1 a", &End::Status(0)).1.is_empty());
        assert_eq!(parse("", &End::Status(0)).1.len(), 1);
    }

    #[test]
    fn a_lost_script_fails() {
        let (_, objections) = parse("1..2\nok 1 a", &End::Lost("no end in 120 s".into()));
        assert_eq!(objections, ["no end in 120 s"]);
    }

    #[test]
    fn a_guest_that_goes_down_does_not_hide_points() {
        assert!(parse("1..1\nok 1 a", &End::Down).1.is_empty());
        let (_, objections) = parse("1..2\nok 1 a", &End::Down);
        assert_eq!(objections, ["2 points planned, 1 run"]);
    }

    #[test]
    fn a_whole_script_may_be_skipped() {
        let (count, objections) = parse("KTAP version 1\n1..0 # SKIP no driver", &End::Status(4));
        assert_eq!(count.skipped, 1);
        assert!(objections.is_empty());
    }
}
