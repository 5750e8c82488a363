// SPDX-License-Identifier: GPL-2.0

//! What a real controller would not accept, in words.

use std::fmt;

/// How many complaints are kept word for word.
pub const KEPT: usize = 64;

/// The first [`KEPT`] complaints and the number of all.
#[derive(Clone, Debug, Default)]
pub struct Complaints {
    count: u64,
    kept: Vec<String>,
}

impl Complaints {
    /// One more. The words are made only when they will be kept: a driver that
    /// does one thing wrong tends to do it for every pixel.
    pub fn add(&mut self, what: fmt::Arguments<'_>) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(what.to_string());
        }
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first of them, oldest first.
    pub fn kept(&self) -> &[String] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_capped_and_the_count_is_not() {
        let mut complaints = Complaints::default();
        for i in 0..100 {
            complaints.add(format_args!("{i}"));
        }
        assert_eq!(complaints.count(), 100);
        assert_eq!(complaints.kept().len(), KEPT);
        assert_eq!(complaints.kept()[0], "0");
    }
}
