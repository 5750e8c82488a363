// SPDX-License-Identifier: GPL-2.0

//! What the guest may ask of the lab: one line in, one line of JSON out.
//!
//! | request | what happens |
//! |---|---|
//! | `plug` | the panel is plugged into the guest's slot |
//! | `unplug` | it is taken out by `device_del`, answered when it is gone |
//! | `replug` | `unplug` if need be, and `plug` |
//! | `eject` | the first half of `unplug`: the guest is asked to let go |
//! | `yank [WIRE]` | both wires fail from now on, or this one (`spi`, `gpio`); then `unplug` |
//! | `when-asleep REQUEST` | answered at once; when the guest has gone to sleep that is done, and it is woken |
//! | `woken` | the answer to that REQUEST |
//! | `panel JSON` | asked of the panel; a relative `path` is below the run's directory |
//! | `note TEXT` | goes to the lab's log |

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::lines::Lines;
use crate::machine::PANEL_BUS;
use crate::panel;
use crate::qmp::Monitor;

/// How long the guest may take to let go of the panel, if it is not slow.
const UNPLUG_LIMIT: Duration = Duration::from_secs(10);

/// How long it may take to fall asleep.
const SLEEP_LIMIT: Duration = Duration::from_secs(20);

/// The kernel's last words before it sleeps, if it is to tell (`pm_debug_messages`).
const ASLEEP: &str = "PM: suspend-to-idle";

/// One wire of the panel: function number, id, driver. In the order of plugging:
/// function 0 comes last, since it is what tells the guest to look.
const WIRES: [(u8, &str, &str); 2] = [
    (1, "spi", "vhost-user-spi-pci"),
    (0, "gpio", "vhost-user-gpio-pci"),
];

/// The character device that a wire goes by.
fn chardev_of(id: &str) -> String {
    format!("{id}-wire")
}

/// The slot and the panel. Shared by the thread that serves the guest and
/// the one that runs the tests.
#[derive(Clone)]
pub struct Bench(Arc<Mutex<Inner>>);

struct Inner {
    monitor: Monitor,
    panel: panel::Control,
    sockets: PathBuf,
    out: PathBuf,
    log: File,
    plugged: Vec<&'static str>,
    ejected: bool,
    asleep: Option<JoinHandle<Result<Value>>>,
    complaints: Vec<String>,
    patience: u32,
}

