// SPDX-License-Identifier: GPL-2.0

//! Framebuffers, and what a client tells that it has drawn into one.
//!
//! `drm_atomic_helper_dirtyfb()` makes a commit of it: a new state of plane and CRTC, only to say
//! which pixels have changed of the picture that is shown. For a few pixels that costs more than to
//! send them. So where the state is what it will be, the pixels are taken over under the plane's lock.
//! Whatever is not so simple is left to DRM's helper.
//!
//! C headers: [`include/drm/drm_framebuffer.h`](srctree/include/drm/drm_framebuffer.h),
//! [`include/drm/drm_damage_helper.h`](srctree/include/drm/drm_damage_helper.h)

use super::plane::{DriverPlane, PlaneUpdate};
use crate::{
    bindings,
    drm::Device, //
};
use core::ptr::NonNull;
use kernel::{
    error::{from_result, to_result},
    prelude::*, //
};

/// The vtables for devices with a plane `P`.
pub(super) struct Vtable<P: DriverPlane>(P);

impl<P: DriverPlane> Vtable<P> {
    pub(super) const MODE_CONFIG_FUNCS: bindings::drm_mode_config_funcs =
        bindings::drm_mode_config_funcs {
            fb_create: Some(Self::fb_create),
            atomic_check: Some(bindings::drm_atomic_helper_check),
            atomic_commit: Some(bindings::drm_atomic_helper_commit),
            ..pin_init::zeroed()
        };

    const FB_FUNCS: bindings::drm_framebuffer_funcs = bindings::drm_framebuffer_funcs {
        destroy: Some(bindings::drm_gem_fb_destroy),
        create_handle: Some(bindings::drm_gem_fb_create_handle),
        dirty: Some(Self::dirty),
    };

    /// `drm_gem_fb_create_with_dirty()`, with a `dirty` of our own.
    extern "C" fn fb_create(
        drm: *mut bindings::drm_device,
        file: *mut bindings::drm_file,
        info: *const bindings::drm_format_info,
        cmd: *const bindings::drm_mode_fb_cmd2,
    ) -> *mut bindings::drm_framebuffer {
        // SAFETY: DRM calls this with valid arguments; the functions are static.
        unsafe {
            bindings::drm_gem_fb_create_with_funcs(drm, file, info, cmd, const { &Self::FB_FUNCS })
        }
    }

    extern "C" fn dirty(
        fb: *mut bindings::drm_framebuffer,
        file: *mut bindings::drm_file,
        flags: c_uint,
        color: c_uint,
        clips: *mut bindings::drm_clip_rect,
        num_clips: c_uint,
    ) -> c_int {
        let clips_at = NonNull::new(clips);
        // SAFETY: DRM calls this with a framebuffer of a device with this plane, and so many clips.
        let drawn = unsafe {
            let clips = clips_at.map_or(&[][..], |clips| {
                core::slice::from_raw_parts(clips.as_ptr(), num_clips as usize)
            });
            Self::draw(fb, flags, clips)
        };
        let ret = match drawn {
            Some(result) => from_result(|| result.map(|()| 0)),
            // SAFETY: These are the arguments that DRM calls with.
            None => unsafe {
                bindings::drm_atomic_helper_dirtyfb(fb, file, flags, color, clips, num_clips)
            },
        };
        // The fbdev emulation, which has no file, takes an error as a bug worth a warning, and has
        // nobody to tell it to: a panel that is lost is not that.
        if file.is_null() && ret == EIO.to_errno() {
            return 0;
        }
        ret
    }

    /// Takes over what has been drawn, if that is simple: all of it where there are no clips.
    ///
    /// # Safety
    ///
    /// `fb` must be a valid framebuffer of a device with this plane.
    unsafe fn draw(
        fb: *mut bindings::drm_framebuffer,
        flags: c_uint,
        clips: &[bindings::drm_clip_rect],
    ) -> Option<Result> {
        // Copies inside the framebuffer come with two clips each; clips that are not inside are an
        // error.
        // SAFETY: The framebuffer is valid, and its size never changes.
        let (width, height) = unsafe { ((*fb).width, (*fb).height) };
        let is_inside = |clip: &bindings::drm_clip_rect| {
            (clip.x1 < clip.x2 && u32::from(clip.x2) <= width)
                && (clip.y1 < clip.y2 && u32::from(clip.y2) <= height)
        };
        if flags != 0 || !clips.iter().all(is_inside) {
            return None;
        }
        // SAFETY: The framebuffer is valid, so its device is; that one has one plane.
        let (drm, plane) = unsafe {
            let drm = (*fb).dev;
            (
                Device::<P::Driver>::from_raw(drm),
                NonNull::new(bindings::drm_plane_from_index(drm, 0))?,
            )
        };
        // SAFETY: The plane lives as long as the device does.
        let plane = match unsafe { LockedPlane::new(plane) } {
            Ok(plane) => plane,
            Err(e) => return Some(Err(e)),
        };
        let state = plane.state()?;
        // SAFETY: The state does not change while the lock is held.
        let is_shown = unsafe { (*state).fb == fb && !(*state).crtc.is_null() && (*state).visible };
        if !is_shown {
            return Some(Ok(()));
        }
        // SAFETY: The framebuffer is valid, and has one buffer object at least; the state holds a
        // reference to the commit that it came with.
        unsafe {
            let (commit, object) = ((*state).commit, (*fb).obj[0]);
            let is_committed =
                commit.is_null() || bindings::completion_done(&raw mut (*commit).hw_done);
            // Somebody else may be about to draw into it.
            let is_idle = (*object).import_attach.is_null()
                && bindings::dma_resv_test_signaled(
                    (*object).resv,
                    bindings::dma_resv_usage_DMA_RESV_USAGE_WRITE,
                );
            if !is_committed || !is_idle {
                return None;
            }
        }
        // SAFETY: Mapping begins before a state is committed; drm_atomic_helper_commit_planes() ends
        // that of the state before, hence that of this one with the next commit, which needs the lock.
        Some(P::dirty(drm, unsafe { PlaneUpdate::drawn(state, clips) }))
    }
}

/// A plane that nobody else changes.
///
/// # Invariants
///
/// The plane is valid, and its lock is held.
struct LockedPlane(NonNull<bindings::drm_plane>);

impl LockedPlane {
    /// Waits for the plane's lock.
    ///
    /// # Errors
    ///
    /// `ERESTARTSYS` when a signal comes first.
    ///
    /// # Safety
    ///
    /// The plane must be valid for as long as the result is there.
    unsafe fn new(plane: NonNull<bindings::drm_plane>) -> Result<Self> {
        // SAFETY: The plane is valid.
        to_result(unsafe {
            bindings::drm_modeset_lock_single_interruptible(&raw mut (*plane.as_ptr()).mutex)
        })?;
        // INVARIANT: It is held.
        Ok(Self(plane))
    }

    /// Its state.
    fn state(&self) -> Option<*mut bindings::drm_plane_state> {
        // SAFETY: By the type invariant nobody changes it.
        let state = unsafe { (*self.0.as_ptr()).state };
        (!state.is_null()).then_some(state)
    }
}

impl Drop for LockedPlane {
    fn drop(&mut self) {
        // SAFETY: By the type invariant the lock is held.
        unsafe { bindings::drm_modeset_unlock(&raw mut (*self.0.as_ptr()).mutex) };
    }
}
