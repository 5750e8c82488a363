// SPDX-License-Identifier: GPL-2.0

//! The news that a device is leaving: a flag to be looked at, and the end of a wait.

use crate::{completion::Completion, lock::class_name};
use kernel::{
    prelude::*,
    static_lock_class,
    sync::{Arc, SpinLock},
    time::{delay::fsleep, Delta}, //
};

#[pin_data]
pub(super) struct Leaving {
    #[pin]
    done: Completion,
    /// What is waited for meanwhile, by the one who has the hardware.
    #[pin]
    awaited: SpinLock<Option<Arc<Completion>>>,
}

impl Leaving {
    /// Not leaving.
    pub(super) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            done <- Completion::new(),
            awaited <- SpinLock::new(None, class_name!(c"Leaving::awaited"), static_lock_class!()),
        })
    }

    /// From now on leaving; whoever sleeps is woken. Does not sleep, may be called again.
    pub(super) fn set(&self) {
        self.done.complete_all();
        if let Some(awaited) = &*self.awaited.lock() {
            awaited.complete();
        }
    }

    /// Whether it is so. Does not sleep.
    pub(super) fn is_set(&self) -> bool {
        self.done.is_done()
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
        if self.done.wait(time)? {
            return Err(ECANCELED);
        }
        Ok(())
    }

    /// Waits for `event`, for `limit` at least, unless it is so already or becomes so. Whether it has
    /// come. Only one at a time may wait so.
    ///
    /// # Errors
    ///
    /// `ECANCELED` then.
    pub(super) fn wait(&self, event: &Arc<Completion>, limit: Delta) -> Result<bool> {
        *self.awaited.lock() = Some(event.clone());
        // Whoever sets it from here on completes the event.
        let has_come = if self.is_set() {
            Ok(false)
        } else {
            event.wait(limit)
        };
        // Dropped without the lock.
        let awaited = self.awaited.lock().take();
        drop(awaited);
        if self.is_set() {
            return Err(ECANCELED);
        }
        has_come
    }
}
