// SPDX-License-Identifier: GPL-2.0

//! One boot of the guest, with a panel beside it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::mem;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::arch::Arch;
use crate::child::Turn;
use crate::control::Bench;
use crate::dmesg;
use crate::guest::Contents;
use crate::ktap::End;
use crate::lines::Lines;
use crate::machine::{Accel, Console, Machine, Ports, Setup};
use crate::panel::Panel;

/// How long the guest may take to come up.
const BOOT_LIMIT: Duration = Duration::from_secs(60);

/// How long until it is looked at again meanwhile.
const GLANCE: Duration = Duration::from_secs(5);

/// A console with more bytes than this at boot holds nothing but reports.
const FLOOD: u64 = 1 << 20;

/// How often a guest is booted that comes up blind.
const BOOTS: u32 = 4;

/// How long its kernel may take to say anything.
const SILENCE: Duration = Duration::from_secs(20);

/// What the guest's init says if its lockdep has given up already.
const BLIND: i32 = 75;

/// Why a boot is of no use, that may go better another time.
#[derive(PartialEq)]
enum Useless {
    /// Its lockdep gives up at the first report, and what happens at boot is no fault
    /// of the tests.
    Blind,
    /// QEMU runs, and the kernel does not.
    Mute,
    /// KASAN reports the same place over and over, so that nothing else is done.
    Flooded,
    /// The kernel stops on its way, as it does once in a while where its clocks are translated.
    Stuck,
}

impl fmt::Display for Useless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blind => "lockdep is off",
            Self::Mute => "the kernel says nothing",
            Self::Flooded => "the kernel says too much",
            Self::Stuck => "the guest does not come up",
        })
    }
}

/// What every boot needs to know.
#[derive(Clone)]
pub struct Options {
    /// What kind of machine the guest is.
    pub arch: Arch,
    /// The root that it boots from.
    pub root: PathBuf,
    /// The kernel's directory.
    pub kernel: PathBuf,
    /// Directories with modules of ours.
    pub modules: Vec<PathBuf>,
    /// The directory qemu/guest.
    pub guest: PathBuf,
    /// The directory with our programs for the guest.
    pub programs: PathBuf,
    /// The panel emulator.
    pub panel: PathBuf,
    /// What the guest's kernel is told besides.
    pub append: String,
    /// How many times as long as usual everything may take.
    pub patience: u32,
    /// What executes the guest.
    pub accel: Accel,
    /// Whose turn it is on the host.
    pub turn: Turn,
}

/// A directory for sockets, whose names have to be short. Gone on drop.
struct Sockets(PathBuf);

impl Sockets {
    fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = socket_directories().join(number.to_string());
        fs::create_dir_all(&path).with_context(|| format!("{}", path.display()))?;
        Ok(Self(path))
    }
}

/// Where this process keeps the directories of its sessions' sockets.
fn socket_directories() -> PathBuf {
    std::env::temp_dir().join(format!("tinydrm-lab.{}", std::process::id()))
}

/// Removes what sessions leave that end without their destructors.
pub fn remove_sockets() {
    let _ = fs::remove_dir_all(socket_directories());
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        // Gone with the last of them.
        let _ = fs::remove_dir(socket_directories());
    }
}

/// What the guest reports when it has cleaned up after a script.
#[derive(Default)]
pub struct Cleaned {
    /// The kernel's log since the script began.
    pub log: Vec<String>,
    /// What the script left behind, or broke.
    pub left: Vec<String>,
}

/// What there is to see when the guest has gone down.
pub struct Aftermath {
    /// What the console said since the last script began.
    pub console: Vec<String>,
    /// The panel's state.
    pub panel: Value,
    /// The panel's complaints.
    pub complaints: Vec<String>,
}

/// Time limits are meant for a processor; the translator is slower.
fn accel_patience(accel: Accel) -> u32 {
    match accel {
        Accel::Kvm => 1,
        Accel::Tcg => 3,
        Accel::Counted => 10,
    }
}

/// A guest that is up.
pub struct Session {
    // Fields are dropped in this order: the guest goes before its panel.
    machine: Machine,
    _panel: Panel,
    /// The slot and the panel.
    pub bench: Bench,
    requests: UnixStream,
    answers: Lines,
    dmesg: File,
    out: PathBuf,
    /// How long the guest took to come up.
    pub boot_time: Duration,
    patience: u32,
    _sockets: Sockets,
}

