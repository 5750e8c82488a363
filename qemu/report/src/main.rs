// SPDX-License-Identifier: GPL-2.0

//! From what the lab has measured to what people read: `results.json`, a plot for each
//! family of cases, and tables of pages in `docs/`.

mod cases;
mod compared;
mod measured;
mod plot;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use serde_json::json;

use cases::{Case, FAMILIES};
use compared::Compared;
use measured::Measured;

/// Makes something to read of what was measured.
#[derive(Parser)]
struct Arguments {
    /// What was measured, a JSON object a line
    measured: PathBuf,
    /// The page whose table is to be made anew
    #[arg(long, global = true, value_name = "FILE")]
    page: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// What work costs, held against what is to be reached
    Bench {
        /// Where results and plots go
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// What drivers do when their device goes
    Compare,
}

fn main() -> Result<()> {
    let Arguments {
        measured: path,
        page,
        task,
    } = Arguments::parse();
    let text = read(&path)?;
    let table = match task {
        Task::Bench { out } => bench(&text, &out)?,
        Task::Compare => Compared::parse(&text)?.markdown(),
    };
    if let Some(page) = page {
        let text = read(&page)?;
        let text = table::replaced(&text, &table).context("the page has no place for a table")?;
        fs::write(page, text)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Writes results and plots; the table.
fn bench(text: &str, out: &Path) -> Result<String> {
    let measured = Measured::parse(text)?;
    let cases: Vec<Case> = cases::all(&measured);
    let results = json!({ "cases": cases });
    fs::write(out.join("results.json"), format!("{results:#}\n"))?;
    for (family, title) in FAMILIES {
        let of_family: Vec<&Case> = cases.iter().filter(|case| case.family == family).collect();
        plot::bars(&out.join(format!("{family}.svg")), title, &of_family)?;
    }
    print!("{}", table::plain(&cases));
    for error in measured.errors() {
        println!("error: {error}");
    }
    Ok(table::markdown(&cases))
}
