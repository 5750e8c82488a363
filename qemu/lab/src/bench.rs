// SPDX-License-Identifier: GPL-2.0

//! `lab bench` and `lab compare`: what a driver's work costs, and what it does when its
//! device goes, beside the kernel's own.
//!
//! Scripts of the guest do the same with both drivers in one boot. What they tell in lines
//! of JSON is kept as it comes; the rest is shown.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::child::{Turn, stay_awake};
use crate::dmesg;
use crate::ktap::End;
use crate::machine::Accel;
use crate::session::{Options, Session};

/// How long a part may take.
const LIMIT: Duration = Duration::from_secs(200);

/// Measures what work costs.
pub fn bench(options: &Options, out: &Path, cases: &[String]) -> Result<()> {
    let out = out.join("bench");
    let counted = Options {
        accel: Accel::Counted,
        append: format!("{} nokaslr", options.append),
        // Guest time flies while all wait: there is no clock but the instructions.
        patience: options.patience * 100,
        ..options.clone()
    };
    let request = format!("run bench.sh count {}", cases.join(" "));
    let mut measured = part(&counted, &out.join("count"), &request)?;
    if cases.is_empty() {
        // Of what is timed nothing is to be the time in which somebody wakes up.
        let clocked = Options {
            turn: Turn::hardware(),
            append: format!("{} idle=poll", options.append),
            ..options.clone()
        };
        let _awake = stay_awake();
        measured.extend(part(&clocked, &out.join("wire"), "run bench.sh wire")?);
    }
    keep(&out, &measured)
}

/// Looks what comes of a device that goes.
pub fn compare(options: &Options, out: &Path) -> Result<()> {
    let out = out.join("compare");
    let seen = part(options, &out.join("guest"), "run compare.sh")?;
    keep(&out, &seen)
}

/// Writes down what was told.
fn keep(out: &Path, measured: &[Value]) -> Result<()> {
    let lines: Vec<String> = measured.iter().map(Value::to_string).collect();
    fs::write(out.join("measured.jsonl"), lines.join("\n") + "\n")?;
    Ok(())
}

/// Runs a part of the guest's script in a boot of its own.
fn part(options: &Options, out: &Path, request: &str) -> Result<Vec<Value>> {
    let mut session = Session::serve(options, out)?;
    println!(
        "==> The guest is up in {:.1} s ({})",
        session.boot_time.as_secs_f64(),
        options.accel.name()
    );
    let mut measured = Vec::new();
    let end = session.run(request, LIMIT, |line| {
        println!("    {line}");
        if let Ok(result @ Value::Object(_)) = serde_json::from_str(line) {
            measured.push(result);
        }
    })?;
    if end != End::Status(0) {
        for line in session.last_words() {
            println!("    | {line}");
        }
        bail!("{request}: {end}");
    }
    let (_, cleaned) = session.clean()?;
    let bad = dmesg::judge(cleaned.log.iter().map(String::as_str));
    // That is a finding, too: one of the drivers is not ours.
    for line in cleaned.left.iter().map(String::as_str).chain(bad) {
        println!("    afterwards: {line}");
    }
    session.end()?;
    Ok(measured)
}
