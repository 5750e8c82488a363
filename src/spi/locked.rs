// SPDX-License-Identifier: GPL-2.0

//! A bus that one device has for itself, for messages that belong together.
//!
//! C header: [`include/linux/spi/spi.h`](srctree/include/linux/spi/spi.h)

use super::{Buffer, Device};
use crate::bindings;
use core::marker::PhantomData;
use kernel::{device::Bound, error::to_result, prelude::*};

/// The bus of a device, until this is dropped (`spi_bus_lock()`).
///
/// Other devices on it have to wait; so would this one with anything else than what is here.
///
/// # Invariants
///
/// The bus is locked.
pub struct Locked<'a> {
    spi: &'a Device<Bound>,
    /// Who locks a mutex unlocks it.
    _not_send: PhantomData<*const ()>,
}

impl Device<Bound> {
    /// Waits until the bus is free, and keeps it. May sleep.
    #[must_use = "the bus is unlocked when this is dropped"]
    pub fn lock_bus(&self) -> Locked<'_> {
        // SAFETY: The device is bound, hence its controller is valid.
        unsafe { bindings::spi_bus_lock((*self.as_raw()).controller) };
        // INVARIANT: It was just locked.
        Locked {
            spi: self,
            _not_send: PhantomData,
        }
    }
}

impl Locked<'_> {
    /// As [`Device::write`].
    ///
    /// # Errors
    ///
    /// As for [`Device::write`].
    pub fn write(&self, buf: &Buffer, len: usize, bits_per_word: u8, speed_hz: u32) -> Result {
        let mut transfer = buf.transfer(len, bits_per_word, speed_hz)?;
        // SAFETY: The device is bound, hence registered with its controller, whose bus is locked by
        // the type invariant. The transfer and its buffer, which is heap memory of `len` bytes, live
        // until the call returns, and that is when the controller is done with them.
        to_result(unsafe {
            bindings::tinydrm_spi_sync_transfer_locked(self.spi.as_raw(), &mut transfer, 1)
        })
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // SAFETY: The device is bound, hence its controller is valid, and its bus is locked by the
        // type invariant, by this thread.
        unsafe { bindings::spi_bus_unlock((*self.spi.as_raw()).controller) };
    }
}
