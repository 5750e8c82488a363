// SPDX-License-Identifier: GPL-2.0

//! The news that a device is leaving: a flag to be looked at, and the end of a sleep.
//!
//! C header: [`include/linux/completion.h`](srctree/include/linux/completion.h)

use crate::bindings;
use kernel::{
    prelude::*,
    time::{delay::fsleep, Delta},
    types::Opaque, //
};

/// A completion that can be waited for with a time limit, which `kernel::sync::Completion` cannot.
///
/// # Invariants
///
/// `done` is an initialised completion.
#[pin_data]
pub(super) struct Leaving {
    #[pin]
    done: Opaque<bindings::completion>,
}

impl Leaving {
    /// Not leaving.
    pub(super) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            done <- Opaque::ffi_init(|slot: *mut bindings::completion| {
                // SAFETY: `slot` is valid for writes, and stays where it is.
                unsafe { bindings::init_completion(slot) };
            }),
        })
    }

    /// From now on leaving; whoever sleeps is woken. Does not sleep, may be called again.
    pub(super) fn set(&self) {
        // SAFETY: By the type invariant this is an initialised completion.
        unsafe { bindings::complete_all(self.done.get()) };
    }

    /// Whether it is so. Does not sleep.
    pub(super) fn is_set(&self) -> bool {
        // SAFETY: as above.
        unsafe { bindings::completion_done(self.done.get()) }
    }

    /// Sleeps for at least `time`, unless it is so already or becomes so.
    ///
    /// # Errors
    ///
    /// `ECANCELED` then.
    pub(super) fn sleep(&self, time: Delta) -> Result {
        /// Shorter ones are not worth to be woken from: a jiffy is up to 10 ms.
        const WORTHWHILE: Delta = Delta::from_millis(20);

        if time < WORTHWHILE {
            fsleep(time);
            return Ok(());
        }
        // One jiffy for rounding down, one for the one that has begun.
        let ns = u64::try_from(time.as_nanos())?;
        // SAFETY: Takes a number.
        let jiffies = unsafe { bindings::nsecs_to_jiffies(ns) } + 2;
        // SAFETY: By the type invariant this is an initialised completion.
        match unsafe { bindings::wait_for_completion_timeout(self.done.get(), jiffies) } {
            0 => Ok(()),
            _ => Err(ECANCELED),
        }
    }
}

// SAFETY: Completions may be used from any thread.
unsafe impl Send for Leaving {}

// SAFETY: as above, at the same time.
unsafe impl Sync for Leaving {}
