// SPDX-License-Identifier: GPL-2.0

//! What no crate offers in safe Rust: memory shared with the kernel, memory that is late,
//! and ioctls that read and write where they are told to.

#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use drm::control::atomic::AtomicModeReq;
use drm::control::{AtomicCommitFlags, Device, crtc, framebuffer, property};
use drm_ffi::{
    drm_mode_atomic, drm_mode_closefb, drm_mode_create_blob, drm_mode_crtc,
    drm_mode_crtc_page_flip, drm_mode_fb_dirty_cmd,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::ioctl::{IntegerSetter, Opcode, Updater, ioctl, opcode};
use rustix::mm::{self, Advice, MapFlags, ProtFlags, UserfaultfdFlags};

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

/// Bytes of which the last ones are late: whoever reads those, be it the kernel for an
/// ioctl, sleeps until they arrive. When this is dropped, without them, that ends with a
/// fault.
///
/// # Invariants
///
/// Two pages are mapped from `pages` on until this is dropped; nobody has a reference into
/// them. The second is `handler`'s.
pub struct Late {
    pages: *mut u8,
    handler: OwnedFd,
    now: usize,
    late: Box<[u8; PAGE]>,
}

impl Late {
    /// Makes bytes of which `now` are there and the `late` ones, which follow, are not.
    pub fn new(now: &[u8], late: &[u8]) -> io::Result<Self> {
        assert!(now.len() <= PAGE && late.len() <= PAGE);
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: A new place is asked for, which nothing else uses.
        let pages = unsafe {
            mm::mmap_anonymous(ptr::null_mut(), 2 * PAGE, protection, MapFlags::PRIVATE)?
        };
        let flags = UserfaultfdFlags::CLOEXEC | UserfaultfdFlags::NONBLOCK;
        // SAFETY: What it will handle is a page of ours.
        let handler = unsafe { mm::userfaultfd(flags) }.inspect_err(|_| {
            // SAFETY: It has just been mapped, and nobody knows it.
            let _ = unsafe { mm::munmap(pages, 2 * PAGE) };
        })?;
        let mut page = Box::new([0; PAGE]);
        page[..late.len()].copy_from_slice(late);
        // INVARIANT: They are mapped, and from below on the second is that of `handler`.
        let memory = Self {
            pages: pages.cast(),
            handler,
            now: now.len(),
            late: page,
        };
        // SAFETY: It is the end of the first page, which is there.
        unsafe {
            let end = memory.pages.add(PAGE);
            ptr::copy_nonoverlapping(now.as_ptr(), end.sub(now.len()), now.len());
        }
        memory.api()?;
        memory.register()?;
        Ok(memory)
    }

    /// Where the bytes begin.
    pub fn address(&self) -> u64 {
        self.second() - self.now as u64
    }

    /// Whether somebody sleeps for those that are late, within a time.
    pub fn awaited(&self, limit: Duration) -> io::Result<bool> {
        let limit = Timespec::try_from(limit).map_err(io::Error::other)?;
        let mut fds = [PollFd::new(&self.handler, PollFlags::IN)];
        Ok(poll(&mut fds, Some(&limit))? > 0)
    }

    /// Lets them arrive.
    pub fn arrive(&self) -> io::Result<()> {
        const UFFDIO_COPY: Opcode = opcode::read_write::<[u64; 5]>(0xaa, 0x03);
        let source = self.late.as_ptr().expose_provenance() as u64;
        // Where to, from where, how much, how, and how much was copied.
        let mut copy = [self.second(), source, PAGE as u64, 0, 0];
        // SAFETY: By the type invariant it is a page of ours that nobody has a reference into.
        unsafe { ioctl(&self.handler, Updater::<UFFDIO_COPY, _>::new(&mut copy))? };
        Ok(())
    }

    fn second(&self) -> u64 {
        (self.pages.expose_provenance() + PAGE) as u64
    }

    /// Tells the handler how we speak.
    fn api(&self) -> io::Result<()> {
        const UFFDIO_API: Opcode = opcode::read_write::<[u64; 3]>(0xaa, 0x3f);
        // The version; the features wanted; the ioctls, which are told.
        let mut api = [0xaa_u64, 0, 0];
        // SAFETY: It is of plain numbers.
        unsafe { ioctl(&self.handler, Updater::<UFFDIO_API, _>::new(&mut api))? };
        Ok(())
    }

    /// Has it handle the second page.
    fn register(&self) -> io::Result<()> {
        const UFFDIO_REGISTER: Opcode = opcode::read_write::<[u64; 4]>(0xaa, 0x00);
        const MISSING: u64 = 1;
        // The page, its length; what is to be handled; the ioctls, which are told.
        let mut register = [self.second(), PAGE as u64, MISSING, 0];
        // SAFETY: By the type invariant it is a page of ours.
        unsafe {
            ioctl(
                &self.handler,
                Updater::<UFFDIO_REGISTER, _>::new(&mut register),
            )?
        };
        Ok(())
    }
}

impl Drop for Late {
    fn drop(&mut self) {
        // SAFETY: By the type invariant they are mapped, and nobody has a reference into them.
        let _ = unsafe { mm::munmap(self.pages.cast(), 2 * PAGE) };
    }
}

/// An atomic commit; it must not ask for a fence.
pub fn commit(card: impl AsFd, mut arguments: drm_mode_atomic) -> io::Result<()> {
    const OPCODE: Opcode = opcode::read_write::<drm_mode_atomic>(b'd', 0xbc);
    // SAFETY: The kernel only reads where this points to, and finds out if it cannot.
    unsafe { ioctl(card, Updater::<OPCODE, _>::new(&mut arguments))? };
    Ok(())
}

/// Tells what has changed in a framebuffer.
pub fn dirty(card: impl AsFd, mut arguments: drm_mode_fb_dirty_cmd) -> io::Result<()> {
    const OPCODE: Opcode = opcode::read_write::<drm_mode_fb_dirty_cmd>(b'd', 0xb1);
    // SAFETY: The kernel only reads where this points to, and finds out if it cannot.
    unsafe { ioctl(card, Updater::<OPCODE, _>::new(&mut arguments))? };
    Ok(())
}

/// Sets a CRTC.
pub fn set_crtc(card: impl AsFd, mut arguments: drm_mode_crtc) -> io::Result<()> {
    const OPCODE: Opcode = opcode::read_write::<drm_mode_crtc>(b'd', 0xa2);
    // SAFETY: The kernel only reads where this points to, and finds out if it cannot.
    unsafe { ioctl(card, Updater::<OPCODE, _>::new(&mut arguments))? };
    Ok(())
}

/// Makes a blob.
pub fn create_blob(card: impl AsFd, mut arguments: drm_mode_create_blob) -> io::Result<()> {
    const OPCODE: Opcode = opcode::read_write::<drm_mode_create_blob>(b'd', 0xbd);
    // SAFETY: The kernel only reads where this points to, and finds out if it cannot.
    unsafe { ioctl(card, Updater::<OPCODE, _>::new(&mut arguments))? };
    Ok(())
}

/// Flips as the [`drm_mode_crtc_page_flip`] says that is at `arguments`.
pub fn page_flip(card: impl AsFd, arguments: u64) -> io::Result<()> {
    const OPCODE: Opcode = opcode::read_write::<drm_mode_crtc_page_flip>(b'd', 0xb0);
    // SAFETY: The kernel writes back only what it has read there: nothing changes.
    unsafe { ioctl(card, IntegerSetter::<OPCODE>::new_usize(arguments as usize))? };
    Ok(())
}

/// Lets go of a framebuffer, which may be shown on.
pub fn close_framebuffer(card: impl AsFd, framebuffer: framebuffer::Handle) -> io::Result<()> {
    const OPCODE: Opcode = opcode::read_write::<drm_mode_closefb>(b'd', 0xd0);
    let mut arguments = drm_mode_closefb {
        fb_id: framebuffer.into(),
        pad: 0,
    };
    // SAFETY: It is of plain numbers.
    unsafe { ioctl(card, Updater::<OPCODE, _>::new(&mut arguments))? };
    Ok(())
}

/// The processor's clock: with QEMU's `-icount shift=0` it counts instructions.
#[cfg(target_arch = "x86_64")]
pub fn clock() -> u64 {
    // SAFETY: Every x86-64 processor has it.
    unsafe { std::arch::x86_64::_rdtsc() }
}

/// The kernel's clock, in nanoseconds.
#[cfg(not(target_arch = "x86_64"))]
pub fn clock() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
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
