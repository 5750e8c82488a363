// SPDX-License-Identifier: GPL-2.0

//! Mappings: no access to one ends in SIGBUS, whatever has become of the device.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::os::fd::AsFd;

use anyhow::{Context, Result};
use drm::buffer::Buffer as _;

use super::{check, converse, shown, unknown, verdict};
use crate::pattern::{Format, Pattern};
use crate::screen::{Buffer, Screen};
use crate::sys::Mapping;

/// What the page at `at` is marked with.
fn mark(at: usize) -> u8 {
    (at / crate::sys::PAGE % 251 + 1) as u8
}

/// A mapping whose pages are used from its beginning, and some of the same memory whose
/// pages are left alone until each is asked for.
pub struct Memory {
    used: Mapping,
    untouched: RefCell<Vec<Mapping>>,
}

impl Memory {
    /// Maps memory, and marks every page of it.
    pub fn new(map: impl Fn() -> io::Result<Mapping>) -> io::Result<Self> {
        let memory = Self {
            used: map()?,
            untouched: RefCell::new(vec![map()?, map()?]),
        };
        for at in memory.used.pages() {
            memory.used.write(at, mark(at));
        }
        Ok(memory)
    }

    /// The answer to a request about memory, if it is one.
    pub fn answer(&self, request: &str) -> Option<String> {
        Some(match request {
            "kept" => check(holds(&self.used)),
            "kept by faults" => check(by_faults(&self.used, holds)),
            "kept without" => check(without_faults(&self.used, holds)),
            "write" => check(writes(&self.used)),
            "untouched" => check(self.first_touch()),
            "forget" => check(self.refault()),
            _ => return None,
        })
    }

    /// Pages that have never been touched can be, and are those of the other mapping.
    fn first_touch(&self) -> Result<(), String> {
        let mut left = self.untouched.borrow_mut();
        let untouched = left.pop().ok_or("all have been touched")?;
        by_faults(&untouched, holds)?;
        writes(&untouched)
    }

    /// Pages that were forgotten come back with what they held.
    fn refault(&self) -> Result<(), String> {
        self.used.forget().map_err(|e| verdict::<()>(Err(e)))?;
        by_faults(&self.used, holds)?;
        writes(&self.used)
    }
}

/// A check in which every page has to be brought in.
fn by_faults(mapping: &Mapping, check: fn(&Mapping) -> Result<(), String>) -> Result<(), String> {
    match counting_faults(mapping, check)? {
        (faults, pages) if faults < pages => Err(format!("{faults} faults for {pages} pages")),
        _ => Ok(()),
    }
}

/// A check in which the pages are there. (Our own code may have to come in.)
fn without_faults(
    mapping: &Mapping,
    check: fn(&Mapping) -> Result<(), String>,
) -> Result<(), String> {
    match counting_faults(mapping, check)? {
        (faults, pages) if faults >= pages => Err(format!("{faults} faults for {pages} pages")),
        _ => Ok(()),
    }
}

fn counting_faults(
    mapping: &Mapping,
    check: fn(&Mapping) -> Result<(), String>,
) -> Result<(usize, usize), String> {
    let before = faults().map_err(|e| e.to_string())?;
    check(mapping)?;
    let after = faults().map_err(|e| e.to_string())?;
    Ok((after - before, mapping.pages().count()))
}

/// How many faults this process has had that needed no disk. (A mapping of page frames,
/// as those of buffers are, has no entries in `/proc/self/pagemap`.)
fn faults() -> io::Result<usize> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let count = fields
        .split_whitespace()
        .nth(7)
        .and_then(|f| f.parse().ok());
    count.ok_or_else(|| io::Error::other("no count of faults"))
}

/// Every page still has its mark.
fn holds(mapping: &Mapping) -> Result<(), String> {
    for at in mapping.pages() {
        let (is, was) = (mapping.read(at), mark(at));
        if is != was {
            return Err(format!("at {at:#x} there is {is:#x}, not {was:#x}"));
        }
    }
    Ok(())
}

/// Every page takes something else, and its mark again.
fn writes(mapping: &Mapping) -> Result<(), String> {
    for at in mapping.pages() {
        for value in [!mark(at), mark(at)] {
            mapping.write(at, value);
            let is = mapping.read(at);
            if is != value {
                return Err(format!("at {at:#x} there is {is:#x}, not {value:#x}"));
            }
        }
    }
    Ok(())
}

/// Where the mapping of a buffer begins in the card's file, and its length.
pub fn place(screen: &Screen, buffer: &Buffer) -> io::Result<(u64, usize)> {
    let dumb = buffer.dumb();
    let handle = dumb.handle().into();
    let map = drm_ffi::mode::dumbbuffer::map(screen.card().as_fd(), handle, 0, 0)?;
    let length = dumb.pitch() as usize * dumb.size().1 as usize;
    Ok((map.offset, length))
}

/// Answers what [`Memory`] does; "map" with how a new mapping goes; and lets go of the
/// card ("close") and the mappings ("unmap").
pub fn keep(screen: Screen, format: Format) -> Result<()> {
    let buffer = shown(&screen, format, Pattern::Card)?;
    let (offset, length) = place(&screen, &buffer)?;
    let map = || Mapping::new(screen.card(), offset, length);
    let mut memory = Some(Memory::new(map).context("mapping the buffer")?);
    let mut screen = Some(screen);
    converse(|request| match request {
        "map" => {
            let screen = screen.as_ref().context("the card is closed")?;
            Ok(verdict(Mapping::new(screen.card(), offset, length)))
        }
        "close" => {
            screen = None;
            Ok("ok".into())
        }
        "unmap" => {
            memory = None;
            Ok("ok".into())
        }
        _ => match memory
            .as_ref()
            .context("nothing is mapped")?
            .answer(request)
        {
            Some(answer) => Ok(answer),
            None => unknown(request),
        },
    })
}
