// SPDX-License-Identifier: GPL-2.0

//! Backlights.
//!
//! C header: [`include/linux/backlight.h`](srctree/include/linux/backlight.h)

use crate::{bindings, device::as_raw, gpio};
use core::ptr::NonNull;
use kernel::{
    device::{Bound, Device},
    devres,
    error::{from_err_ptr, to_result},
    prelude::*,
    str::CStrExt,
    sync::aref::{ARef, AlwaysRefCounted},
    types::Opaque, //
};

/// A backlight device (`struct backlight_device`).
///
/// # Invariants
///
/// An instance is a valid `struct backlight_device` with a reference count of its `dev`.
#[repr(transparent)]
pub struct Backlight(Opaque<bindings::backlight_device>);

impl Backlight {
    /// Finds the backlight that the device's property `backlight` names; `Ok(None)` without one.
    ///
    /// May sleep.
    ///
    /// # Errors
    ///
    /// `EPROBE_DEFER` as long as the backlight named is not there.
    pub fn find(dev: &Device<Bound>) -> Result<Option<ARef<Self>>> {
        // SAFETY: `dev` is bound. devres keeps a reference of its own, until after detach.
        let ptr = from_err_ptr(unsafe { bindings::devm_of_find_backlight(as_raw(dev)) })?;
        let Some(ptr) = NonNull::new(ptr.cast::<Self>()) else {
            return Ok(None);
        };
        // SAFETY: `ptr` is a valid backlight device, as devres has a reference to it.
        Ok(Some(unsafe { ptr.as_ref() }.into()))
    }

    /// Switches the light on at the brightness that is set.
    ///
    /// May sleep. Must not be called with the hardware guard of a panel held: the backlight may be
    /// one that the panel itself drives.
    ///
    /// # Errors
    ///
    /// What the backlight's driver answers.
    pub fn enable(&self) -> Result {
        // SAFETY: By the type invariant this is a valid backlight device.
        to_result(unsafe { bindings::tinydrm_backlight_enable(self.0.get()) })
    }

    /// Switches the light off. As for [`Backlight::enable`].
    pub fn disable(&self) -> Result {
        // SAFETY: By the type invariant this is a valid backlight device.
        to_result(unsafe { bindings::tinydrm_backlight_disable(self.0.get()) })
    }
}

// SAFETY: A backlight device is reference-counted by its `struct device`.
unsafe impl AlwaysRefCounted for Backlight {
    fn inc_ref(&self) {
        // SAFETY: `self` exists, so its reference count is not zero.
        unsafe { bindings::get_device(&raw mut (*self.0.get()).dev) };
    }

    unsafe fn dec_ref(obj: NonNull<Self>) {
        // SAFETY: The caller gives up a reference.
        unsafe { bindings::put_device(&raw mut (*(*obj.as_ptr()).0.get()).dev) };
    }
}

// SAFETY: The backlight core locks; the last reference may be put by any thread.
unsafe impl Send for Backlight {}

// SAFETY: as above.
unsafe impl Sync for Backlight {}

/// The backlight of a panel: the one that its property `backlight` names, else one of our own on
/// its line `led-gpios` (fbtft's name for it), else none.
///
/// # Errors
///
/// As for [`Backlight::find`], [`gpio::Desc::get_optional`] and [`register_gpio`].
pub fn of_device(dev: &Device<Bound>) -> Result<Option<ARef<Backlight>>> {
    if let Some(found) = Backlight::find(dev)? {
        return Ok(Some(found));
    }
    match gpio::Desc::get_optional(dev, c"led", gpio::Output::Inactive)? {
        Some(led) => register_gpio(dev, led).map(Some),
        None => Ok(None),
    }
}

/// Registers a backlight that is a switch, in `/sys/class/backlight/<device>`: brightness 0 or 1,
/// off until it is enabled. It is unregistered at detach. May sleep.
///
/// # Errors
///
/// `ENOMEM`, or `EEXIST` when the device has one already.
pub fn register_gpio(dev: &Device<Bound>, led: gpio::Desc) -> Result<ARef<Backlight>> {
    const OPS: bindings::backlight_ops = bindings::backlight_ops {
        update_status: Some(update_gpio),
        ..pin_init::zeroed()
    };

    extern "C" fn update_gpio(bl: *mut bindings::backlight_device) -> c_int {
        // SAFETY: `bl` is valid, and its data is the line registered below, which devres frees
        // after it has unregistered the backlight.
        let (on, led) = unsafe {
            (
                bindings::tinydrm_backlight_get_brightness(bl) != 0,
                &*bindings::tinydrm_bl_get_data(bl).cast::<gpio::Desc>(),
            )
        };
        kernel::error::from_result(|| led.set_value(on).map(|()| 0))
    }

    let led = KBox::new(led, GFP_KERNEL)?;
    let data: *const gpio::Desc = &*led;
    devres::register(dev, led, GFP_KERNEL)?;

    let properties = bindings::backlight_properties {
        type_: bindings::backlight_type_BACKLIGHT_RAW,
        max_brightness: 1,
        brightness: 1,
        power: bindings::BACKLIGHT_POWER_OFF as c_int,
        ..Default::default()
    };
    // SAFETY: `dev` is bound; `data` is valid until after devres unregistered the backlight, as it
    // was registered before; the operations are static, and the properties are copied.
    let bl = from_err_ptr(unsafe {
        bindings::devm_backlight_device_register(
            as_raw(dev),
            dev.name().as_char_ptr(),
            as_raw(dev),
            data.cast_mut().cast(),
            const { &OPS },
            &properties,
        )
    })?;
    let bl = NonNull::new(bl.cast::<Backlight>()).ok_or(ENOMEM)?;
    // SAFETY: `bl` is a valid backlight device, as devres has it registered.
    Ok(unsafe { bl.as_ref() }.into())
}
