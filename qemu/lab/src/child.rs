// SPDX-License-Identifier: GPL-2.0

//! The lab's children: how they end, and whose turn it is on the processors.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::Command;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Everybody's, as the host sees fit.
    Fair,
    /// That of whoever stands for hardware, before all else: a wire is there at once when it is
    /// asked, and a host's scheduler may come milliseconds late.
    Hardware,
}

impl Turn {
    /// That of hardware, if the host allows it.
    pub fn hardware() -> Self {
        let allowed = Command::new("chrt").args(["--fifo", "1", "true"]).output();
        if allowed.is_ok_and(|output| output.status.success()) {
            Self::Hardware
        } else {
            println!("==> No real-time priority on this host: its scheduling is in what is timed");
            Self::Fair
        }
    }

    /// `program`, all threads of which stand for hardware.
    pub fn panel(self, program: impl AsRef<OsStr>) -> Command {
        self.command(program.as_ref(), &[])
    }

    /// `program`, the first thread of which does: that of QEMU which has the devices, beside those that
    /// are the guest's processors.
    pub fn machine(self, program: impl AsRef<OsStr>) -> Command {
        self.command(program.as_ref(), &["--reset-on-fork"])
    }

    fn command(self, program: &OsStr, options: &[&str]) -> Command {
        match self {
            Self::Fair => die_with_us(program),
            Self::Hardware => {
                let mut command = die_with_us("chrt");
                command.args(options).args(["--fifo", "1"]).arg(program);
                command
            }
        }
    }
}

/// A command whose process the kernel kills when the lab dies, however it does.
pub fn die_with_us(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Keeps the host's processors from sleeping when they are idle, from which they come back late
/// (Documentation/power/pm_qos_interface.rst), until it is dropped; where the host has such a thing.
pub fn stay_awake() -> Option<File> {
    let mut request = OpenOptions::new()
        .write(true)
        .open("/dev/cpu_dma_latency")
        .ok()?;
    request.write_all(&0i32.to_ne_bytes()).ok()?;
    Some(request)
}
