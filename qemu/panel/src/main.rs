// SPDX-License-Identifier: GPL-2.0

//! The command line of the emulated panel.

use std::io::{self, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::thread;

use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use tinydrm_panel::bench::Bench;
use tinydrm_panel::bus::Time;
use tinydrm_panel::controller::module::MODULES;
use tinydrm_panel::vhost::gpio::Gpio;
use tinydrm_panel::vhost::spi::Spi;
use tinydrm_panel::{control, controller, vhost};

/// A TFT panel behind a vhost-user SPI controller and a vhost-user GPIO controller
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Socket for QEMU's vhost-user-spi device
    #[arg(long, value_name = "PATH")]
    spi: PathBuf,
    /// Socket for QEMU's vhost-user-gpio device (lines: reset, dc, backlight, te, reset1, ...)
    #[arg(long, value_name = "PATH")]
    gpio: PathBuf,
    /// Socket for questions and faults, one JSON object a line
    #[arg(long, value_name = "PATH")]
    control: PathBuf,
    /// The display module, by its SPI device id
    #[arg(long, default_value = MODULES[0].name)]
    module: String,
    /// How many of them there are, at a chip select each
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    panels: u8,
    /// Answer transfers at once, not when their bits would have gone
    #[arg(long)]
    unpaced: bool,
    /// Exit when the standard input ends
    #[arg(long)]
    exit_with_stdin: bool,
}

/// Tells of a signal, or of the end of the standard input.
fn watch(stdin: bool, end: Sender<()>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let signalled = end.clone();
    thread::spawn(move || {
        signals.forever().next();
        signalled.send(())
    });
    if stdin {
        thread::spawn(move || {
            let mut scrap = [0; 256];
            while io::stdin().read(&mut scrap).is_ok_and(|n| n > 0) {}
            end.send(())
        });
    }
    Ok(())
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let panel = || {
        controller::by_name(&arguments.module, Time::ZERO)
            .ok_or_else(|| format!("no module is called {}", arguments.module))
    };
    let bench = Bench::new(panel()?, !arguments.unpaced);
    for _ in 1..arguments.panels {
        bench.add(panel()?);
    }
    let (sender, end) = mpsc::channel();
    watch(arguments.exit_with_stdin, sender).map_err(|e| e.to_string())?;

    let Arguments {
        spi, gpio, control, ..
    } = arguments;
    let at = |path: &PathBuf, e: io::Error| format!("{}: {e}", path.display());
    vhost::listen(spi, Spi::new(&bench), &bench).map_err(|e| at(spi, e))?;
    vhost::listen(gpio, Gpio::new(&bench), &bench).map_err(|e| at(gpio, e))?;
    // Last: whoever can connect to this one finds the others, too.
    control::listen(control, &bench).map_err(|e| at(control, e))?;

    let _ = end.recv();
    for path in [spi, gpio, control] {
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tinydrm-panel: {error}");
            ExitCode::FAILURE
        }
    }
}
