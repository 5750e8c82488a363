// SPDX-License-Identifier: GPL-2.0

//! What no crate offers in safe Rust: memory shared with the kernel, and ioctls that
//! write where they are told to.

#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};

use drm::control::atomic::AtomicModeReq;
use drm::control::{AtomicCommitFlags, Device, crtc, property};
use rustix::ioctl::{IntegerSetter, Opcode, Updater, ioctl};
use rustix::mm::{self, Advice, MapFlags, ProtFlags};

/// The size of a page, which is what a fault brings in.
pub const PAGE: usize = 4096;

/// A shared mapping of a device's memory, which others may change at any time.
///
/// # Invariants
///
/// `length` bytes are mapped from `start` on, readable and writable, until this is dropped.
pub struct Mapping {
    start: *mut u8,
    length: usize,
}

impl Mapping {
    /// Maps a part of a file.
    pub fn new(file: impl AsFd, offset: u64, length: usize) -> io::Result<Self> {
        // SAFETY: A new place is asked for, which nothing else uses.
        let start = unsafe {
            mm::mmap(
                ptr::null_mut(),
                length,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::SHARED,
                file,
                offset,
            )?
        };
        Ok(Self {
            start: start.cast(),
            length,
        })
    }

    /// Where its pages begin.
    pub fn pages(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.length).step_by(PAGE)
    }

    /// The byte at `at`. A page that cannot be had any more ends the process by SIGBUS.
    pub fn read(&self, at: usize) -> u8 {
        assert!(at < self.length);
        // SAFETY: By the type invariant it is mapped; volatile, as the kernel may write to it.
        unsafe { self.start.add(at).read_volatile() }
    }

    /// Changes the byte at `at`.
    pub fn write(&self, at: usize, value: u8) {
        assert!(at < self.length);
        // SAFETY: By the type invariant it is mapped; nobody has a reference into it.
        unsafe { self.start.add(at).write_volatile(value) }
    }

    /// Forgets where the pages are: the next access of each is a fault again.
    pub fn forget(&self) -> io::Result<()> {
        // SAFETY: By the type invariant it is mapped; shared pages keep what they hold.
        unsafe { mm::madvise(self.start.cast(), self.length, Advice::LinuxDontNeed)? };
        Ok(())
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: By the type invariant it is mapped, and nobody has a reference into it.
        let _ = unsafe { mm::munmap(self.start.cast(), self.length) };
    }
}

/// `struct fb_var_screeninfo` and `struct fb_fix_screeninfo`, with room to spare.
pub type FbInfo = [u64; 24];

/// An ioctl of a frame buffer device that reads or writes one of its descriptions.
pub fn fb_info<const OPCODE: Opcode>(file: &File, info: &mut FbInfo) -> io::Result<()> {
    const { assert!(OPCODE & !0xff == 0x4600) };
    // SAFETY: The descriptions are of plain numbers, and `info` has room for either.
    unsafe { ioctl(file, Updater::<OPCODE, FbInfo>::new(info))? };
    Ok(())
}

/// `FBIOBLANK`: turns the frame buffer's screen on (0) or off.
pub fn fb_blank(file: &File, level: usize) -> io::Result<()> {
    const FBIOBLANK: Opcode = 0x4611;
    // SAFETY: The argument is a number.
    unsafe { ioctl(file, IntegerSetter::<FBIOBLANK>::new_usize(level))? };
    Ok(())
}

/// An atomic commit that asks for a fence: that of the `crtc`'s property `out_fence`, which
/// is signalled when the commit is done.
pub fn commit_with_fence(
    card: &impl Device,
    flags: AtomicCommitFlags,
    mut request: AtomicModeReq,
    crtc: crtc::Handle,
    out_fence: property::Handle,
) -> io::Result<OwnedFd> {
    let fence = AtomicI32::new(-1);
    let place = fence.as_ptr().expose_provenance() as u64;
    request.add_raw_property(crtc.into(), out_fence, place);
    card.atomic_commit(flags, request)?;
    match fence.load(Ordering::Relaxed) {
        // SAFETY: The kernel has opened it for us, and nobody else knows it.
        fd if fd >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        _ => Err(io::Error::other("a commit without its fence")),
    }
}
