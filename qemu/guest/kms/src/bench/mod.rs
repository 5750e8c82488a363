// SPDX-License-Identifier: GPL-2.0

//! What a driver's work costs: each case does something to the screen over and over, and
//! tells in one line of JSON what the cheapest time has cost.

mod count;
mod tally;
mod three_wire;
mod wire;

use anyhow::Result;
use clap::Subcommand;

use crate::screen::Screen;

/// What is measured.
#[derive(Subcommand)]
pub enum Bench {
    /// Instructions, messages and bytes, on the tally's wires
    Count {
        /// What the driver is called in the results
        driver: String,
        /// The panel has no D/C line; cases have "threewire-" before their names
        #[arg(long)]
        three_wire: bool,
        /// These cases, by name (all, if none is given)
        cases: Vec<String>,
    },
    /// Frames, on wires with a clock: what standard input says
    Wire,
}

impl Bench {
    /// Does it on that screen.
    pub fn run(&self, screen: &Screen) -> Result<()> {
        match self {
            Self::Count {
                driver,
                three_wire,
                cases,
            } => count::count(screen, driver, *three_wire, cases),
            Self::Wire => wire::wire(screen),
        }
    }
}
