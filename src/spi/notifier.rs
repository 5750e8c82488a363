// SPDX-License-Identifier: GPL-2.0

//! The bus notifier: how a driver learns that its device goes, not only its binding.
//!
//! `BUS_NOTIFY_DEL_DEVICE` is sent by `device_del()` before the driver is detached, and is not
//! sent when the driver is unbound through sysfs or its module is removed. That is the difference
//! that a devres action cannot see.
//!
//! C header: [`include/linux/device/bus.h`](srctree/include/linux/device/bus.h)

use super::Device;
use crate::bindings;
use core::mem::offset_of;
use kernel::{
    device::Bound,
    error::to_result,
    prelude::*,
    sync::aref::ARef,
    types::Opaque, //
};

/// Calls a function when an SPI device is about to be deleted, until it is dropped.
///
/// The function runs in the context of `device_del()`, may sleep, and must not register or drop a
/// notifier. It may run at any time until the drop returns.
///
/// # Invariants
///
/// `nb` is registered with the SPI bus.
#[repr(C)]
#[pin_data(PinnedDrop)]
pub struct DeletionNotifier<F: Fn() + Send + Sync + 'static> {
    #[pin]
    nb: Opaque<bindings::notifier_block>,
    spi: ARef<Device>,
    deleted: F,
}

impl<F: Fn() + Send + Sync + 'static> DeletionNotifier<F> {
    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// What `bus_register_notifier()` answers.
    pub fn new(spi: &Device<Bound>, deleted: F) -> impl PinInit<Self, Error> + use<'_, F> {
        try_pin_init!(Self {
            spi: spi.get(),
            deleted,
            nb <- Opaque::try_ffi_init(|nb: *mut bindings::notifier_block| {
                // SAFETY: `nb` is valid for writes. The other fields are initialised before it, so
                // the callback finds them. It stays pinned until the drop unregisters it.
                to_result(unsafe {
                    nb.write(bindings::notifier_block {
                        notifier_call: Some(Self::callback),
                        ..Default::default()
                    });
                    bindings::bus_register_notifier(&raw const bindings::spi_bus_type, nb)
                })
            }),
        })
    }

    extern "C" fn callback(
        nb: *mut bindings::notifier_block,
        action: c_ulong,
        dev: *mut c_void,
    ) -> c_int {
        if action == bindings::bus_notifier_event_BUS_NOTIFY_DEL_DEVICE as c_ulong {
            // SAFETY: `nb` is the field of a `Self` that is valid as long as it is registered.
            let this = unsafe { &*nb.byte_sub(offset_of!(Self, nb)).cast::<Self>() };
            let ours: &kernel::device::Device = (*this.spi).as_ref();
            if dev == crate::device::as_raw(ours).cast() {
                (this.deleted)();
            }
        }
        0 // NOTIFY_DONE
    }
}

#[pinned_drop]
impl<F: Fn() + Send + Sync + 'static> PinnedDrop for DeletionNotifier<F> {
    fn drop(self: Pin<&mut Self>) {
        // SAFETY: By the type invariant it is registered. The call waits for callbacks to end.
        unsafe {
            bindings::bus_unregister_notifier(&raw const bindings::spi_bus_type, self.nb.get())
        };
    }
}

// SAFETY: The notifier block is only touched by the notifier chain, which locks; the rest is Send.
unsafe impl<F: Fn() + Send + Sync + 'static> Send for DeletionNotifier<F> {}
