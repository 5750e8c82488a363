// SPDX-License-Identifier: GPL-2.0

//! Primary planes with a shadow buffer and damage clips.
//!
//! C headers: [`include/drm/drm_plane.h`](srctree/include/drm/drm_plane.h),
//! [`include/drm/drm_gem_atomic_helper.h`](srctree/include/drm/drm_gem_atomic_helper.h),
//! [`include/drm/drm_damage_helper.h`](srctree/include/drm/drm_damage_helper.h)

use super::{dirty, ModeObjects};
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

    /// Shows what has changed of the picture that is shown. May sleep.
    ///
    /// Runs with the plane locked, and for a CRTC that is on.
    ///
    /// # Errors
    ///
    /// Any is that of `DRM_IOCTL_MODE_DIRTYFB`.
    fn dirty(drm: &Device<Self::Driver>, update: PlaneUpdate<'_>) -> Result;
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
    /// Instead of what the states say.
    clips: Option<&'a [bindings::drm_clip_rect]>,
}

impl<'a> PlaneUpdate<'a> {
    /// Parts of the picture were drawn, or all of it if there are none.
    ///
    /// # Safety
    ///
    /// `state` must be a shadow plane state that was committed, and stay so for `'a`.
    pub(super) unsafe fn drawn(
        state: *mut bindings::drm_plane_state,
        clips: &'a [bindings::drm_clip_rect],
    ) -> Self {
        // SAFETY: It is valid.
        let state = unsafe { &*state.cast() };
        Self {
            old: state,
            new: state,
            clips: Some(clips),
        }
    }

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
        // SAFETY: The new state is valid for `'a`.
        let (fb, src, dst) = unsafe {
            let new = self.new.get();
            ((*new).fb, (*new).src, (*new).dst)
        };
        let source = match self.clips {
            // SAFETY: Who draws into a framebuffer has one.
            Some([]) => unsafe {
                Source::All(Some(Rect {
                    x1: 0,
                    y1: 0,
                    x2: (*fb).width as i32,
                    y2: (*fb).height as i32,
                }))
            },
            Some(clips) => Source::Clips(clips.iter()),
            None => {
                let mut iter = bindings::drm_atomic_helper_damage_iter::default();
                let (old, new) = (self.old.get(), self.new.get());
                // SAFETY: Both states are valid for `'a`, and the new one has been checked.
                unsafe { bindings::drm_atomic_helper_damage_iter_init(&mut iter, old, new) };
                Source::States(iter)
            }
        };
        Damage {
            source,
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
    source: Source<'a>,
    src: (i32, i32),
    dst: Rect,
    _states: PhantomData<&'a ()>,
}

enum Source<'a> {
    /// Begun with states that are valid.
    States(bindings::drm_atomic_helper_damage_iter),
    Clips(core::slice::Iter<'a, bindings::drm_clip_rect>),
    All(Option<Rect>),
}

impl Iterator for Source<'_> {
    type Item = Rect;

    /// What has changed, in pixels of the framebuffer.
    fn next(&mut self) -> Option<Rect> {
        match self {
            Self::States(iter) => {
                let mut damage = bindings::drm_rect::default();
                // SAFETY: It was begun with states that are valid.
                unsafe { bindings::drm_atomic_helper_damage_iter_next(iter, &mut damage) }
                    .then(|| rect(&damage))
            }
            Self::Clips(clips) => clips.next().map(|clip| Rect {
                x1: clip.x1.into(),
                y1: clip.y1.into(),
                x2: clip.x2.into(),
                y2: clip.y2.into(),
            }),
            Self::All(all) => all.take(),
        }
    }
}

impl Iterator for Damage<'_> {
    type Item = Clip;

    fn next(&mut self) -> Option<Clip> {
        let (src, dst) = (self.src, self.dst);
        self.source.find_map(|damage| Clip::new(damage, src, dst))
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
                    clips: None,
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

        // SAFETY: The plane was just made, and nobody uses it yet, nor the configuration.
        unsafe {
            (*self.drm.as_raw()).mode_config.funcs =
                const { &dirty::Vtable::<P>::MODE_CONFIG_FUNCS };
            (*plane).helper_private = const { &Vtable::<P>::HELPER_FUNCS };
            bindings::drm_plane_enable_fb_damage_clips(plane);
        }

        // INVARIANT: a plane of the device.
        NonNull::new(plane)
            .map(|plane| Plane(plane, PhantomData))
            .ok_or(ENOMEM)
    }
}