impl Session {
    /// Boots a guest that waits for what to run, with its logs in `out`, which is emptied.
    pub fn serve(options: &Options, out: &Path) -> Result<Self> {
        if out.exists() {
            fs::remove_dir_all(out)?;
        }
        let mut idle = false;
        for boot in 1..=BOOTS {
            let why = match Self::boot(options, out)? {
                Ok(session) => return Ok(session),
                Err(why) => why,
            };
            println!("# {why}: boot {boot} is thrown away");
            let log = out.join(format!("useless-{boot}.log"));
            fs::rename(out.join("serial.log"), &log)?;
            if matches!(why, Useless::Mute | Useless::Stuck) && mem::replace(&mut idle, true) {
                bail!("{why}, twice: see {}", log.display());
            }
        }
        bail!(
            "every boot of the guest is of no use: see useless-*.log in {}",
            out.display()
        );
    }

    /// Boots a guest.
    fn boot(options: &Options, out: &Path) -> Result<Result<Self, Useless>> {
        let mut session = Self::start(options, out, "serve", Console::Log)?;
        let began = Instant::now();
        if !session.has_spoken() {
            return Ok(Err(Useless::Mute));
        }
        let deadline = Instant::now() + BOOT_LIMIT * session.patience;
        let end = loop {
            match session.listen(GLANCE, |_, _| ())? {
                End::Lost(_) if session.console_len() > FLOOD => return Ok(Err(Useless::Flooded)),
                End::Lost(_) if Instant::now() < deadline => {}
                end => break end,
            }
        };
        match end {
            End::Status(0) => session.tell_of_boot(),
            End::Status(BLIND) => {
                session.machine.wait()?;
                session.tell_of_boot();
                return Ok(Err(Useless::Blind));
            }
            End::Status(status) => bail!(
                "the guest's init failed with status {status}, see {}",
                session.log_name()
            ),
            End::Down => bail!("the guest died at boot, see {}", session.log_name()),
            End::Lost(_) => return Ok(Err(Useless::Stuck)),
        }
        session.boot_time += began.elapsed();
        Ok(Ok(session))
    }

