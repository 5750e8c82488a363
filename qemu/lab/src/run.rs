// SPDX-License-Identifier: GPL-2.0

//! `lab run`: the life of a panel, in six pictures.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use crate::dmesg;
use crate::ktap::End;
use crate::session::{Options, Session};

/// How long a stage may take.
const LIMIT: Duration = Duration::from_secs(60);

/// The stages: how `run.sh` of the guest calls it, what it shows, its picture.
const STAGES: [(&str, &str, Option<&str>); 7] = [
    (
        "draw",
        "plug, load the driver, draw",
        Some("1-modetest.png"),
    ),
    (
        "console",
        "the text console comes back",
        Some("2-console.png"),
    ),
    (
        "unbind",
        "unbind: the panel goes dark",
        Some("3-unbound.png"),
    ),
    ("rebind", "bind, and draw again", Some("4-rebound.png")),
    (
        "unplug",
        "hot-unplug in the middle of drawing",
        Some("5-unplugged.png"),
    ),
    (
        "replug",
        "plug it in again, and draw",
        Some("6-replugged.png"),
    ),
    ("unload", "remove the modules", None),
];

/// One stage's result.
struct Stage {
    title: &'static str,
    picture: Option<&'static str>,
    passed: bool,
    seconds: f64,
}

/// Goes through the stages; true if all passed.
pub fn run(options: &Options, out: &Path) -> Result<bool> {
    let out = out.join("run");
    println!(
        "==> Booting the stock kernel under QEMU ({})",
        options.accel.name()
    );
    let mut session = Session::serve(options, &out)?;
    println!("    up in {:.1} s", session.boot_time.as_secs_f64());

    let mut results: Vec<Stage> = Vec::new();
    let mut alive = true;
    for (number, (stage, title, picture)) in (1..).zip(STAGES) {
        println!("==> Stage {number}: {title}");
        let began = Instant::now();
        let mut passed = false;
        if alive {
            let request = format!("run run.sh {stage} {}", picture.unwrap_or("-"));
            let end = session.run(&request, LIMIT, |line| println!("    {line}"))?;
            match end {
                End::Status(status) => passed = status == 0,
                end @ (End::Down | End::Lost(_)) => {
                    println!("    {end}");
                    for line in session.last_words() {
                        println!("    | {line}");
                    }
                    alive = false;
                }
            }
        } else {
            println!("    not tried");
        }
        let passed = passed && picture.is_none_or(|picture| out.join(picture).exists());
        results.push(Stage {
            title,
            picture,
            passed,
            seconds: began.elapsed().as_secs_f64(),
        });
    }

    let mut objections = Vec::new();
    if alive {
        let (_, cleaned) = session.clean()?;
        objections.extend(cleaned.left);
        let bad = dmesg::judge(cleaned.log.iter().map(String::as_str));
        objections.extend(bad.into_iter().map(|line| format!("kernel log: {line}")));
        let complaints = session.bench.clean()?;
        objections.extend(
            complaints
                .into_iter()
                .map(|text| format!("the panel complains: {text}")),
        );
        session.end()?;
    }

    let passed = alive && objections.is_empty() && results.iter().all(|result| result.passed);
    fs::write(
        out.join("summary.json"),
        format!("{:#}\n", summary(options, &results, &objections, passed)),
    )?;
    print_table(&results, &objections, &out);
    Ok(passed)
}

fn summary(options: &Options, results: &[Stage], objections: &[String], passed: bool) -> Value {
    let stages: Vec<Value> = results
        .iter()
        .map(|result| {
            json!({
                "stage": result.title,
                "picture": result.picture,
                "passed": result.passed,
                "seconds": (result.seconds * 1000.0).round() / 1000.0,
            })
        })
        .collect();
    json!({
        "accel": options.accel.name(),
        "stages": stages,
        "objections": objections,
        "passed": passed,
    })
}

fn print_table(results: &[Stage], objections: &[String], out: &Path) {
    println!();
    for (number, result) in (1..).zip(results) {
        println!(
            "  {number}  {:<38} {:<4} {:>6.1} s  {}",
            result.title,
            if result.passed { "pass" } else { "FAIL" },
            result.seconds,
            result.picture.unwrap_or_default(),
        );
    }
    for objection in objections {
        println!("  FAIL  {objection}");
    }
    println!("\n  Pictures and logs: {}", out.display());
}
