// SPDX-License-Identifier: GPL-2.0

//! Completions that can be waited for with a time limit, and used again, which
//! `kernel::sync::Completion` cannot.
//!
//! C header: [`include/linux/completion.h`](srctree/include/linux/completion.h)

use crate::bindings;
use kernel::{prelude::*, time::Delta, types::Opaque};

/// Something that will have happened.
///
/// # Invariants
///
/// `inner` is an initialised completion.
#[pin_data]
pub struct Completion {
    #[pin]
    inner: Opaque<bindings::completion>,
}

impl Completion {
    /// It has not happened.
    pub fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            inner <- Opaque::ffi_init(|slot: *mut bindings::completion| {
                // SAFETY: `slot` is valid for writes, and stays where it is.
                unsafe { bindings::init_completion(slot) };
            }),
        })
    }

    /// It has: wakes one who waits, or the next one who would. Does not sleep, may be called in any
    /// context.
    pub fn complete(&self) {
        // SAFETY: By the type invariant this is an initialised completion.
        unsafe { bindings::complete(self.inner.get()) };
    }

    /// It has, once and for all. As [`Completion::complete`].
    pub fn complete_all(&self) {
        // SAFETY: as above.
        unsafe { bindings::complete_all(self.inner.get()) };
    }

    /// Whether it has, and nobody has waited for it since. Does not sleep.
    pub fn is_done(&self) -> bool {
        // SAFETY: as above.
        unsafe { bindings::completion_done(self.inner.get()) }
    }

    /// Forgets each [`Completion::complete`] that nobody has waited for. Does not sleep.
    pub fn forget(&self) {
        // SAFETY: as above. It takes away what is there, and does not wait for more.
        while unsafe { bindings::try_wait_for_completion(self.inner.get()) } {}
    }

    /// Waits until it has happened, for `limit` at least. Whether it has. Sleeps.
    ///
    /// # Errors
    ///
    /// `EOVERFLOW` for a negative limit.
    pub fn wait(&self, limit: Delta) -> Result<bool> {
        let ns = u64::try_from(limit.as_nanos())?;
        // One jiffy for rounding down, one for the one that has begun.
        // SAFETY: Takes a number.
        let jiffies = unsafe { bindings::nsecs_to_jiffies(ns) } + 2;
        // SAFETY: By the type invariant this is an initialised completion.
        Ok(unsafe { bindings::wait_for_completion_timeout(self.inner.get(), jiffies) } != 0)
    }
}

// SAFETY: Completions may be used from any thread.
unsafe impl Send for Completion {}

// SAFETY: as above, at the same time.
unsafe impl Sync for Completion {}
