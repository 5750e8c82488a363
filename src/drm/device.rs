// SPDX-License-Identifier: GPL-2.0

//! The DRM device, with the driver's data in its allocation.
//!
//! C header: [`include/drm/drm_device.h`](srctree/include/drm/drm_device.h)

use super::{driver::Vtable, gem, Driver};
use crate::{bindings, lock::class_name, spi};
use core::{
    alloc::Layout,
    mem::{offset_of, MaybeUninit},
    ops::Deref,
    ptr::NonNull, //
};
use kernel::{
    alloc::allocator::Kmalloc,
    device::Bound,
    error::{from_err_ptr, to_result},
    prelude::*,
    sync::aref::{ARef, AlwaysRefCounted},
    types::Opaque, //
};

/// A DRM device (`struct drm_device`) of a [`Driver`], which dereferences to the driver's data.
///
/// # Invariants
///
/// `dev` is an initialised `struct drm_device` in an allocation that has the layout of `Self`; `work`
/// and `data` are initialised.
#[repr(C)]
pub struct Device<T: Driver> {
    dev: Opaque<bindings::drm_device>,
    work: Opaque<bindings::work_struct>,
    data: MaybeUninit<T::Data>,
}

impl<T: Driver> Device<T> {
    /// Allocates a device and initialises its data in place. Its first reference is put by devres,
    /// at detach (`devm_drm_dev_alloc`).
    pub(super) fn devm_new(
        spi: &spi::Device<Bound>,
        data: impl PinInit<T::Data, Error>,
    ) -> Result<ARef<Self>> {
        let layout = Kmalloc::aligned_layout(Layout::new::<Self>());
        let parent: &kernel::device::Device = spi.as_ref();

        // SAFETY: `parent` is bound; the driver is static; `drm_device` is at `offset_of!(dev)` of
        // the allocation, the size of which is that of `Self`, padded so that it is aligned.
        let this = unsafe {
            bindings::__devm_drm_dev_alloc(
                crate::device::as_raw(parent),
                const { &Vtable::<T>::DRIVER },
                layout.size(),
                offset_of!(Self, dev),
            )
        };
        let this = NonNull::new(from_err_ptr(this.cast::<Self>())?).ok_or(ENOMEM)?;

        // SAFETY: The device is initialised, and not shared yet.
        unsafe { gem::prefer_large_folios(Opaque::cast_into(&raw const (*this.as_ptr()).dev))? };

        // It is disabled until there is somebody who will disable it again.
        //
        // SAFETY: `work` is valid for writes, never moves, and nobody has queued it; `run_work` may be
        // called with it between `enable_work` and the end of `disable_work`.
        unsafe {
            bindings::init_work_with_key(
                Opaque::cast_into(&raw const (*this.as_ptr()).work),
                Some(Self::run_work),
                false,
                class_name!(c"Device::work").as_char_ptr(),
                kernel::static_lock_class!().as_ptr(),
            );
            bindings::disable_work(Opaque::cast_into(&raw const (*this.as_ptr()).work));
        };

        // SAFETY: `this` is valid for writes; `data` is neither initialised nor shared yet, and
        // never moves. On failure it stays uninitialised, and nobody drops it: devres puts the
        // device, and the action that drops the data is not there.
        unsafe {
            pin_init::raw_try_init((&raw mut (*this.as_ptr()).data).cast::<T::Data>(), data)?
        };

        // The data is dropped when the device is released. Registered before the mode objects are
        // made, so run after they are destroyed: their callbacks find it.
        //
        // SAFETY: The device is initialised; `drop_data` gets the pointer that it wants, and is
        // called once, at once if this fails.
        to_result(unsafe {
            bindings::__drmm_add_action_or_reset(
                Opaque::cast_into(&raw const (*this.as_ptr()).dev),
                Some(Self::drop_data),
                this.as_ptr().cast(),
                c"tinydrm_drop_data".as_char_ptr(),
            )
        })?;

        // SAFETY: `this` is initialised by now, and devres holds a reference.
        Ok(unsafe { this.as_ref() }.into())
    }

    extern "C" fn drop_data(_dev: *mut bindings::drm_device, this: *mut c_void) {
        // SAFETY: `this` is the pointer that `devm_new` registered. The device has no user any
        // more, and this is called once.
        unsafe { (*this.cast::<Self>()).data.assume_init_drop() };
    }

