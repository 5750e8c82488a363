// SPDX-License-Identifier: GPL-2.0

//! Buffers: GEM objects in shared memory.
//!
//! Their pages belong to a file of the kernel's, not to the device, so that mappings stay usable
//! after the device is gone (buffers from the DMA helper give SIGBUS then).
//!
//! C headers: [`include/drm/drm_gem_shmem_helper.h`](srctree/include/drm/drm_gem_shmem_helper.h),
//! [`include/drm/drm_gem.h`](srctree/include/drm/drm_gem.h)

use crate::bindings;
use kernel::prelude::*;
#[cfg(CONFIG_TRANSPARENT_HUGEPAGE)]
use kernel::{
    error::{from_err_ptr, to_result},
    str::CStrExt, //
};

/// `DEFINE_DRM_GEM_FOPS`, for a module.
pub(super) const fn create_fops(owner: *mut bindings::module) -> bindings::file_operations {
    let mut fops: bindings::file_operations = pin_init::zeroed();

    fops.owner = owner;
    fops.open = Some(bindings::drm_open);
    fops.release = Some(bindings::drm_release);
    fops.unlocked_ioctl = Some(bindings::drm_ioctl);
    #[cfg(CONFIG_COMPAT)]
    {
        fops.compat_ioctl = Some(bindings::drm_compat_ioctl);
    }
    fops.poll = Some(bindings::drm_poll);
    fops.read = Some(bindings::drm_read);
    fops.llseek = Some(bindings::noop_llseek);
    fops.mmap = Some(bindings::drm_gem_mmap);
    fops.fop_flags = bindings::FOP_UNSIGNED_OFFSET;

    fops
}

/// `DRM_GEM_SHMEM_DRIVER_OPS`.
pub(super) const fn with_shmem_ops(mut driver: bindings::drm_driver) -> bindings::drm_driver {
    driver.gem_prime_import = Some(bindings::drm_gem_shmem_prime_import_no_map);
    driver.dumb_create = Some(bindings::drm_gem_shmem_dumb_create);
    driver
}

/// Has the pages of buffer objects allocated several at a time (`drm_gem_huge_mnt_create()`), where the
/// kernel has transparent huge pages: what follows each other in memory is one piece to a controller's
/// DMA. To be called before the first buffer object is made. May sleep.
///
/// # Errors
///
/// `ENOMEM`.
///
/// # Safety
///
/// `drm` must be an initialised device that nobody else uses yet.
#[cfg(CONFIG_TRANSPARENT_HUGEPAGE)]
pub(super) unsafe fn prefer_large_folios(drm: *mut bindings::drm_device) -> Result {
    // SAFETY: `drm` is initialised, by the caller's promise; the string is static.
    to_result(unsafe { bindings::drm_gem_huge_mnt_create(drm, c"within_size".as_char_ptr()) })
        // It does not look at this one itself.
        //
        // SAFETY: as above.
        .and_then(|()| from_err_ptr(unsafe { (*drm).huge_mnt }))
        // What they call ENOPARAM and ENOSPC is want of memory, too.
        .map_err(|_| ENOMEM)?;
    Ok(())
}

/// Does nothing, as the kernel has no transparent huge pages.
///
/// # Errors
///
/// None.
///
/// # Safety
///
/// No requirements.
#[cfg(not(CONFIG_TRANSPARENT_HUGEPAGE))]
pub(super) unsafe fn prefer_large_folios(_drm: *mut bindings::drm_device) -> Result {
    Ok(())
}
