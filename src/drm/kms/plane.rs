// SPDX-License-Identifier: GPL-2.0

//! Primary planes with a shadow buffer and damage clips.
//!
//! C headers: [`include/drm/drm_plane.h`](srctree/include/drm/drm_plane.h),
//! [`include/drm/drm_gem_atomic_helper.h`](srctree/include/drm/drm_gem_atomic_helper.h),
//! [`include/drm/drm_damage_helper.h`](srctree/include/drm/drm_damage_helper.h)

use super::ModeObjects;
use crate::{
    bindings,
    drm::{
        damage::{Clip, Rect},
        Device,
        Driver,
        Format,
        Framebuffer, //
    },
};
use core::{marker::PhantomData, ptr::NonNull};
use kernel::{error::from_err_ptr, prelude::*, types::Opaque};

/// What a driver does with its primary plane.
pub trait DriverPlane: Sized + 'static {
    /// The driver whose device it belongs to.
    type Driver: Driver;

    /// The formats that it takes, the best first: 8 at most.
    fn formats(data: &<Self::Driver as Driver>::Data) -> &'static [Format];

    /// Shows the new picture, or what of it has changed. May sleep.
    ///
    /// Runs in the commit, after the CRTC was enabled; never for a CRTC that is off.
    fn atomic_update(drm: &Device<Self::Driver>, update: PlaneUpdate<'_>);
}

/// A primary plane, made by [`ModeObjects::primary_plane`].
///
/// # Invariants
///
/// The pointer is a plane of the device that lives for `'a`.
pub struct Plane<'a>(NonNull<bindings::drm_plane>, PhantomData<&'a ()>);

impl Plane<'_> {
    pub(super) fn as_raw(&self) -> *mut bindings::drm_plane {
        self.0.as_ptr()
    }
}

/// One update of a plane: the picture to be shown, and what has changed of it.
pub struct PlaneUpdate<'a> {
    old: &'a Opaque<bindings::drm_plane_state>,
    new: &'a Opaque<bindings::drm_plane_state>,
}

impl<'a> PlaneUpdate<'a> {
    /// The picture; [`None`] where there is none, as the plane is being disabled.
    ///
    /// # Errors
    ///
    /// As for beginning CPU access to a dma-buf: what its exporter answers.
    pub fn framebuffer(&self) -> Option<Result<Framebuffer<'a>>> {
        let new = self.new.get();
        // SAFETY: The state is valid and not changed while it is committed.
        let fb = unsafe { (*new).fb };
        if fb.is_null() {
            return None;
        }
        // SAFETY: The plane has shadow plane states; this one was mapped by `begin_fb_access`, and
        // is unmapped after the commit.
        let map = unsafe { &(*bindings::tinydrm_to_drm_shadow_plane_state(new)).data[0] };
        // SAFETY: The state holds a reference to `fb`, and `map` is its mapping.
        Some(unsafe { Framebuffer::new(fb, map) })
    }

    /// Whether another framebuffer is shown than before, for which somebody may wait; else it is the
    /// content of the same one that has changed.
    pub fn is_flip(&self) -> bool {
        // SAFETY: Both states are valid and not changed while they are committed.
        unsafe { (*self.new.get()).fb != (*self.old.get()).fb }
    }

    /// What has changed, clip by clip; everything after a mode set.
    pub fn damage(&self) -> Damage<'a> {
        let mut iter = bindings::drm_atomic_helper_damage_iter::default();
        // SAFETY: Both states are valid for `'a`, and the new one has been checked.
        unsafe {
            bindings::drm_atomic_helper_damage_iter_init(&mut iter, self.old.get(), self.new.get())
        };
        // SAFETY: as above.
        let (src, dst) = unsafe { ((*self.new.get()).src, (*self.new.get()).dst) };
        Damage {
            iter,
            // 16.16 fixed point; planes here do not scale, and show whole pixels.
            src: (src.x1 >> 16, src.y1 >> 16),
            dst: rect(&dst),
            _states: PhantomData,
        }
    }
}

fn rect(r: &bindings::drm_rect) -> Rect {
    Rect {
        x1: r.x1,
        y1: r.y1,
        x2: r.x2,
        y2: r.y2,
    }
}

/// The clips of an update.
pub struct Damage<'a> {
    iter: bindings::drm_atomic_helper_damage_iter,
    src: (i32, i32),
    dst: Rect,
    _states: PhantomData<&'a ()>,
}

impl Iterator for Damage<'_> {
    type Item = Clip;

    fn next(&mut self) -> Option<Clip> {
        let mut damage = bindings::drm_rect::default();
        // SAFETY: `iter` was initialised from states that are still valid.
        while unsafe { bindings::drm_atomic_helper_damage_iter_next(&mut self.iter, &mut damage) } {
            if let Some(clip) = Clip::new(rect(&damage), self.src, self.dst) {
                return Some(clip);
            }
        }
        None
    }
}