    /// Has [`Driver::work`] called, outside of whatever this is called in, and before what is less
    /// urgent than hardware that waits. Does not sleep.
    ///
    /// Once for however many calls there are before it begins; but not before the device has its
    /// hardware, and not any more when the binding is over.
    pub fn queue_work(&self) {
        // SAFETY: The work is initialised; the workqueue is there for ever. Work that is disabled is
        // not queued, and it is whenever the device may go: see `enable_work`.
        unsafe {
            bindings::queue_work_on(
                bindings::wq_misc_consts_WORK_CPU_UNBOUND as c_int,
                bindings::system_highpri_wq,
                self.work.get(),
            )
        };
    }

    /// From now on work can be queued. Does not sleep.
    ///
    /// # Safety
    ///
    /// [`Device::disable_work`] must be called before the last reference is put.
    pub(super) unsafe fn enable_work(&self) {
        // SAFETY: The work is initialised, and disabled since.
        unsafe { bindings::enable_work(self.work.get()) };
    }

    /// Waits for the work that is running. None will run after this. May sleep.
    pub(super) fn disable_work(&self) {
        // SAFETY: The work is initialised.
        unsafe { bindings::disable_work_sync(self.work.get()) };
    }

    extern "C" fn run_work(work: *mut bindings::work_struct) {
        // SAFETY: `work` is that of a `Self`, which is there as long as this may run.
        T::work(unsafe { &*work.byte_sub(offset_of!(Self, work)).cast::<Self>() });
    }

    pub(crate) fn as_raw(&self) -> *mut bindings::drm_device {
        self.dev.get()
    }

    /// Has the connectors polled now, not at the next turn, where they are polled at all: the way
    /// of `drm_helper_probe_single_connector_modes()`. Sleeps until whoever uses the hardware has
    /// left.
    pub(crate) fn poll_soon(&self) {
        // devres takes the hardware out before it ends polling, and waits for guards.
        let Some(_hw) = T::presence(self).visit().filter(|hw| !hw.is_leaving()) else {
            return;
        };
        // SAFETY: The device is valid.
        let config = unsafe { &raw mut (*self.as_raw()).mode_config };
        // SAFETY: The work is initialised where polling is enabled, and is not cancelled for good
        // before the guard is dropped; the workqueue is there for ever.
        unsafe {
            // Neither before polling is enabled nor while the system sleeps.
            if (*config).poll_running {
                bindings::mod_delayed_work_on(
                    bindings::wq_misc_consts_WORK_CPU_UNBOUND as c_int,
                    bindings::system_percpu_wq,
                    &raw mut (*config).output_poll_work,
                    0,
                );
            }
        }
    }

    /// The driver's view of a `struct drm_device`.
    ///
    /// # Safety
    ///
    /// `dev` must be a device of `T` that is valid for `'a`.
    pub(super) unsafe fn from_raw<'a>(dev: *const bindings::drm_device) -> &'a Self {
        // SAFETY: By the caller's promise `dev` is the field of a `Self`.
        unsafe { &*dev.byte_sub(offset_of!(Self, dev)).cast::<Self>() }
    }
}

impl<T: Driver> Deref for Device<T> {
    type Target = T::Data;

    fn deref(&self) -> &T::Data {
        // SAFETY: By the type invariant the data is initialised.
        unsafe { self.data.assume_init_ref() }
    }
}

impl<T: Driver> AsRef<kernel::device::Device> for Device<T> {
    fn as_ref(&self) -> &kernel::device::Device {
        // SAFETY: The parent is set for life, and the DRM device holds a reference to it.
        unsafe { kernel::device::Device::from_raw((*self.as_raw()).dev) }
    }
}

// SAFETY: DRM devices are reference-counted.
unsafe impl<T: Driver> AlwaysRefCounted for Device<T> {
    fn inc_ref(&self) {
        // SAFETY: `self` exists, so its reference count is not zero.
        unsafe { bindings::drm_dev_get(self.as_raw()) };
    }

    unsafe fn dec_ref(obj: NonNull<Self>) {
        // SAFETY: The caller gives up a reference.
        unsafe { bindings::drm_dev_put((*obj.as_ptr()).dev.get()) };
    }
}

// SAFETY: The last reference may be put by any thread, and the data is `Send`.
unsafe impl<T: Driver> Send for Device<T> {}

// SAFETY: DRM does its own locking, and the data is `Sync`.
unsafe impl<T: Driver> Sync for Device<T> {}
