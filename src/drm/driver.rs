// SPDX-License-Identifier: GPL-2.0

//! What a driver says of itself.
//!
//! C header: [`include/drm/drm_drv.h`](srctree/include/drm/drm_drv.h)

use super::{client, debugfs, gem, presence::Guard, Device, Presence};
use crate::bindings;
use kernel::prelude::*;

/// Name and version, as userspace sees them (`DRM_IOCTL_VERSION`).
pub struct DriverInfo {
    /// The driver's name.
    pub name: &'static CStr,
    /// What it drives.
    pub desc: &'static CStr,
    /// The major version.
    pub major: i32,
    /// The minor version.
    pub minor: i32,
}

/// The last word to the hardware. See [`Driver::DISCONNECT`].
pub type Disconnect<Hw> = fn(&mut Guard<'_, Hw>);

/// A DRM driver of a display on an SPI bus.
///
/// The module that implements it is the one that an open card, a mapping or a dma-buf keeps from
/// being unloaded.
#[vtable]
pub trait Driver: Sized + 'static {
    /// What DRM callbacks work with. It lives in the allocation of the `drm_device`, so it is there
    /// until the last open file is closed, long after the binding's end.
    type Data: Send + Sync;

    /// The hardware handles, which live in a [`Presence`] and end with the binding.
    type Hw: Send + Unpin + 'static;

    /// Name and version.
    const INFO: DriverInfo;

    /// What to do to the hardware at the very end, beyond what
    /// [`DriverCrtc::atomic_disable`](super::kms::DriverCrtc::atomic_disable) does, if anything. May
    /// sleep.
    ///
    /// Called once, at detach, reboot, power-off and kexec: after the display is off, before the
    /// hardware is given back, and only where the hardware is still there. What can be known of that
    /// is known by then; a wire that dies in here is as at any other time the guard's business.
    /// [`Guard::switch_off`] is what to use, since the device is leaving.
    const DISCONNECT: Option<Disconnect<Self::Hw>> = None;

    /// Where in the data the [`Presence`] is.
    fn presence(data: &Self::Data) -> &Presence<Self::Hw>;

    /// Adds files to the device's directory in debugfs, when it is registered.
    fn debugfs_init(directory: &debugfs::Directory<'_, Self>) {
        let _ = directory;
    }

    /// What was asked for by [`Device::queue_work`]. May sleep, and is waited for at detach, after the
    /// hardware is gone.
    fn work(drm: &Device<Self>) {
        let _ = drm;
    }
}

/// The `struct drm_driver` of `T`.
pub(super) struct Vtable<T: Driver>(T);

impl<T: Driver> Vtable<T> {
    const FOPS: bindings::file_operations =
        gem::create_fops(kernel::module::this_module::<T::OwnerModule>().as_ptr());

    pub(super) const DRIVER: bindings::drm_driver = {
        let mut driver: bindings::drm_driver = pin_init::zeroed();
        driver.name = kernel::str::as_char_ptr_in_const_context(T::INFO.name).cast_mut();
        driver.desc = kernel::str::as_char_ptr_in_const_context(T::INFO.desc).cast_mut();
        driver.major = T::INFO.major;
        driver.minor = T::INFO.minor;
        driver.driver_features = bindings::drm_driver_feature_DRIVER_GEM
            | bindings::drm_driver_feature_DRIVER_MODESET
            | bindings::drm_driver_feature_DRIVER_ATOMIC;
        driver.fops = &Self::FOPS;
        driver.debugfs_init = Some(debugfs::init::<T>);
        driver = gem::with_shmem_ops(driver);
        client::with_fbdev_ops(driver)
    };
}
