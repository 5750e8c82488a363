// SPDX-License-Identifier: GPL-2.0

//! What was seen of each driver when its device went, in words.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Deserialize;

/// One thing that was seen.
#[derive(Deserialize)]
struct Seen {
    driver: String,
    point: String,
    saw: String,
}

/// All of it, in order.
pub struct Compared(Vec<Seen>);

impl Compared {
    /// Reads it, an object a line.
    pub fn parse(text: &str) -> Result<Self> {
        let seen = text.lines().map(serde_json::from_str);
        Ok(Self(seen.collect::<Result<_, _>>()?))
    }

    /// A table with a column for each driver.
    pub fn markdown(&self) -> String {
        let mut points: Vec<&str> = Vec::new();
        for seen in &self.0 {
            if !points.contains(&seen.point.as_str()) {
                points.push(&seen.point);
            }
        }
        let mut text = String::from("| | C | here |\n|---|---|---|\n");
        for point in points {
            let of = |driver: &str| {
                let mut all = self.0.iter();
                all.find(|seen| seen.driver == driver && seen.point == point)
                    .map_or("-", |seen| &seen.saw)
            };
            let _ = writeln!(text, "| {point} | {} | {} |", of("c"), of("rust"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drivers_are_side_by_side() {
        let text = r#"{"driver":"c","point":"unbind","saw":"lit"}
{"driver":"c","point":"bind","saw":"succeeds"}
{"driver":"rust","point":"unbind","saw":"dark"}"#;
        let table = Compared::parse(text).unwrap().markdown();
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows, ["| unbind | lit | dark |", "| bind | succeeds | - |"]);
    }
}
