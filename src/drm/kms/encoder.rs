// SPDX-License-Identifier: GPL-2.0

//! Encoders that do nothing: the panel's controller is CRTC and encoder in one.
//!
//! C header: [`include/drm/drm_encoder.h`](srctree/include/drm/drm_encoder.h)

use super::{Crtc, ModeObjects};
use crate::{bindings, drm::Driver};
use core::{marker::PhantomData, ptr::NonNull};
use kernel::{error::from_err_ptr, prelude::*};

/// An encoder, made by [`ModeObjects::encoder`].
///
/// # Invariants
///
/// The pointer is an encoder of the device that lives for `'a`.
pub struct Encoder<'a>(NonNull<bindings::drm_encoder>, PhantomData<&'a ()>);

impl Encoder<'_> {
    pub(super) fn as_raw(&self) -> *mut bindings::drm_encoder {
        self.0.as_ptr()
    }
}

impl<'a, T: Driver> ModeObjects<'a, T> {
    /// Makes an encoder (`DRM_MODE_ENCODER_NONE`) fed by `crtc`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn encoder(&self, crtc: &Crtc<'a>) -> Result<Encoder<'a>> {
        // SAFETY: The device is not registered; the encoder is the whole allocation, and is freed
        // with the device.
        let encoder = from_err_ptr(unsafe {
            bindings::__drmm_encoder_alloc(
                self.drm.as_raw(),
                size_of::<bindings::drm_encoder>(),
                0,
                core::ptr::null(),
                bindings::DRM_MODE_ENCODER_NONE as c_int,
                core::ptr::null(),
            )
        })?
        .cast::<bindings::drm_encoder>();

        // SAFETY: Both are valid, and nobody uses them yet. There are less than 32 CRTCs.
        unsafe { (*encoder).possible_crtcs = 1 << (*crtc.as_raw()).index };

        // INVARIANT: an encoder of the device.
        NonNull::new(encoder)
            .map(|encoder| Encoder(encoder, PhantomData))
            .ok_or(ENOMEM)
    }
}
