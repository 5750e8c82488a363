// SPDX-License-Identifier: GPL-2.0

//! From what `lab bench` has measured to what people read: `results.json`, a plot for
//! each family of cases, and the table of `docs/performance.md`.

mod cases;
mod measured;
mod plot;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use serde_json::json;

use cases::{Case, FAMILIES};
use measured::Measured;

/// Holds what was measured against what is to be reached.
#[derive(Parser)]
struct Arguments {
    /// What was measured, a JSON object a line
    measured: PathBuf,
    /// Where results and plots go
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The page whose table is to be made anew
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let text = fs::read_to_string(&arguments.measured)
        .with_context(|| arguments.measured.display().to_string())?;
    let measured = Measured::parse(&text)?;
    let cases: Vec<Case> = cases::all(&measured);

    let results = json!({ "cases": cases });
    fs::write(arguments.out.join("results.json"), format!("{results:#}\n"))?;
    for (family, title) in FAMILIES {
        let of_family: Vec<&Case> = cases.iter().filter(|case| case.family == family).collect();
        plot::bars(
            &arguments.out.join(format!("{family}.svg")),
            title,
            &of_family,
        )?;
    }
    let table = table::markdown(&cases);
    if let Some(page) = &arguments.page {
        let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
        fs::write(
            page,
            table::replaced(&text, &table).context("the page has no place for it")?,
        )?;
    }
    print!("{}", table::plain(&cases));
    for error in measured.errors() {
        println!("error: {error}");
    }
    Ok(())
}
