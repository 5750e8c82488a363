// SPDX-License-Identifier: GPL-2.0

//! In-kernel clients: the fbdev emulation, and with it the console.
//!
//! C headers: [`include/drm/clients/drm_client_setup.h`](srctree/include/drm/clients/drm_client_setup.h),
//! [`include/drm/drm_fbdev_shmem.h`](srctree/include/drm/drm_fbdev_shmem.h)

use super::{Device, Driver, Format};
use crate::bindings;

/// `DRM_FBDEV_SHMEM_DRIVER_OPS`.
pub(super) const fn with_fbdev_ops(mut driver: bindings::drm_driver) -> bindings::drm_driver {
    #[cfg(CONFIG_DRM_FBDEV_EMULATION)]
    {
        driver.fbdev_probe = Some(bindings::drm_fbdev_shmem_driver_fbdev_probe);
    }
    driver
}

/// Starts the clients that the kernel is configured for, with framebuffers of this `format`. They end
/// with the registration.
pub(super) fn setup<T: Driver>(drm: &Device<T>, format: Format) {
    // SAFETY: The device is registered.
    unsafe { bindings::drm_client_setup_with_fourcc(drm.as_raw(), format.fourcc()) };
}
