// SPDX-License-Identifier: GPL-2.0

//! What DRM promises to a client whose device goes (the kernel's
//! `Documentation/gpu/drm-uapi.rst`, "Device Hot-Unplug"), as clients that hold on to
//! what they have and are asked, line by line, to use it.

mod atomic;
mod dmabuf;
mod events;
mod fb;
mod ioctls;
mod leftovers;
mod memory;
mod parked;

use std::io::{self, BufRead};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use rustix::io::Errno;

use crate::pattern::{Format, Pattern};
use crate::say;
use crate::screen::{Buffer, Screen};

/// What is held on to.
#[derive(Subcommand)]
pub enum Contract {
    /// The card: every ioctl, by its name
    Ioctls {
        /// Print the names
        #[arg(long)]
        list: bool,
    },
    /// Flips and commits that are not done: "flip", "commit", "hammer flip", "hammer
    /// commit", "count", "wait"
    Events,
    /// Mappings of buffers: "kept" (also "by faults", "without"), "write", "untouched",
    /// "forget", "map", "close", "unmap"
    Memory,
    /// Ioctls that sleep for their arguments: "park NAME", "still NAME", "go on NAME"
    Parked,
    /// A picture that its client lets go of in odd ways: "close handle", "close both",
    /// "no plane"
    Leftovers,
    /// A dma-buf: "close", "map", "import DRIVER", "show CARD", "unshow", "drop"
    Dmabuf,
    /// A frame buffer device and its mapping: calls by their names, "kept" (also "by
    /// faults", "without"), "write", "untouched", "forget", "close", "unmap"
    Fb {
        /// Its node
        #[arg(required_unless_present = "list")]
        node: Option<PathBuf>,
        /// Print the ioctls' names
        #[arg(long)]
        list: bool,
    },
}

impl Contract {
    /// Holds on, and answers.
    pub fn keep(self, open: impl FnOnce() -> Result<Screen>, format: Format) -> Result<()> {
        match self {
            Self::Ioctls { list: true } => print(ioctls::names()),
            Self::Fb { list: true, .. } => print(fb::names()),
            Self::Ioctls { list: false } => ioctls::keep(open()?, format),
            Self::Events => events::keep(open()?, format),
            Self::Memory => memory::keep(open()?, format),
            Self::Parked => parked::keep(open()?, format),
            Self::Leftovers => leftovers::keep(open()?, format),
            Self::Dmabuf => dmabuf::keep(open()?, format),
            Self::Fb { node, .. } => fb::keep(&node.context("a node")?),
        }
    }
}

fn print(names: impl Iterator<Item = &'static str>) -> Result<()> {
    for name in names {
        say(name)?;
    }
    Ok(())
}

/// Tells that all is ready, then answers request after request.
pub fn converse(mut answer: impl FnMut(&str) -> Result<String>) -> Result<()> {
    say("drawn")?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let said = answer(line.trim()).with_context(|| line.clone())?;
        say(&said)?;
    }
    Ok(())
}

/// A buffer with a pattern on it, on the screen.
fn shown(screen: &Screen, format: Format, pattern: Pattern) -> io::Result<Buffer> {
    let mut buffer = screen.buffer(format)?;
    crate::fill(screen, &mut buffer, pattern)?;
    screen.show(&buffer)?;
    Ok(buffer)
}

/// A request that is not known.
fn unknown<T>(request: &str) -> Result<T> {
    bail!("what is {request}?")
}

/// How something went, in a word: "ok", or the name of the error.
pub fn verdict<T>(result: io::Result<T>) -> String {
    let Err(error) = result else {
        return "ok".into();
    };
    let name = match Errno::from_io_error(&error) {
        Some(Errno::NODEV) => "ENODEV",
        Some(Errno::NXIO) => "ENXIO",
        Some(Errno::NOENT) => "ENOENT",
        Some(Errno::BUSY) => "EBUSY",
        Some(Errno::NOMEM) => "ENOMEM",
        Some(Errno::AGAIN) => "EAGAIN",
        Some(Errno::INVAL) => "EINVAL",
        Some(Errno::OPNOTSUPP) => "EOPNOTSUPP",
        Some(Errno::ACCESS) => "EACCES",
        Some(Errno::PERM) => "EPERM",
        Some(Errno::NOTTY) => "ENOTTY",
        Some(Errno::FAULT) => "EFAULT",
        _ => return error.to_string(),
    };
    name.into()
}

/// The same of a check that says what is wrong.
fn check(result: Result<(), String>) -> String {
    result.err().unwrap_or_else(|| "ok".into())
}
