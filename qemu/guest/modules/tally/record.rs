// SPDX-License-Identifier: GPL-2.0

//! What has come over the wires, counted, and kept for a program to read.

use core::fmt;
use kernel::{
    debugfs,
    fs::file,
    new_mutex,
    prelude::*,
    sync::{Mutex, MutexGuard},
    time::{Instant, Monotonic},
    uaccess::UserSliceWriter, //
};

/// How much is kept of what nobody reads.
const LIMIT: usize = 64 << 20;

/// Both wires' traffic since the module was loaded.
#[pin_data]
pub(crate) struct Record {
    #[pin]
    inner: Mutex<Inner>,
}

/// What is behind the lock.
pub(crate) struct Inner {
    messages: u64,
    transfers: u64,
    bytes: u64,
    lines: u64,
    /// What the processor's clock counted in here, not in a driver.
    own: u64,
    /// Entries for which there was no room.
    lost: u64,
    log: KVVec<u8>,
    /// So much of the log was read.
    read: usize,
    loaded: Instant<Monotonic>,
}

/// What is known of an entry besides its bytes.
#[derive(Clone, Copy)]
pub(crate) enum Entry {
    /// A line is set: its number, its level.
    Line(u8, bool),
    /// A transfer: bits a word, clock mode, whether chip select is released after it, whether it
    /// is sent from memory of vmalloc().
    Transfer(u8, u8, bool, bool),
}

impl Record {
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            inner <- new_mutex!(Inner {
                messages: 0,
                transfers: 0,
                bytes: 0,
                lines: 0,
                own: 0,
                lost: 0,
                log: KVVec::new(),
                read: 0,
                loaded: Instant::now(),
            }),
        })
    }

    /// Lets `f` write into the record; the time that it takes is not a driver's.
    pub(crate) fn write(&self, f: impl FnOnce(&mut MutexGuard<'_, Inner>)) {
        let began = clock();
        let mut inner = self.inner.lock();
        f(&mut inner);
        inner.own += clock().wrapping_sub(began);
    }

    /// The counters, a line each.
    pub(crate) fn counts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner.lock();
        writeln!(f, "messages {}", inner.messages)?;
        writeln!(f, "transfers {}", inner.transfers)?;
        writeln!(f, "bytes {}", inner.bytes)?;
        writeln!(f, "lines {}", inner.lines)?;
        writeln!(f, "own {}", inner.own)?;
        writeln!(f, "lost {}", inner.lost)
    }
}

impl Inner {
    pub(crate) fn message(&mut self) {
        self.messages += 1;
    }

    pub(crate) fn line(&mut self, number: u8, high: bool) {
        self.lines += 1;
        self.log(Entry::Line(number, high), &[]);
    }

    pub(crate) fn transfer(&mut self, entry: Entry, tx: &[u8]) {
        self.transfers += 1;
        self.bytes += tx.len() as u64;
        self.log(entry, tx);
    }

    /// An entry of the log is its time in nanoseconds, the address of its bytes, their number, what
    /// it is, and the bytes; numbers are in the processor's order.
    fn log(&mut self, entry: Entry, bytes: &[u8]) {
        let what = match entry {
            Entry::Line(number, high) => [b'l', number, u8::from(high), 0],
            Entry::Transfer(bits, mode, deselects, scattered) => [
                b't',
                bits,
                mode,
                u8::from(deselects) | u8::from(scattered) << 1,
            ],
        };
        let size = 24 + bytes.len();
        let room = self.log.len() + size <= LIMIT && self.log.reserve(size, GFP_KERNEL).is_ok();
        if !room {
            self.lost += 1;
            return;
        }
        let time = self.loaded.elapsed().as_nanos();
        let address = bytes.as_ptr() as u64;
        // There is room for all of it, so these cannot fail.
        let _ = self.log.extend_from_slice(&time.to_ne_bytes(), GFP_KERNEL);
        let _ = self
            .log
            .extend_from_slice(&address.to_ne_bytes(), GFP_KERNEL);
        let _ = self
            .log
            .extend_from_slice(&(bytes.len() as u32).to_ne_bytes(), GFP_KERNEL);
        let _ = self.log.extend_from_slice(&what, GFP_KERNEL);
        let _ = self.log.extend_from_slice(bytes, GFP_KERNEL);
    }
}

// A reader takes entries out of the log; it is a pipe rather than a file.
impl debugfs::BinaryWriter for Record {
    fn write_to_slice(
        &self,
        writer: &mut UserSliceWriter,
        _offset: &mut file::Offset,
    ) -> Result<usize> {
        let mut inner = self.inner.lock();
        let left = &inner.log[inner.read..];
        let len = left.len().min(writer.len());
        writer.write_slice(&left[..len])?;
        inner.read += len;
        if inner.read == inner.log.len() {
            inner.log.clear();
            inner.read = 0;
        }
        Ok(len)
    }
}

/// The processor's clock: with QEMU's `-icount shift=0` it counts instructions.
#[cfg(target_arch = "x86_64")]
fn clock() -> u64 {
    // SAFETY: Every x86-64 processor has it.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// The kernel's clock, in nanoseconds.
#[cfg(not(target_arch = "x86_64"))]
fn clock() -> u64 {
    // SAFETY: It may be asked anywhere.
    unsafe { kernel::bindings::ktime_get() as u64 }
}
