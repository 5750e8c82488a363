// SPDX-License-Identifier: GPL-2.0

//! Connectors of panels, which are connected as long as the panel is there.
//!
//! C header: [`include/drm/drm_connector.h`](srctree/include/drm/drm_connector.h)

use super::{DisplayMode, Encoder, ModeObjects};
use crate::{
    bindings,
    drm::{Device, Driver}, //
};
use core::{marker::PhantomData, ptr::NonNull};
use kernel::{error::to_result, prelude::*};

/// Looks whether the panel of a device of `T` is there. See [`DriverConnector::DETECT`].
pub type Detect<T> = fn(&Device<T>, &Detection<'_>) -> Result<Status>;

/// What a driver says of its connector.
pub trait DriverConnector: Sized + 'static {
    /// The driver whose device it belongs to.
    type Driver: Driver;

    /// Looks whether the panel is there; without it the panel always is. May sleep.
    ///
    /// Called every 10 s where the device is polled, and whenever userspace asks. A change is told to
    /// userspace and to the in-kernel clients by DRM.
    ///
    /// # Errors
    ///
    /// What [`Detection::restore`] returns. The panel counts as disconnected then.
    const DETECT: Option<Detect<Self::Driver>> = None;

    /// The only mode.
    fn fixed_mode(data: &<Self::Driver as Driver>::Data) -> &DisplayMode;
}

/// What is known of a panel (`enum drm_connector_status`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is there.
    Connected,
    /// It is not.
    Disconnected,
}

impl Status {
    fn as_raw(self) -> bindings::drm_connector_status {
        match self {
            Status::Connected => bindings::drm_connector_status_connector_status_connected,
            Status::Disconnected => bindings::drm_connector_status_connector_status_disconnected,
        }
    }
}

/// A look at a connector that is going on.
///
/// # Invariants
///
/// Both are valid for `'a`, and `connection_mutex` is locked by way of `ctx`.
pub struct Detection<'a> {
    connector: *mut bindings::drm_connector,
    ctx: *mut bindings::drm_modeset_acquire_ctx,
    _look: PhantomData<&'a ()>,
}

impl Detection<'_> {
    /// Brings a panel that has lost its state to what it was showing, by a mode set of the CRTC that
    /// feeds the connector, if it is on (`drm_atomic_helper_reset_crtc`). Sleeps as long as that.
    ///
    /// # Errors
    ///
    /// `EDEADLK`: to be handed on, and the look is repeated; `ENOMEM`; what a driver's
    /// `atomic_check` returns.
    pub fn restore(&self) -> Result {
        // SAFETY: By the type invariant the connector is valid and its state is locked; a CRTC lives
        // as long as its device.
        unsafe {
            let crtc = (*(*self.connector).state).crtc;
            if crtc.is_null() {
                return Ok(());
            }
            to_result(bindings::drm_atomic_helper_reset_crtc(crtc, self.ctx))
        }
    }
}

/// A connector, made by [`ModeObjects::spi_connector`].
///
/// # Invariants
///
/// The pointer is a connector of the device that lives for `'a`.
pub struct Connector<'a>(
    #[expect(dead_code, reason = "the proof that there is one")] NonNull<bindings::drm_connector>,
    PhantomData<&'a ()>,
);

/// The vtables of the connector `C`.
struct Vtable<C: DriverConnector>(C);

impl<C: DriverConnector> Vtable<C> {
    const FUNCS: bindings::drm_connector_funcs = bindings::drm_connector_funcs {
        reset: Some(bindings::drm_atomic_helper_connector_reset),
        fill_modes: Some(bindings::drm_helper_probe_single_connector_modes),
        atomic_duplicate_state: Some(bindings::drm_atomic_helper_connector_duplicate_state),
        atomic_destroy_state: Some(bindings::drm_atomic_helper_connector_destroy_state),
        ..pin_init::zeroed()
    };

    const HELPER_FUNCS: bindings::drm_connector_helper_funcs =
        bindings::drm_connector_helper_funcs {
            get_modes: Some(Self::get_modes),
            detect_ctx: if C::DETECT.is_some() {
                Some(Self::detect_ctx)
            } else {
                None
            },
            ..pin_init::zeroed()
        };

    extern "C" fn detect_ctx(
        connector: *mut bindings::drm_connector,
        ctx: *mut bindings::drm_modeset_acquire_ctx,
        _force: bool,
    ) -> c_int {
        // SAFETY: DRM calls this with a connector of a device of `C::Driver`, which outlives it.
        let drm = unsafe { Device::<C::Driver>::from_raw((*connector).dev) };
        // INVARIANT: DRM has locked `connection_mutex` by way of `ctx`.
        let detection = Detection {
            connector,
            ctx,
            _look: PhantomData,
        };
        let status = C::DETECT.map_or(Ok(Status::Connected), |detect| detect(drm, &detection));
        match status {
            Ok(status) => status.as_raw() as c_int,
            // The one that DRM understands.
            Err(e) if e == EDEADLK => e.to_errno(),
            Err(_) => Status::Disconnected.as_raw() as c_int,
        }
    }

    extern "C" fn get_modes(connector: *mut bindings::drm_connector) -> c_int {
        // SAFETY: DRM calls this with a connector of a device of `C::Driver`, which outlives it.
        let drm = unsafe { Device::<C::Driver>::from_raw((*connector).dev) };
        // SAFETY: Both are valid; the mode is copied.
        unsafe {
            bindings::drm_connector_helper_get_modes_fixed(connector, C::fixed_mode(drm).as_raw())
        }
    }
}

impl<'a, T: Driver> ModeObjects<'a, T> {
    /// Makes a connector (`DRM_MODE_CONNECTOR_SPI`) fed by `encoder`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn spi_connector<C: DriverConnector<Driver = T>>(
        &self,
        encoder: &Encoder<'a>,
    ) -> Result<Connector<'a>> {
        let drm = self.drm.as_raw();

        // Allocated before it is initialised, so freed after it is cleaned up.
        //
        // SAFETY: The device is initialised.
        let connector = NonNull::new(unsafe {
            bindings::drmm_kmalloc(
                drm,
                size_of::<bindings::drm_connector>(),
                bindings::GFP_KERNEL | bindings::__GFP_ZERO,
            )
        })
        .ok_or(ENOMEM)?
        .cast::<bindings::drm_connector>();

        // SAFETY: The connector is zeroed memory that lives as long as the device, which is not
        // registered; the vtables are static; the encoder is one of the same device.
        unsafe {
            to_result(bindings::drmm_connector_init(
                drm,
                connector.as_ptr(),
                const { &Vtable::<C>::FUNCS },
                bindings::DRM_MODE_CONNECTOR_SPI as c_int,
                core::ptr::null_mut(),
            ))?;
            (*connector.as_ptr()).helper_private = const { &Vtable::<C>::HELPER_FUNCS };
            if C::DETECT.is_some() {
                (*connector.as_ptr()).polled = (bindings::DRM_CONNECTOR_POLL_CONNECT
                    | bindings::DRM_CONNECTOR_POLL_DISCONNECT)
                    as u8;
            }
            to_result(bindings::drm_connector_attach_encoder(
                connector.as_ptr(),
                encoder.as_raw(),
            ))?;
        }

        // INVARIANT: a connector of the device.
        Ok(Connector(connector, PhantomData))
    }
}
