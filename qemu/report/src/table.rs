// SPDX-License-Identifier: GPL-2.0

//! The cases as a table.

use std::fmt::Write as _;

use crate::cases::Case;

const BEGIN: &str = "<!-- made by make -->\n";
const END: &str = "<!-- to here -->\n";

/// A number as people read it.
pub fn number(value: Option<f64>) -> String {
    let Some(value) = value else {
        return "-".to_owned();
    };
    if value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn verdict(case: &Case) -> &'static str {
    if case.met { "yes" } else { "no" }
}

/// For a page.
pub fn markdown(cases: &[Case]) -> String {
    let mut text = String::from(
        "| case | unit | C | Rust | of C | goal | met |\n|---|---|---:|---:|---:|---|---|\n",
    );
    for case in cases {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            case.name,
            case.unit,
            number(case.c),
            number(case.rust),
            number(case.ratio),
            case.goal,
            verdict(case),
        );
    }
    text
}

/// A page whose table is this one. None if it has no place for one.
pub fn replaced(page: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

/// For a terminal.
pub fn plain(cases: &[Case]) -> String {
    let mut text = String::new();
    for case in cases {
        let _ = writeln!(
            text,
            "{:<24} {:>12} {:>12} {:>7}  {:<14} {:<3} {}",
            case.name,
            number(case.c),
            number(case.rust),
            number(case.ratio),
            case.unit,
            verdict(case),
            case.goal,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(number(Some(1_411_039.0)), "1,411,039");
        assert_eq!(number(Some(153.0)), "153");
        assert_eq!(number(Some(24.256)), "24.26");
        assert_eq!(number(None), "-");
    }

    #[test]
    fn only_the_table_is_replaced() {
        let page = format!("a\n{BEGIN}old\n{END}b\n");
        let new = replaced(&page, "new\n").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}new\n{END}b\n"));
        assert!(replaced("a\n", "new\n").is_none());
    }
}
