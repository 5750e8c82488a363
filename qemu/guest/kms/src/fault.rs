// SPDX-License-Identifier: GPL-2.0

//! Calls into the kernel, of which the Nth allocation fails (the kernel's
//! `Documentation/fault-injection/fault-injection.rst`, "fail-nth").

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use anyhow::{Context, Error, Result};
use clap::Subcommand;

use crate::contract::{converse, verdict};
use crate::fill;
use crate::pattern::{Format, Pattern};
use crate::screen::{Card, Screen};

/// The call. What it needs is made before, without a fault.
#[derive(Subcommand)]
pub enum Call {
    /// Write a text to a file; "show PATTERN" shows one on the panel's screen, until the next
    /// request
    Write {
        /// The file
        file: PathBuf,
        /// The text
        text: String,
    },
    /// Open the card
    Open,
    /// Set the mode of a screen that is off, and show a pattern: "N PATTERN"
    Modeset,
    /// Tell that the buffer has changed that is shown: "N PATTERN"
    Dirty,
}

impl Call {
    /// Makes it for each line of standard input, which is the number N of the allocation that
    /// is to fail, counted from 1 (0: none); answers how it went, and whether it came to the
    /// fault: "ENOMEM failed", "ok spared".
    pub fn make(
        self,
        format: Format,
        card: impl Fn() -> Result<Card>,
        screen: impl Fn() -> Result<Screen>,
    ) -> Result<()> {
        let fault = Fault::new().context("fail-nth")?;
        match self {
            Self::Write { file, text } => {
                let mut file = OpenOptions::new()
                    .write(true)
                    .open(&file)
                    .with_context(|| format!("{}", file.display()))?;
                let mut shown = None;
                converse(|request| {
                    drop(shown.take());
                    let Some(("show", pattern)) = request.split_once(' ') else {
                        return fault.around(request.parse()?, || file.write_all(text.as_bytes()));
                    };
                    let screen = screen()?;
                    let mut buffer = screen.buffer(format).context("a buffer")?;
                    fill(&screen, &mut buffer, pattern.parse().map_err(Error::msg)?)?;
                    let result = screen.show(&buffer);
                    shown = Some((screen, buffer));
                    Ok(verdict(result))
                })
            }
            Self::Open => {
                let open = || card().map(drop).map_err(io_error);
                converse(|nth| fault.around(nth.parse()?, open))
            }
            Self::Modeset => {
                let screen = screen()?;
                let mut buffer = screen.buffer(format).context("a buffer")?;
                converse(|request| {
                    let (nth, pattern) = numbered(request)?;
                    fill(&screen, &mut buffer, pattern)?;
                    screen.off().context("turning it off")?;
                    fault.around(nth, || screen.show(&buffer))
                })
            }
            Self::Dirty => {
                let screen = screen()?;
                let mut buffer = screen.buffer(format).context("a buffer")?;
                screen.show(&buffer).context("setting the mode")?;
                converse(|request| {
                    let (nth, pattern) = numbered(request)?;
                    fill(&screen, &mut buffer, pattern)?;
                    fault.around(nth, || screen.dirty(&buffer, &[]))
                })
            }
        }
    }
}

fn numbered(request: &str) -> Result<(u32, Pattern)> {
    let (nth, pattern) = request.split_once(' ').context("N PATTERN")?;
    Ok((nth.parse()?, pattern.parse().map_err(Error::msg)?))
}

fn io_error(error: Error) -> io::Error {
    error.downcast().unwrap_or_else(io::Error::other)
}

/// This thread's count-down to an allocation that fails.
struct Fault(File);

impl Fault {
    fn new() -> io::Result<Self> {
        let path = "/proc/thread-self/fail-nth";
        let fault = Self(OpenOptions::new().read(true).write(true).open(path)?);
        // What the first use of it allocates is not to be counted.
        fault.set(0)?;
        fault.left()?;
        Ok(fault)
    }

    /// Makes a call whose `nth` allocation fails.
    fn around(&self, nth: u32, call: impl FnOnce() -> io::Result<()>) -> Result<String> {
        self.set(nth)?;
        let result = call();
        let came_to_it = nth > 0 && self.left()? == 0;
        self.set(0)?;
        let what = if came_to_it { "failed" } else { "spared" };
        Ok(format!("{} {what}", verdict(result)))
    }

    fn set(&self, nth: u32) -> io::Result<()> {
        self.0.write_all_at(nth.to_string().as_bytes(), 0)
    }

    fn left(&self) -> io::Result<u32> {
        let mut text = [0; 16];
        let length = self.0.read_at(&mut text, 0)?;
        let text = String::from_utf8_lossy(&text[..length]);
        text.trim().parse().map_err(io::Error::other)
    }
}
