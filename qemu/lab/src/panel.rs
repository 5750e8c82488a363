// SPDX-License-Identifier: GPL-2.0

//! The panel emulator: its process, and the socket by which it is asked.

use std::fs::File;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::child::Turn;
use crate::lines::Lines;

/// How long the panel may take over an answer, besides what it is asked to wait.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running panel. It ends when this is dropped, and when the lab dies.
pub struct Panel {
    child: Child,
    sockets: PathBuf,
}

impl Panel {
    /// Starts the program. Call it on the main thread, like
    /// [`Machine::start`](crate::machine::Machine::start).
    pub fn start(program: &Path, turn: Turn, out: &Path, sockets: &Path) -> Result<Self> {
        let log = File::create(out.join("panel.log"))?;
        let mut command = turn.panel(program);
        for wire in ["spi", "gpio"] {
            command.arg(format!("--{wire}")).arg(sockets.join(wire));
        }
        command.arg("--control").arg(sockets.join("panel"));
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{}", program.display()))?;
        Ok(Self {
            child,
            sockets: sockets.to_owned(),
        })
    }

    /// Connects to its control socket, as soon as it listens.
    pub fn connect(&mut self) -> Result<Control> {
        let path = self.sockets.join("panel");
        let deadline = Instant::now() + PATIENCE;
        loop {
            match UnixStream::connect(&path) {
                Ok(stream) => return Control::new(stream),
                Err(e) if Instant::now() > deadline => {
                    return Err(e).context("the panel does not listen");
                }
                Err(_) if self.child.try_wait()?.is_some() => {
                    bail!("the panel ended at once, see panel.log")
                }
                // There is no event for a socket that begins to listen.
                Err(_) => thread::sleep(Duration::from_millis(2)),
            }
        }
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection to the panel's control socket.
pub struct Control {
    stream: UnixStream,
    lines: Lines,
}

impl Control {
    fn new(stream: UnixStream) -> Result<Self> {
        let lines = Lines::new(stream.try_clone()?);
        Ok(Self { stream, lines })
    }

    /// Asks the panel, and returns its answer, whatever it is.
    pub fn ask(&mut self, question: &Value) -> Result<Value> {
        writeln!(self.stream, "{question}").context("the panel is gone")?;
        let wait = Duration::from_millis(question["timeout_ms"].as_u64().unwrap_or(0));
        let answer = self
            .lines
            .next(Some(Instant::now() + PATIENCE + wait))
            .with_context(|| format!("the panel does not answer {question}"))?
            .context("the panel is gone")?;
        serde_json::from_str(&answer).with_context(|| format!("the panel's answer {answer:?}"))
    }

    /// The panel's state.
    pub fn state(&mut self) -> Result<Value> {
        self.ask(&json!({"do": "state"}))
    }
}