    /// Waits for the kernel's first word; false if there is none. The console is a file
    /// of QEMU's, which tells nobody that it grows.
    fn has_spoken(&self) -> bool {
        let deadline = Instant::now() + SILENCE * self.patience;
        while self.console_len() == 0 {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(50));
        }
        true
    }

    /// Boots a guest on this terminal, and waits for its end.
    pub fn shell(options: &Options, out: &Path) -> Result<()> {
        Self::start(options, out, "shell", Console::Terminal)?
            .machine
            .wait()
    }

    fn start(options: &Options, out: &Path, mode: &str, console: Console) -> Result<Self> {
        fs::create_dir_all(out)?;
        let out = &fs::canonicalize(out)?;
        let contents = Contents {
            arch: options.arch,
            root: &options.root,
            kernel: &options.kernel,
            modules: &options.modules,
            guest: &options.guest,
            programs: &options.programs,
            patience: options.patience,
            mode,
        };
        let initrd = out.join("initramfs.cpio");
        fs::write(&initrd, contents.initramfs()?)?;

        let sockets = Sockets::new()?;
        let mut panel = Panel::start(&options.panel, options.turn, out, &sockets.0)?;
        let panel_control = panel.connect()?;

        let began = Instant::now();
        let (machine, ports) = Machine::start(&Setup {
            arch: options.arch,
            accel: options.accel,
            turn: options.turn,
            console,
            kernel: options.kernel.join("vmlinuz"),
            initrd,
            append: options.append.clone(),
            out: out.clone(),
            sockets: sockets.0.clone(),
        })?;
        let Ports {
            monitor,
            control,
            run,
        } = ports;
        let patience = options.patience * accel_patience(options.accel);
        let bench = Bench::new(monitor, panel_control, &sockets.0, out, patience)?;
        let server = bench.clone();
        thread::spawn(move || server.serve(control));

        let dmesg = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .open(out.join("dmesg.log"))?;
        Ok(Self {
            machine,
            _panel: panel,
            bench,
            answers: Lines::new(run.try_clone()?),
            requests: run,
            dmesg,
            out: out.clone(),
            boot_time: began.elapsed(),
            patience,
            _sockets: sockets,
        })
    }

    /// Runs a command of the guest's init, and hands on what it prints.
    pub fn run(
        &mut self,
        request: &str,
        limit: Duration,
        mut line: impl FnMut(&str),
    ) -> Result<End> {
        writeln!(self.requests, "{request}").context("the guest is gone")?;
        self.listen(limit, |_, text| line(text))
    }

    /// Has the guest clean up after a script.
    pub fn clean(&mut self) -> Result<(End, Cleaned)> {
        let mut cleaned = Cleaned::default();
        writeln!(self.requests, "clean").context("the guest is gone")?;
        let end = self.listen(Duration::from_secs(90), |kind, text| match kind {
            "log" => cleaned.log.push(text.to_owned()),
            _ => cleaned.left.push(text.to_owned()),
        })?;
        self.keep(&cleaned.log)?;
        Ok((end, cleaned))
    }

    /// The kernel's log since the last script began, of a guest that nothing else can be
    /// asked of.
    pub fn log(&mut self) -> Result<(End, Vec<String>)> {
        let mut log = Vec::new();
        writeln!(self.requests, "log").context("the guest is gone")?;
        let end = self.listen(Duration::from_secs(90), |_, text| log.push(text.to_owned()))?;
        self.keep(&log)?;
        Ok((end, log))
    }

    /// Writes to the file of the guest's log.
    fn keep(&mut self, log: &[String]) -> Result<()> {
        for line in log {
            writeln!(self.dmesg, "{line}")?;
        }
        Ok(())
    }

    /// Looks at what a guest leaves that goes down by itself: waits for QEMU's end.
    pub fn aftermath(&mut self) -> Result<Aftermath> {
        self.machine.wait()?;
        let (panel, complaints) = self.bench.aftermath()?;
        let console = self.console();
        let began = console.rfind("lab: begin ").unwrap_or(0);
        Ok(Aftermath {
            console: console[began..]
                .lines()
                .map(|line| line.trim_end().to_owned())
                .collect(),
            panel,
            complaints,
        })
    }

    /// Reads what the guest prints until it is done. A line `@@log TEXT` is handed on
    /// as one of that kind, others have none.
    fn listen(&mut self, limit: Duration, mut line: impl FnMut(&str, &str)) -> Result<End> {
        let limit = limit * self.patience;
        let deadline = Instant::now() + limit;
        loop {
            let text = match self.answers.next(Some(deadline)) {
                Ok(Some(text)) => text,
                Ok(None) => return Ok(End::Down),
                Err(e) if e.kind() == ErrorKind::TimedOut => {
                    return Ok(End::Lost(format!("no end in {} s", limit.as_secs())));
                }
                Err(e) => return Err(e).context("the guest's port"),
            };
            // A script that ends within a line must not hide the mark.
            if let Some((before, status)) = text.split_once("@@done ") {
                if !before.is_empty() {
                    line("", before);
                }
                return Ok(End::Status(status.trim().parse().unwrap_or(-1)));
            }
            match text.strip_prefix("@@log ") {
                Some(text) => line("log", text),
                None => line("", &text),
            }
        }
    }

    /// Says what the console has to complain about; at boot that is nobody's fault.
    fn tell_of_boot(&self) {
        let text = self.console();
        for line in dmesg::judge(text.lines().map(str::trim_end)) {
            println!("# at boot: {line}");
        }
    }

    fn console_len(&self) -> u64 {
        fs::metadata(self.log_name_path()).map_or(0, |log| log.len())
    }

    /// What the guest's console has said.
    pub fn console(&self) -> String {
        let bytes = fs::read(self.log_name_path()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What the guest's console says about its end.
    pub fn last_words(&self) -> Vec<String> {
        let text = self.console();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let bad = dmesg::judge(lines.iter().copied());
        let start = bad
            .first()
            .and_then(|first| lines.iter().position(|line| line == first))
            .unwrap_or(lines.len().saturating_sub(10));
        lines[start..]
            .iter()
            .take(40)
            .map(|&line| line.to_owned())
            .collect()
    }

    /// Where the guest's console went.
    pub fn log_name(&self) -> String {
        self.log_name_path().display().to_string()
    }

    fn log_name_path(&self) -> PathBuf {
        self.out.join("serial.log")
    }

    /// Ends the guest. One that is gone by then has died after the last script was over.
    pub fn end(mut self) -> Result<()> {
        self.bench.quit().with_context(|| {
            let words = self.last_words().join("\n# ");
            format!(
                "the guest has died since, see {}\n# {words}",
                self.log_name()
            )
        })?;
        self.machine.wait()
    }
}
