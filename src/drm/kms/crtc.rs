// SPDX-License-Identifier: GPL-2.0

//! CRTCs without vertical blanking: completion events are sent when the commit is done.
//!
//! C header: [`include/drm/drm_crtc.h`](srctree/include/drm/drm_crtc.h)

use super::{DisplayMode, ModeObjects, Plane};
use crate::{
    bindings,
    drm::{Device, Driver}, //
};
use core::{marker::PhantomData, ptr::NonNull};
use kernel::{error::from_err_ptr, prelude::*};

/// What a driver does with its CRTC. All may sleep.
pub trait DriverCrtc: Sized + 'static {
    /// The driver whose device it belongs to.
    type Driver: Driver;

    /// The only mode.
    fn fixed_mode(data: &<Self::Driver as Driver>::Data) -> &DisplayMode;

    /// Whether the hardware can show anything at the moment. Must not touch it.
    ///
    /// # Errors
    ///
    /// A commit that leaves the CRTC on fails with this, but for the one at resume: that is not a
    /// wish, but what was so before the system slept.
    fn atomic_check(drm: &Device<Self::Driver>) -> Result {
        let _ = drm;
        Ok(())
    }

    /// Wakes the hardware. The plane's update follows in the same commit.
    fn atomic_enable(drm: &Device<Self::Driver>);

    /// The commit's planes are updated.
    fn atomic_flush(drm: &Device<Self::Driver>);

    /// Switches the hardware off, if it is there: also at detach, after the device was unplugged.
    fn atomic_disable(drm: &Device<Self::Driver>);
}

/// A CRTC, made by [`ModeObjects::crtc`].
///
/// # Invariants
///
/// The pointer is a CRTC of the device that lives for `'a`.
pub struct Crtc<'a>(NonNull<bindings::drm_crtc>, PhantomData<&'a ()>);

impl Crtc<'_> {
    pub(super) fn as_raw(&self) -> *mut bindings::drm_crtc {
        self.0.as_ptr()
    }
}

/// The vtables of the CRTC `C`.
struct Vtable<C: DriverCrtc>(C);

impl<C: DriverCrtc> Vtable<C> {
    const FUNCS: bindings::drm_crtc_funcs = bindings::drm_crtc_funcs {
        reset: Some(bindings::drm_atomic_helper_crtc_reset),
        set_config: Some(bindings::drm_atomic_helper_set_config),
        page_flip: Some(bindings::drm_atomic_helper_page_flip),
        atomic_duplicate_state: Some(bindings::drm_atomic_helper_crtc_duplicate_state),
        atomic_destroy_state: Some(bindings::drm_atomic_helper_crtc_destroy_state),
        ..pin_init::zeroed()
    };

    const HELPER_FUNCS: bindings::drm_crtc_helper_funcs = bindings::drm_crtc_helper_funcs {
        mode_valid: Some(Self::mode_valid),
        atomic_check: Some(Self::atomic_check),
        atomic_enable: Some(Self::atomic_enable),
        atomic_flush: Some(Self::atomic_flush),
        atomic_disable: Some(Self::atomic_disable),
        ..pin_init::zeroed()
    };

    /// # Safety
    ///
    /// `crtc` must be a CRTC of a device of `C::Driver`, and outlive `'a`.
    unsafe fn device<'a>(crtc: *mut bindings::drm_crtc) -> &'a Device<C::Driver> {
        // SAFETY: by the caller's promise.
        unsafe { Device::from_raw((*crtc).dev) }
    }

    extern "C" fn mode_valid(
        crtc: *mut bindings::drm_crtc,
        mode: *const bindings::drm_display_mode,
    ) -> bindings::drm_mode_status {
        // SAFETY: DRM calls this with a CRTC of ours.
        let drm = unsafe { Self::device(crtc) };
        // SAFETY: All three are valid.
        unsafe {
            bindings::drm_crtc_helper_mode_valid_fixed(crtc, mode, C::fixed_mode(drm).as_raw())
        }
    }

    extern "C" fn atomic_check(
        crtc: *mut bindings::drm_crtc,
        commit: *mut bindings::drm_atomic_commit,
    ) -> c_int {
        // SAFETY: DRM calls this with a CRTC that is part of the commit.
        unsafe {
            let new = bindings::tinydrm_drm_atomic_get_new_crtc_state(commit, crtc);
            if (*new).enable {
                let ret = bindings::drm_atomic_helper_check_crtc_primary_plane(new);
                // First: DRM takes EINVAL, and only that, as a reason to switch off the CRTC of
                // a framebuffer that is removed.
                if ret != 0 {
                    return ret;
                }
            }
            if (*new).active && !(*commit).duplicated() {
                if let Err(e) = C::atomic_check(Self::device(crtc)) {
                    return e.to_errno();
                }
            }
            bindings::drm_atomic_add_affected_planes(commit, crtc)
        }
    }

    extern "C" fn atomic_enable(
        crtc: *mut bindings::drm_crtc,
        _commit: *mut bindings::drm_atomic_commit,
    ) {
        // SAFETY: DRM calls this with a CRTC of ours.
        C::atomic_enable(unsafe { Self::device(crtc) });
    }

    extern "C" fn atomic_flush(
        crtc: *mut bindings::drm_crtc,
        _commit: *mut bindings::drm_atomic_commit,
    ) {
        // SAFETY: DRM calls this with a CRTC of ours.
        C::atomic_flush(unsafe { Self::device(crtc) });
    }

    extern "C" fn atomic_disable(
        crtc: *mut bindings::drm_crtc,
        _commit: *mut bindings::drm_atomic_commit,
    ) {
        // SAFETY: DRM calls this with a CRTC of ours.
        C::atomic_disable(unsafe { Self::device(crtc) });
    }
}

impl<'a, T: Driver> ModeObjects<'a, T> {
    /// Makes a CRTC that shows `primary`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn crtc<C: DriverCrtc<Driver = T>>(&self, primary: &Plane<'a>) -> Result<Crtc<'a>> {
        // SAFETY: The device is not registered; the vtable is static; the plane is one of the same
        // device; the CRTC is the whole allocation, and is freed with the device.
        let crtc = from_err_ptr(unsafe {
            bindings::__drmm_crtc_alloc_with_planes(
                self.drm.as_raw(),
                size_of::<bindings::drm_crtc>(),
                0,
                primary.as_raw(),
                core::ptr::null_mut(),
                const { &Vtable::<C>::FUNCS },
                core::ptr::null(),
            )
        })?
        .cast::<bindings::drm_crtc>();

        // SAFETY: The CRTC was just made, and nobody uses it yet.
        unsafe { (*crtc).helper_private = const { &Vtable::<C>::HELPER_FUNCS } };

        // INVARIANT: a CRTC of the device.
        NonNull::new(crtc)
            .map(|crtc| Crtc(crtc, PhantomData))
            .ok_or(ENOMEM)
    }
}