/// The vtables of the plane `P`.
struct Vtable<P: DriverPlane>(P);

impl<P: DriverPlane> Vtable<P> {
    const FUNCS: bindings::drm_plane_funcs = bindings::drm_plane_funcs {
        update_plane: Some(bindings::drm_atomic_helper_update_plane),
        disable_plane: Some(bindings::drm_atomic_helper_disable_plane),
        // DRM_GEM_SHADOW_PLANE_FUNCS
        reset: Some(bindings::drm_gem_reset_shadow_plane),
        atomic_duplicate_state: Some(bindings::drm_gem_duplicate_shadow_plane_state),
        atomic_destroy_state: Some(bindings::drm_gem_destroy_shadow_plane_state),
        ..pin_init::zeroed()
    };

    const HELPER_FUNCS: bindings::drm_plane_helper_funcs = bindings::drm_plane_helper_funcs {
        // DRM_GEM_SHADOW_PLANE_HELPER_FUNCS
        begin_fb_access: Some(bindings::drm_gem_begin_shadow_fb_access),
        end_fb_access: Some(bindings::drm_gem_end_shadow_fb_access),
        atomic_check: Some(Self::atomic_check),
        atomic_update: Some(Self::atomic_update),
        ..pin_init::zeroed()
    };

    extern "C" fn atomic_check(
        plane: *mut bindings::drm_plane,
        commit: *mut bindings::drm_atomic_commit,
    ) -> c_int {
        // SAFETY: DRM calls this with a plane that is part of the commit, and the CRTC of its new
        // state is then part of it too.
        unsafe {
            let new = bindings::tinydrm_drm_atomic_get_new_plane_state(commit, plane);
            let crtc_state = if (*new).crtc.is_null() {
                core::ptr::null_mut()
            } else {
                bindings::tinydrm_drm_atomic_get_new_crtc_state(commit, (*new).crtc)
            };
            bindings::drm_atomic_helper_check_plane_state(
                new, crtc_state, NO_SCALING, NO_SCALING, false, false,
            )
        }
    }

    extern "C" fn atomic_update(
        plane: *mut bindings::drm_plane,
        commit: *mut bindings::drm_atomic_commit,
    ) {
        // SAFETY: DRM calls this with a plane of a device of `P::Driver` that is part of the
        // commit; the device and both states outlive the call.
        let (drm, update) = unsafe {
            (
                Device::<P::Driver>::from_raw((*plane).dev),
                PlaneUpdate {
                    old: &*bindings::tinydrm_drm_atomic_get_old_plane_state(commit, plane).cast(),
                    new: &*bindings::tinydrm_drm_atomic_get_new_plane_state(commit, plane).cast(),
                },
            )
        };
        P::atomic_update(drm, update);
    }
}

/// `DRM_PLANE_NO_SCALING`: a factor of one, as 16.16 fixed point.
const NO_SCALING: c_int = 1 << 16;

impl<'a, T: Driver> ModeObjects<'a, T> {
    /// Makes a primary plane.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn primary_plane<P: DriverPlane<Driver = T>>(&self) -> Result<Plane<'a>> {
        static MODIFIERS: [u64; 2] = [
            bindings::DRM_FORMAT_MOD_LINEAR,
            bindings::DRM_FORMAT_MOD_INVALID,
        ];

        let formats = P::formats(self.drm);
        let mut fourccs = [0; 8];
        for (fourcc, format) in fourccs.iter_mut().zip(formats) {
            *fourcc = format.fourcc();
        }
        // SAFETY: The device is not registered; the formats are copied, the vtables are static; the
        // plane is the whole allocation, and is freed with the device.
        let plane = from_err_ptr(unsafe {
            bindings::__drmm_universal_plane_alloc(
                self.drm.as_raw(),
                size_of::<bindings::drm_plane>(),
                0,
                0, // the CRTC claims its primary plane
                const { &Vtable::<P>::FUNCS },
                fourccs.as_ptr(),
                formats.len().min(fourccs.len()) as u32,
                MODIFIERS.as_ptr(),
                bindings::drm_plane_type_DRM_PLANE_TYPE_PRIMARY,
                core::ptr::null(),
            )
        })?
        .cast::<bindings::drm_plane>();

        // SAFETY: The plane was just made, and nobody uses it yet.
        unsafe {
            (*plane).helper_private = const { &Vtable::<P>::HELPER_FUNCS };
            bindings::drm_plane_enable_fb_damage_clips(plane);
        }

        // INVARIANT: a plane of the device.
        NonNull::new(plane)
            .map(|plane| Plane(plane, PhantomData))
            .ok_or(ENOMEM)
    }
}
