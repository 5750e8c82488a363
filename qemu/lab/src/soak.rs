// SPDX-License-Identifier: GPL-2.0

//! `lab soak`: detaches of every kind at random moments under random load.
//!
//! The guest's soak.sh does so many rounds with one seed. Then the world is cleaned and
//! judged as after any script, and it begins anew with the next seed: so the kernel's
//! log never overflows, and what failed is repeated from close by.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::session::Options;
use crate::test::{Script, Series};

/// How many rounds are done with one seed.
const ROUNDS: u32 = 50;

/// How long these may take.
const LIMIT: Duration = Duration::from_secs(240);

/// Detaches for so many minutes; true if nothing failed.
pub fn soak(options: &Options, out: &Path, minutes: u32, seed: Option<u32>) -> Result<bool> {
    let out = out.join("soak");
    let first = seed.unwrap_or_else(some_seed);
    println!("KTAP version 1");
    println!("# SEED={first}");
    let mut series = Series::new(options, out.clone())?;
    fs::create_dir_all(&out)?;
    let mut log = File::create(out.join("rounds.log"))?;
    let mut kinds = BTreeMap::<String, u32>::new();

    let began = Instant::now();
    let end = began + Duration::from_secs(60 * u64::from(minutes));
    let mut seeds = 0;
    loop {
        let left = end.saturating_duration_since(Instant::now()).as_secs();
        if seeds > 0 && left == 0 {
            break;
        }
        let seed = first.wrapping_add(seeds);
        seeds += 1;
        let script = Script::new(
            format!("soak SEED={seed}"),
            format!("soak.sh {seed} {ROUNDS} {left}"),
            LIMIT,
        );
        writeln!(log, "SEED={seed}")?;
        let mut last = None;
        let count = series.run(&script, |line| {
            if let Some(kind) = line.strip_prefix("# detached ") {
                *kinds.entry(kind.to_owned()).or_default() += 1;
            } else if let Some(round) = line.strip_prefix("# round ") {
                // There are too many of them to show; the log is no reason to fail.
                let _ = writeln!(log, "{round}");
                last = Some(round.to_owned());
            } else {
                println!("    {line}");
            }
        })?;
        if let Some(round) = last.filter(|_| count.failed > 0) {
            println!("# SEED={seed}: the last round was {round}");
        }
    }

    let detaches: u32 = kinds.values().sum();
    let took = began.elapsed().as_secs_f64() / 60.0;
    println!("1..{seeds}");
    println!(
        "# {detaches} detaches in {took:.1} minutes, {:.0} a minute",
        f64::from(detaches) / took
    );
    for (kind, number) in kinds {
        println!("#   {kind}: {number}");
    }
    series.end()
}

/// One that is easy to type.
fn some_seed() -> u32 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    now.subsec_micros()
}
