// SPDX-License-Identifier: GPL-2.0

//! Mode setting: one plane, one CRTC, one encoder, one connector, through the atomic helpers.
//!
//! The objects are allocated with the DRM device and freed with it (`drmm_*`). A driver gives each
//! a type that implements its trait, and never sees a pointer or a vtable.
//!
//! C header: [`include/drm/drm_mode_config.h`](srctree/include/drm/drm_mode_config.h)

mod connector;
mod crtc;
mod dirty;
mod encoder;
mod mode;
mod plane;

pub use self::{
    connector::{Connector, Detect, Detection, DriverConnector, Status},
    crtc::{Crtc, DriverCrtc},
    encoder::Encoder,
    mode::{DisplayMode, Mode},
    plane::{DriverPlane, Plane, PlaneUpdate}, //
};

use super::{Device, Driver};
use crate::bindings;
use kernel::{error::to_result, prelude::*};

/// The limits of framebuffers, in pixels, and what clients should choose.
pub struct ModeConfigInfo {
    /// The smallest width and height.
    pub min: (u32, u32),
    /// The largest width and height.
    pub max: (u32, u32),
    /// The colour depth that suits the hardware, in bits.
    pub preferred_depth: u32,
}

/// The largest framebuffer, in either direction, of a plane with a shadow buffer
/// (`DRM_SHADOW_PLANE_MAX_WIDTH`).
pub const SHADOW_PLANE_MAX: u32 = 4096;

/// The mode objects of a device that is being configured: where they are made.
pub struct ModeObjects<'a, T: Driver> {
    drm: &'a Device<T>,
}

// The CRTC is enabled before its plane is updated: pixels are for a panel that is awake.
const HELPER_FUNCS: bindings::drm_mode_config_helper_funcs =
    bindings::drm_mode_config_helper_funcs {
        atomic_commit_tail: Some(bindings::drm_atomic_helper_commit_tail_rpm),
        ..pin_init::zeroed()
    };

impl<'a, T: Driver> ModeObjects<'a, T> {
    /// Initialises the mode configuration (`drmm_mode_config_init`).
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(super) fn new(drm: &'a Device<T>, info: &ModeConfigInfo) -> Result<Self> {
        // SAFETY: The device is initialised and not registered.
        to_result(unsafe { bindings::drmm_mode_config_init(drm.as_raw()) })?;

        // SAFETY: The device is not registered yet, so nobody else looks at the configuration.
        let config = unsafe { &mut (*drm.as_raw()).mode_config };
        config.helper_private = &HELPER_FUNCS;
        config.min_width = info.min.0;
        config.min_height = info.min.1;
        config.max_width = info.max.0;
        config.max_height = info.max.1;
        config.preferred_depth = info.preferred_depth;
        Ok(Self { drm })
    }

    /// The device that they belong to.
    pub fn device(&self) -> &'a Device<T> {
        self.drm
    }
}
