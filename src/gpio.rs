// SPDX-License-Identifier: GPL-2.0

//! GPIO consumers.
//!
//! C header: [`include/linux/gpio/consumer.h`](srctree/include/linux/gpio/consumer.h)

pub mod pulses;

use crate::{
    bindings,
    device::{as_raw, dev_err_probe}, //
};
use core::ptr::NonNull;
use kernel::{
    device::{Bound, Device},
    error::{from_err_ptr, to_result},
    prelude::*,
    str::CStrExt, //
};

/// The state in which an output is taken over, as a *logical* level (`gpiod_flags`).
#[derive(Clone, Copy)]
pub enum Output {
    /// Inactive (`GPIOD_OUT_LOW`).
    Inactive,
    /// Active (`GPIOD_OUT_HIGH`).
    Active,
}

impl Output {
    fn flags(self) -> bindings::gpiod_flags {
        match self {
            Output::Inactive => bindings::gpiod_flags_GPIOD_OUT_LOW,
            Output::Active => bindings::gpiod_flags_GPIOD_OUT_HIGH,
        }
    }
}

/// A line that this driver owns, an output, given back when it is dropped.
///
/// It outlives its provider safely: gpiolib answers `ENODEV` once the chip is gone.
///
/// # Invariants
///
/// The pointer is a descriptor from `gpiod_get()` that was not put yet.
pub struct Desc(NonNull<bindings::gpio_desc>);

impl Desc {
    /// Takes the line `con_id` (the property `<con_id>-gpios`), which the device must have.
    ///
    /// May sleep.
    ///
    /// # Errors
    ///
    /// Logged with the line's name: `ENOENT` when there is no such line, `EPROBE_DEFER` when its
    /// provider is not there yet, `EBUSY` when somebody else has it.
    pub fn get(dev: &Device<Bound>, con_id: &CStr, state: Output) -> Result<Self> {
        // SAFETY: `dev` is bound, `con_id` is NUL-terminated.
        let ptr = unsafe { bindings::gpiod_get(as_raw(dev), con_id.as_char_ptr(), state.flags()) };
        let ptr = from_err_ptr(ptr).map_err(|e| {
            let hint = if e == ENOENT { " (it is required)" } else { "" };
            dev_err_probe(dev, e, fmt!("Failed to get GPIO '{con_id}'{hint}\n"))
        })?;
        // INVARIANT: `gpiod_get()` returns a descriptor or an error pointer.
        NonNull::new(ptr).map(Self).ok_or(ENODEV)
    }

    /// As [`Desc::get`], but `Ok(None)` where the device has no such line.
    pub fn get_optional(dev: &Device<Bound>, con_id: &CStr, state: Output) -> Result<Option<Self>> {
        Self::get_optional_as(dev, con_id, state.flags())
    }

    fn get_optional_as(
        dev: &Device<Bound>,
        con_id: &CStr,
        flags: bindings::gpiod_flags,
    ) -> Result<Option<Self>> {
        // SAFETY: `dev` is bound, `con_id` is NUL-terminated.
        let ptr = unsafe { bindings::gpiod_get_optional(as_raw(dev), con_id.as_char_ptr(), flags) };
        let ptr = from_err_ptr(ptr)
            .map_err(|e| dev_err_probe(dev, e, fmt!("Failed to get GPIO '{con_id}'\n")))?;
        // INVARIANT: not NULL, not an error pointer: a descriptor.
        Ok(NonNull::new(ptr).map(Self))
    }

    /// Sets the *logical* level: `true` is active, whatever the polarity of the line.
    ///
    /// May sleep.
    ///
    /// # Errors
    ///
    /// `ENODEV` when the chip is gone, else what its driver answers (`EIO`, ...).
    pub fn set_value(&self, active: bool) -> Result {
        // SAFETY: By the type invariant this is a valid descriptor.
        to_result(unsafe { bindings::gpiod_set_value_cansleep(self.0.as_ptr(), active.into()) })
    }
}

/// Whether the device has a line `con_id`, and be it one that nobody provides yet.
///
/// May sleep.
pub fn is_given(dev: &Device<Bound>, con_id: &CStr) -> bool {
    // SAFETY: `dev` is bound, `con_id` is NUL-terminated.
    unsafe { bindings::gpiod_count(as_raw(dev), con_id.as_char_ptr()) > 0 }
}

impl Drop for Desc {
    fn drop(&mut self) {
        // SAFETY: By the type invariant the descriptor is ours to put, and this is the only place.
        unsafe { bindings::gpiod_put(self.0.as_ptr()) };
    }
}

// SAFETY: gpiolib does its own locking; a descriptor may be used and put from any thread.
unsafe impl Send for Desc {}

// SAFETY: as above.
unsafe impl Sync for Desc {}
