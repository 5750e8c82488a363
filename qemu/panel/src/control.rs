// SPDX-License-Identifier: GPL-2.0

//! The control socket: one JSON object a line, answered by one line of JSON.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::bench::{Bench, Until};
use crate::controller::by_name;
use crate::controller::serial::Interface;
use crate::fault::Fault;
use crate::picture::Turn;

/// The longest request, in bytes.
const LINE: u64 = 64 << 10;
/// How long a `wait` without `timeout_ms` waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked, and of which panel.
#[derive(Debug, Deserialize)]
struct Question {
    /// Its chip select; the first one, if nothing is said.
    #[serde(default)]
    panel: usize,
    #[serde(flatten)]
    request: Request,
}

/// What can be asked for.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Request {
    /// Everything that is known.
    State,
    /// The checksum of the memory, and a PNG of what an eye would see.
    Picture {
        /// Degrees counter-clockwise by which the viewer turns the module.
        #[serde(default)]
        turn: Turn,
        /// Where the PNG goes; no file without it.
        path: Option<PathBuf>,
        /// Every pixel of the PNG is a square of so many, 1 to 16.
        scale: Option<u8>,
    },
    /// One pixel of the memory.
    Pixel {
        /// From the left of the turned picture.
        x: u16,
        /// From its top.
        y: u16,
        /// As for a picture.
        #[serde(default)]
        turn: Turn,
    },
    /// Something goes wrong.
    Fault(Fault),
    /// What the SPI controller says it can send, from the next plug on.
    Words {
        /// Bits a word: some of 8, 9 and 16.
        bits: Vec<u8>,
    },
    /// Whether the GPIO controller says it can tell of edges, from the next plug on.
    Interrupts {
        /// It does.
        on: bool,
    },
    /// Another module takes the place of this one.
    Mount {
        /// Its name: an SPI device id.
        module: String,
    },
    /// The module is strapped for another serial interface.
    Interface {
        /// 3, without a D/C line, or 4.
        wires: Interface,
    },
    /// Counters and complaints start anew.
    Forget,
    /// The power goes and comes.
    PowerCycle,
    /// Something is waited for.
    Wait {
        /// What.
        until: Until,
        /// For at most so many milliseconds.
        timeout_ms: Option<u64>,
    },
}

/// Binds `path` and answers everybody who connects, each on a thread.
///
/// # Errors
/// The socket cannot be made.
pub fn listen(path: &Path, bench: &Bench) -> io::Result<()> {
    // A socket of an earlier run.
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    let bench = bench.clone();
    thread::Builder::new()
        .name("control".into())
        .spawn(move || {
            for connection in listener.incoming().flatten() {
                let bench = bench.clone();
                // Who does not get a thread sees the connection closed.
                let _ = thread::Builder::new().spawn(move || converse(&connection, &bench));
            }
        })?;
    Ok(())
}

/// Answers line by line until the other side has enough.
fn converse(connection: &UnixStream, bench: &Bench) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    let mut writer = connection;
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.by_ref().take(LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        let cut = line.len() as u64 == LINE && line.last() != Some(&b'\n');
        let answer = if cut {
            error("the request is too long")
        } else if line.trim_ascii().is_empty() {
            continue;
        } else {
            answer(bench, &line)
        };
        writeln!(writer, "{answer}")?;
        if cut {
            return Ok(());
        }
    }
}

fn error(what: impl ToString) -> Value {
    json!({ "ok": false, "error": what.to_string() })
}

/// The answer to one line.
pub fn answer(bench: &Bench, line: &[u8]) -> Value {
    let question = serde_json::from_slice(line).map_err(|e| e.to_string());
    let answer = question.and_then(|Question { panel, request }| {
        let bench = bench
            .at(panel)
            .ok_or_else(|| format!("there is no panel {panel}"))?;
        perform(&bench, request)
    });
    match answer {
        Ok(mut fields) => {
            fields.insert("ok".into(), true.into());
            Value::Object(fields)
        }
        Err(what) => error(what),
    }
}

fn perform(bench: &Bench, request: Request) -> Result<Map<String, Value>, String> {
    let fields = match request {
        Request::State => return Ok(bench.state()),
        Request::Picture { turn, path, scale } => {
            let scale = scale.unwrap_or(1);
            if !(1..=16).contains(&scale) {
                return Err(format!("scale is 1 to 16, not {scale}"));
            }
            let (picture, look) = bench.picture();
            let picture = picture.turned(turn);
            if let Some(path) = path {
                let failed = |e| format!("{}: {e}", path.display());
                picture.save(&path, look, scale).map_err(failed)?;
            }
            json!({
                "width": picture.width(),
                "height": picture.height(),
                "crc": format!("{:08x}", picture.crc()),
                "shown": look.shown,
            })
        }
        Request::Pixel { x, y, turn } => {
            let picture = bench.picture().0.turned(turn);
            let pixel = picture.pixel(x, y).ok_or_else(|| {
                format!("{x},{y} is not on {}x{}", picture.width(), picture.height())
            })?;
            json!({ "rgb565": format!("{pixel:04x}") })
        }
        Request::Fault(fault) => {
            bench.set_fault(fault);
            json!({ "fault": fault.mode })
        }
        Request::Words { bits } => {
            if bits.is_empty() || !bits.iter().all(|bits| [8, 9, 16].contains(bits)) {
                return Err(format!("{bits:?}: words have 8, 9 or 16 bits"));
            }
            bench.set_words(bits);
            json!({})
        }
        Request::Interrupts { on } => {
            bench.set_interrupts(on);
            json!({})
        }
        Request::Mount { module } => {
            let panel = by_name(&module, bench.now())
                .ok_or_else(|| format!("no module is called {module:?}"))?;
            bench.mount(panel);
            json!({})
        }
        Request::Interface { wires } => {
            bench.set_interface(wires);
            json!({})
        }
        Request::Forget => {
            bench.forget();
            json!({})
        }
        Request::PowerCycle => {
            bench.power_cycle();
            json!({})
        }
        Request::Wait { until, timeout_ms } => {
            let timeout = timeout_ms.map_or(PATIENCE, Duration::from_millis);
            json!({ "timed_out": !bench.wait(until, timeout) })
        }
    };
    match fields {
        Value::Object(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

#[cfg(test)]
mod tests;
