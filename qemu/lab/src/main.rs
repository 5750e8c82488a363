// SPDX-License-Identifier: GPL-2.0

//! The panel lab: boots the stock kernel in a virtual machine, plugs an emulated
//! panel into it, and runs what shows that a driver is right.
//!
//! It runs inside the build root (scripts/root.sh), which is also what the guest
//! boots from.

mod arch;
mod bench;
mod child;
mod control;
mod devicetree;
mod dmesg;
mod guest;
mod ktap;
mod lines;
mod machine;
mod panel;
mod qmp;
mod report;
mod reproduce;
mod run;
mod session;
mod soak;
mod test;
mod upstream;

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::arch::Arch;
use crate::child::Turn;
use crate::machine::Accel;
use crate::session::{Options, Session};

/// Boots the guest, plugs the panel, runs the tests.
#[derive(Parser)]
struct Arguments {
    /// What kind of machine the guest is
    #[arg(long, value_enum, default_value = "x86")]
    arch: Arch,
    /// The kernel's directory, as `scripts/kernel.sh path` prints it
    #[arg(long, env = "TINYDRM_KERNEL", value_name = "DIR")]
    kernel: PathBuf,
    /// The root that the guest boots from, a directory of the build root
    #[arg(long, default_value = "/", value_name = "DIR")]
    root: PathBuf,
    /// A directory with modules of ours that are not installed in the root (may be given
    /// more than once)
    #[arg(long, value_name = "DIR")]
    modules: Vec<PathBuf>,
    /// The guest's init, library and tests
    #[arg(long, default_value = "qemu/guest", value_name = "DIR")]
    guest: PathBuf,
    /// Where everything is written that the lab writes
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    /// The panel emulator (the one beside this program, if not given)
    #[arg(long, value_name = "PROGRAM")]
    panel: Option<PathBuf>,
    /// The directory with the guest's programs (the one of this program, if not given)
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// What to tell the guest's kernel besides
    #[arg(long, default_value = "", value_name = "WORDS")]
    append: String,
    /// How many times as long as usual everything may take
    #[arg(long, default_value_t = 1, value_name = "TIMES")]
    patience: u32,
    /// Give up after so many seconds (a shell: never, if not given)
    #[arg(long, value_name = "S")]
    time_limit: Option<u64>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the guest's tests, all or those named
    Test {
        /// Names of scripts in the guest's directory tests
        names: Vec<String>,
    },
    /// Detach the device at random moments, in every way and under random load
    Soak {
        /// Begin nothing more after so many minutes
        #[arg(long, default_value_t = 10, value_name = "N")]
        minutes: u32,
        /// Do what was done with this seed (a new one, if not given)
        #[arg(long, value_name = "S")]
        seed: Option<u32>,
    },
    /// Measure what a driver's work costs, beside the kernel's own
    Bench {
        /// Only these cases of those that are counted
        cases: Vec<String>,
    },
    /// Take the device from a driver, beside the kernel's own
    Compare,
    /// Show defects of the kernel that the lab's own drivers are patched for, or do without
    Upstream {
        /// Names of scripts in the guest's directory upstream
        names: Vec<String>,
    },
    /// Show the life of a panel in pictures
    Run,
    /// Boot a guest with a panel plugged, and a shell on this terminal
    Shell,
}

fn main() -> ExitCode {
    match work(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("lab: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: Arguments) -> Result<bool> {
    let beside = std::env::current_exe()?;
    let beside = beside.parent().context("where am I?")?;
    // Those of another architecture are in target/TRIPLE/debug, not in target/debug.
    let programs = match (beside.parent(), beside.file_name()) {
        (Some(target), Some(profile)) if !arguments.arch.is_ours() => {
            target.join(arguments.arch.target()).join(profile)
        }
        _ => beside.to_owned(),
    };
    let accel = Accel::choose(arguments.arch, &arguments.kernel)?;
    let options = Options {
        arch: arguments.arch,
        root: arguments.root,
        kernel: arguments.kernel,
        modules: arguments.modules,
        guest: arguments.guest,
        programs: arguments.programs.unwrap_or(programs),
        panel: arguments
            .panel
            .unwrap_or_else(|| beside.join("tinydrm-panel")),
        append: arguments.append,
        patience: arguments.patience,
        accel,
        turn: Turn::Fair,
    };
    let limit = match arguments.task {
        Task::Test { .. } => Some(3600 * u64::from(arguments.patience)),
        // It may have to wait for a guest that hangs just before its time is over.
        Task::Soak { minutes, .. } => {
            Some(60 * u64::from(minutes) + 1800 * u64::from(arguments.patience))
        }
        Task::Bench { .. } | Task::Compare | Task::Upstream { .. } | Task::Run => {
            Some(900 * u64::from(arguments.patience))
        }
        Task::Shell => None,
    };
    if let Some(seconds) = arguments.time_limit.or(limit) {
        give_up_after(Duration::from_secs(seconds));
    }
    match arguments.task {
        Task::Test { names } => test::test(&options, &arguments.out, &names),
        Task::Soak { minutes, seed } => soak::soak(&options, &arguments.out, minutes, seed),
        Task::Bench { cases } => bench::bench(&options, &arguments.out, &cases).map(|()| true),
        Task::Compare => bench::compare(&options, &arguments.out).map(|()| true),
        Task::Upstream { names } => reproduce::reproduce(&options, &arguments.out, &names),
        Task::Run => run::run(&options, &arguments.out),
        Task::Shell => Session::shell(&options, &arguments.out.join("shell")).map(|()| true),
    }
}

/// Ends the lab, and with it all that it has started, when its time is over.
fn give_up_after(limit: Duration) {
    thread::spawn(move || {
        thread::sleep(limit);
        println!("lab: not finished in {} s, giving up", limit.as_secs());
        session::remove_sockets();
        std::process::exit(1);
    });
}
