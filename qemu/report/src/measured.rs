// SPDX-License-Identifier: GPL-2.0

//! What was measured: for each driver and each thing that it did, some numbers.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde_json::Value;

/// The driver that a number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Driver {
    /// Ours.
    Rust,
    /// The kernel's.
    C,
}

impl Driver {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "rust" => Some(Self::Rust),
            "c" => Some(Self::C),
            _ => None,
        }
    }
}

/// All of it.
pub struct Measured(HashMap<(Driver, String), Value>);

impl Measured {
    /// Reads it, an object a line.
    pub fn parse(text: &str) -> Result<Self> {
        let mut all = HashMap::new();
        for line in text.lines() {
            let result: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
            let driver = result["driver"].as_str().and_then(Driver::from_name);
            let case = result["case"].as_str();
            let (driver, case) = driver.zip(case).with_context(|| line.to_owned())?;
            all.insert((driver, case.to_owned()), result);
        }
        Ok(Self(all))
    }

    /// A number, if it could be measured.
    pub fn get(&self, driver: Driver, case: &str, field: &str) -> Option<f64> {
        self.0.get(&(driver, case.to_owned()))?[field].as_f64()
    }

    /// Why numbers are missing.
    pub fn errors(&self) -> Vec<String> {
        let mut errors: Vec<String> = self
            .0
            .values()
            .filter_map(|result| result["error"].as_str().map(str::to_owned))
            .collect();
        errors.sort();
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_absence() {
        let text = r#"{"driver":"c","case":"full","bytes":12}
{"driver":"rust","case":"full","error":"full of rust: no"}"#;
        let measured = Measured::parse(text).unwrap();
        assert_eq!(measured.get(Driver::C, "full", "bytes"), Some(12.0));
        assert_eq!(measured.get(Driver::C, "full", "messages"), None);
        assert_eq!(measured.get(Driver::Rust, "full", "bytes"), None);
        assert_eq!(measured.errors(), ["full of rust: no"]);
        assert!(Measured::parse("{}").is_err());
    }
}
