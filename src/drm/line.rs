// SPDX-License-Identifier: GPL-2.0

//! A line of a framebuffer, to be read 64 bits at a time.
//!
//! Userspace may write to a framebuffer while it is read. Relaxed atomics are what that is to Rust;
//! to the CPU they are loads like any other.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

use core::sync::atomic::{AtomicU16, AtomicU32, AtomicU64};

/// Consecutive pixels, each a `P`, in the little-endian order of `DRM_FORMAT_*`.
pub struct Line<'a, P> {
    /// What is before the first 64-bit boundary.
    pub head: &'a [P],
    /// Some pixels each, the first one in the low bits.
    pub body: &'a [AtomicU64],
    /// What is left.
    pub tail: &'a [P],
}

/// A line of whatever format.
pub enum Pixels<'a> {
    /// `DRM_FORMAT_XRGB8888`.
    Xrgb8888(Line<'a, AtomicU32>),
    /// `DRM_FORMAT_RGB565`.
    Rgb565(Line<'a, AtomicU16>),
}