impl Bench {
    /// A bench with an empty slot, for a guest that may take `patience` times as long as usual.
    pub fn new(
        monitor: Monitor,
        panel: panel::Control,
        sockets: &Path,
        out: &Path,
        patience: u32,
    ) -> Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Inner {
            monitor,
            panel,
            sockets: sockets.to_owned(),
            out: out.to_owned(),
            log: File::create(out.join("lab.log"))?,
            plugged: Vec::new(),
            ejected: false,
            asleep: None,
            complaints: Vec::new(),
            patience,
        }))))
    }

    /// Serves the guest until its port closes.
    pub fn serve(&self, port: UnixStream) -> Result<()> {
        let mut answers = port.try_clone()?;
        let mut lines = Lines::new(port);
        while let Some(request) = lines.next(None)? {
            if request.is_empty() {
                continue;
            }
            let answer = self.answer(&request);
            writeln!(answers, "{answer}")?;
        }
        Ok(())
    }

    /// Does what a line asks for, and says how it went.
    pub fn answer(&self, request: &str) -> Value {
        let began = Instant::now();
        let result = match request.split_once(' ') {
            Some(("when-asleep", request)) => self.when_asleep(request.to_owned()),
            _ if request == "woken" => self.woken(),
            _ => self.lock().carry_out(request),
        };
        let answer = result.unwrap_or_else(|e| json!({"error": format!("{e:#}")}));
        let _ = writeln!(
            self.lock().log,
            "{request} -> {answer} ({} ms)",
            began.elapsed().as_millis()
        );
        answer
    }

    fn when_asleep(&self, request: String) -> Result<Value> {
        let mut inner = self.lock();
        if inner.asleep.is_some() {
            bail!("there is something to do in the guest's sleep already");
        }
        let console = inner.out.join("serial.log");
        let said = fs::metadata(&console)?.len();
        let bench = self.clone();
        let limit = SLEEP_LIMIT * inner.patience;
        inner.asleep = Some(thread::spawn(move || {
            wait_asleep(&console, said, limit)?;
            let answer = bench.answer(&request);
            bench.lock().monitor.press_power_button()?;
            Ok(answer)
        }));
        Ok(json!({"ok": true}))
    }

    fn woken(&self) -> Result<Value> {
        // Not with the lock held, which the sleep's request needs.
        let Some(asleep) = self.lock().asleep.take() else {
            bail!("there was nothing to do in the guest's sleep");
        };
        asleep.join().unwrap_or_else(|_| bail!("it panicked"))
    }

    /// Takes the panel back to what it was: nothing plugged, nothing wrong
    /// with it, nothing remembered. Returns the complaints since the last time.
    pub fn clean(&self) -> Result<Vec<String>> {
        let mut inner = self.lock();
        inner.asleep = None;
        inner.ask(json!({"do": "fault", "mode": "none"}))?;
        inner.unplug()?;
        inner.keep_complaints()?;
        inner.ask(json!({"do": "power-cycle"}))?;
        inner.ask(json!({"do": "forget"}))?;
        Ok(std::mem::take(&mut inner.complaints))
    }

    /// What the panel is, and complained of, once QEMU has ended.
    pub fn aftermath(&self) -> Result<(Value, Vec<String>)> {
        let mut inner = self.lock();
        inner.wait_disconnected()?;
        let state = inner.panel.state()?;
        inner.keep_complaints()?;
        Ok((state, std::mem::take(&mut inner.complaints)))
    }

    /// Ends QEMU in good order.
    pub fn quit(&self) -> Result<()> {
        self.lock().monitor.quit()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until the guest sleeps, as its console says after the first `said` bytes. There is no event
/// for a file that grows.
fn wait_asleep(console: &Path, said: u64, limit: Duration) -> Result<()> {
    let deadline = Instant::now() + limit;
    let said = usize::try_from(said)?;
    loop {
        let text = fs::read(console)?;
        if String::from_utf8_lossy(text.get(said..).unwrap_or_default()).contains(ASLEEP) {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("the guest has not gone to sleep in {limit:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

impl Inner {
    fn carry_out(&mut self, request: &str) -> Result<Value> {
        let (verb, rest) = request.split_once(' ').unwrap_or((request, ""));
        match verb {
            "plug" => self.plug(),
            "unplug" => self.unplug(),
            "eject" => self.eject(),
            "replug" => {
                self.unplug()?;
                self.plug()
            }
            "yank" => {
                let wire = if rest.is_empty() { "both" } else { rest };
                self.ask(json!({"do": "fault", "mode": "error", "wire": wire}))?;
                self.unplug()?;
                let state = self.panel.state()?;
                Ok(json!({"ok": true, "refused": state["refused"]}))
            }
            "panel" => {
                let mut question: Value = serde_json::from_str(rest).context("not JSON")?;
                self.resolve_path(&mut question)?;
                if matches!(
                    question["do"].as_str(),
                    Some("forget" | "power-cycle" | "mount")
                ) {
                    self.keep_complaints()?;
                }
                self.panel.ask(&question)
            }
            "note" => Ok(json!({"ok": true})),
            _ => bail!("the lab does not know {verb:?}"),
        }
    }

    fn plug(&mut self) -> Result<Value> {
        if !self.plugged.is_empty() {
            bail!("the panel is plugged already");
        }
        for (function, id, driver) in WIRES {
            let chardev = chardev_of(id);
            let socket = self.sockets.join(id);
            self.monitor.add_socket(&chardev, &socket)?;
            let properties = [
                ("chardev", json!(chardev)),
                ("addr", json!(format!("0.{function}"))),
                ("multifunction", json!(function == 0)),
            ];
            if let Err(e) = self.monitor.add_device(driver, id, PANEL_BUS, &properties) {
                self.monitor.remove_chardev(&chardev)?;
                return Err(e);
            }
            self.plugged.push(id);
        }
        Ok(json!({"ok": true}))
    }

    fn eject(&mut self) -> Result<Value> {
        if let Some(last) = self.plugged.last().filter(|_| !self.ejected) {
            // One request takes out the slot, that is both functions.
            self.monitor.delete_device(last)?;
            self.ejected = true;
        }
        Ok(json!({"ok": true}))
    }

    fn unplug(&mut self) -> Result<Value> {
        if self.plugged.is_empty() {
            return Ok(json!({"ok": true}));
        }
        self.eject()?;
        self.monitor
            .wait_deleted(&self.plugged, UNPLUG_LIMIT * self.patience)?;
        self.ejected = false;
        for id in std::mem::take(&mut self.plugged) {
            self.monitor.remove_chardev(&chardev_of(id))?;
        }
        self.wait_disconnected()?;
        Ok(json!({"ok": true}))
    }

    /// Waits until the panel has read all that was sent to it.
    fn wait_disconnected(&mut self) -> Result<()> {
        self.ask(json!({"do": "wait", "until": {"connected": false}, "timeout_ms": 10_000}))?;
        Ok(())
    }

    /// Asks the panel for something that it must be able to do.
    fn ask(&mut self, question: Value) -> Result<Value> {
        let answer = self.panel.ask(&question)?;
        if let Some(error) = answer.get("error") {
            bail!("the panel, asked {question}: {error}");
        }
        Ok(answer)
    }

    /// Moves the panel's complaints here before it is made to forget them.
    fn keep_complaints(&mut self) -> Result<()> {
        let state = self.panel.state()?;
        let count = state["complaint_count"].as_u64().unwrap_or(0);
        let told = state["complaints"].as_array().cloned().unwrap_or_default();
        let text = |told: &Value| {
            told.as_str()
                .map_or_else(|| told.to_string(), str::to_owned)
        };
        self.complaints.extend(told.iter().map(text));
        let untold = count.saturating_sub(told.len() as u64);
        if untold > 0 {
            self.complaints.push(format!("and {untold} more"));
        }
        Ok(())
    }

    /// The guest knows files only by their names below the run's directory.
    fn resolve_path(&self, question: &mut Value) -> Result<()> {
        if let Some(path) = question["path"].as_str() {
            let path = self.out.join(path);
            if let Some(directory) = path.parent() {
                std::fs::create_dir_all(directory)?;
            }
            question["path"] = json!(path);
        }
        Ok(())
    }
}
