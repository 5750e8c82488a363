// SPDX-License-Identifier: GPL-2.0

//! What `kernel::device` does not offer yet: probe errors, and properties that are checked.
//!
//! C headers: [`include/linux/dev_printk.h`](srctree/include/linux/dev_printk.h),
//! [`include/linux/property.h`](srctree/include/linux/property.h)

use crate::bindings;
use kernel::{
    device::Device,
    error::Error,
    fmt,
    prelude::*,
    str::CStrExt, //
};

/// The raw `struct device`, which the kernel crate keeps to itself.
pub(crate) fn as_raw(dev: &Device) -> *mut bindings::device {
    // CAST: `Device` is a transparent wrapper of an `Opaque<struct device>`.
    core::ptr::from_ref(dev).cast_mut().cast()
}

/// Logs why a probe failed and returns `err`, for `return Err(dev_err_probe(...))`.
///
/// For `EPROBE_DEFER` nothing is logged but the reason is kept for
/// `/sys/kernel/debug/devices_deferred`. May be called in any context.
///
/// # Examples
///
/// ```ignore
/// let degrees = 45;
/// return Err(dev_err_probe(dev, EINVAL, fmt!("rotation = {degrees}: not a quarter turn\n")));
/// ```
#[cold]
pub fn dev_err_probe(dev: &Device, err: Error, msg: fmt::Arguments<'_>) -> Error {
    // SAFETY: `dev` is a valid device, and "%pA" takes a pointer to `fmt::Arguments`, which lives
    // until the call returns.
    unsafe {
        bindings::dev_err_probe(
            as_raw(dev),
            err.to_errno(),
            c"%pA".as_char_ptr(),
            core::ptr::from_ref(&msg).cast::<c_void>(),
        )
    };
    err
}

/// Reads the optional property `name` of one 32-bit cell.
///
/// `Ok(None)` means that there is none.
///
/// # Errors
///
/// What the firmware node said, logged with the property's name, when the property is there but is
/// not a number: `EINVAL`, `EILSEQ`, `EOVERFLOW`, `EPROTO` or `ENODATA`.
pub fn property_u32(dev: &Device, name: &CStr) -> Result<Option<u32>> {
    let Some(node) = dev.fwnode() else {
        return Ok(None);
    };
    if !node.property_present(name) {
        return Ok(None);
    }
    let mut value = 0;
    // SAFETY: `dev` is valid, `name` is NUL-terminated and `value` has room for the one cell.
    let ret = unsafe {
        bindings::device_property_read_u32_array(as_raw(dev), name.as_char_ptr(), &mut value, 1)
    };
    match kernel::error::to_result(ret) {
        Ok(()) => Ok(Some(value)),
        Err(e) => Err(dev_err_probe(
            dev,
            e,
            fmt!("{name}: the property is not a 32-bit number\n"),
        )),
    }
}
