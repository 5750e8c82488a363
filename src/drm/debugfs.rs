// SPDX-License-Identifier: GPL-2.0

//! Files of a device in debugfs: `/sys/kernel/debug/dri/<device>/`.
//!
//! `kernel::debugfs` makes directories of its own, and cannot be given that of a DRM device.
//!
//! C headers: [`include/drm/drm_debugfs.h`](srctree/include/drm/drm_debugfs.h),
//! [`include/linux/debugfs.h`](srctree/include/linux/debugfs.h)

use super::{Device, Driver};
use crate::bindings;
use core::marker::PhantomData;
use kernel::{
    error::from_result,
    prelude::*,
    seq_file::SeqFile,
    uaccess::{UserPtr, UserSlice}, //
};

/// A file in the directory of a device of `T`.
///
/// It is there while the device is registered. That ends only when nobody is in one of these
/// functions any more; who has the file open then gets `EIO`, and keeps the module from being
/// unloaded, but not the device.
pub trait File<T: Driver>: Sized + 'static {
    /// Its name.
    const NAME: &'static CStr;

    /// The most bytes that can be written to it at once. 0: none at all.
    const WRITE_MAX: usize = 0;

    /// Prints what is to be read. May sleep. May be called again with more room.
    ///
    /// # Errors
    ///
    /// Any is that of `read(2)`.
    fn show(drm: &Device<T>, out: &SeqFile) -> Result;

    /// Takes what was written. May sleep.
    ///
    /// # Errors
    ///
    /// Any is that of `write(2)`.
    fn write(drm: &Device<T>, written: &[u8]) -> Result {
        let _ = (drm, written);
        Err(EINVAL)
    }
}

/// The directory of a device that is being registered.
///
/// # Invariants
///
/// `root` is a directory that is removed before the device is freed, or what debugfs has instead of
/// one.
pub struct Directory<'a, T: Driver> {
    drm: &'a Device<T>,
    root: *mut bindings::dentry,
}

impl<T: Driver> Directory<'_, T> {
    /// The device.
    pub fn device(&self) -> &Device<T> {
        self.drm
    }

    /// Adds a file with these permissions. That it cannot be is no error, as ever in debugfs.
    pub fn add<F: File<T>>(&self, permissions: u16) {
        // SAFETY: By the type invariant the file ends before the device, which is its data. The
        // vtable is static, and is in the module that it names as its owner.
        unsafe {
            bindings::debugfs_create_file_full(
                F::NAME.as_char_ptr(),
                permissions,
                self.root,
                self.drm.as_raw().cast(),
                core::ptr::null(),
                const { &Vtable::<T, F>::FOPS },
            )
        };
    }
}

/// `drm_driver.debugfs_init`.
pub(super) extern "C" fn init<T: Driver>(minor: *mut bindings::drm_minor) {
    // SAFETY: DRM calls this with a minor of a device of `T` that is being registered. Its directory
    // is removed when it is unregistered.
    unsafe {
        // INVARIANT: as above.
        T::debugfs_init(&Directory {
            drm: Device::<T>::from_raw((*minor).dev),
            root: (*minor).debugfs_root,
        });
    }
}

struct Vtable<T, F>(PhantomData<(T, F)>);

impl<T: Driver, F: File<T>> Vtable<T, F> {
    const FOPS: bindings::file_operations = bindings::file_operations {
        owner: kernel::module::this_module::<T::OwnerModule>().as_ptr(),
        open: Some(Self::open),
        read: Some(bindings::seq_read),
        write: Some(Self::write),
        llseek: Some(bindings::seq_lseek),
        release: Some(bindings::single_release),
        ..pin_init::zeroed()
    };

    extern "C" fn open(inode: *mut bindings::inode, file: *mut bindings::file) -> c_int {
        // SAFETY: debugfs calls this with valid arguments; the inode's data is what `add` gave.
        unsafe { bindings::single_open(file, Some(Self::show), (*inode).i_private) }
    }

    extern "C" fn show(seq: *mut bindings::seq_file, _: *mut c_void) -> c_int {
        // SAFETY: `open` gave it a device of `T`. debugfs does not call into a file that is removed,
        // and waits for who is in here before it is.
        let drm = unsafe { Device::<T>::from_raw((*seq).private.cast()) };
        // SAFETY: The file is ours alone for the call.
        let out = unsafe { SeqFile::from_raw(seq) };
        from_result(|| F::show(drm, out).map(|()| 0))
    }

    extern "C" fn write(
        file: *mut bindings::file,
        from: *const c_char,
        len: usize,
        _: *mut bindings::loff_t,
    ) -> isize {
        // SAFETY: `open` has made this file one of a single record, with a device of `T`, which is
        // there as for `show`.
        let drm = unsafe {
            let seq = (*file).private_data.cast::<bindings::seq_file>();
            Device::<T>::from_raw((*seq).private.cast())
        };
        let write = || -> Result {
            if len > F::WRITE_MAX {
                return Err(E2BIG);
            }
            let mut written = KVec::new();
            UserSlice::new(UserPtr::from_ptr(from.cast_mut().cast()), len)
                .read_all(&mut written, GFP_KERNEL)?;
            F::write(drm, &written)
        };
        match write() {
            // What is that small is positive.
            Ok(()) => len as isize,
            Err(e) => e.to_errno() as isize,
        }
    }
}
