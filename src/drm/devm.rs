// SPDX-License-Identifier: GPL-2.0

//! The managed functions: a DRM driver without a remove callback.
//!
//! Probe builds an onion, one call a layer. Each call registers a devres action, and at detach
//! devres peels the layers off from the outside:
//!
//! | call in probe                               | what its action does at detach                 |
//! |---------------------------------------------|------------------------------------------------|
//! | [`drm_dev_init`]                            | `drm_dev_put()`, always                        |
//! | [`drm_poll_enable`]                         | `drm_kms_helper_poll_fini()`, which waits for a poll that is running |
//! | [`drm_mode_config_reset`]                   | `drm_atomic_helper_shutdown()`: display off, sleep in, if the hardware is there, and [`Driver::DISCONNECT`]; then takes the hardware out of the [`Presence`], and ends [`Driver::work`] |
//! | [`drm_dev_register`] (`_with_fbdev`)        | has long work on the wire end, then `drm_dev_unplug()`, without conditions: it has a reference of its own |
//!
//! Undone in reverse that is the sequence which disconnect must have: take away the interfaces and
//! wait for the ioctls that are in, switch the hardware off if it is still there, free. It is the
//! same for a driver that is unbound through sysfs, a module that is removed, a device that is
//! deleted and a probe that fails half-way. All actions run in the task that detaches, with the
//! device lock held, and may sleep; `docs/lifetime.md` says for how long.
//!
//! Polls end after the hardware has been taken out. One that runs meanwhile is waited for, as is
//! whoever has a guard; one that begins in between is answered [`None`] and touches nothing. Were
//! they to end before, who still has the hardware could ask for one more.
//!
//! # The order is a type
//!
//! [`UnregisteredDevice`] can only be configured, [`Configured`] only be given its hardware,
//! [`Reset`] only be registered, and [`Registration`] is what probe has to return. To register
//! before the shutdown action exists, to forget it, to reset twice or to hand in hardware
//! afterwards are type errors.
//!
//! # What devm may own, and what it may not
//!
//! **devres ends with the binding. The DRM device does not.** An open file, a mapping or a dma-buf
//! keeps it for as long as it likes, and DRM callbacks run on it as late as that. Memory that a
//! callback can reach must therefore never be devres's: that is the `devm_kzalloc()` class of bugs.
//! Here it cannot be written down:
//!
//! - what DRM or userspace can reach is [`Driver::Data`], in the allocation of the `drm_device`
//!   itself, freed at the last put. It is `'static`: it cannot borrow from the binding;
//! - what ends with the binding is [`Driver::Hw`]. It is moved into [`drm_mode_config_reset`] and
//!   from then on reached through [`Presence::enter`] alone, which answers [`None`] afterwards.
//!
//! # Which question is asked
//!
//! Nothing here asks DRM's unplugged flag whether the hardware may be touched: at unbind it is set
//! before the panel is switched off. See [`super::presence`] for the question that is asked.
//!
//! # Examples
//!
//! A complete driver's probe. (A panel with a MIPI DBI interface needs less: see
//! [`crate::mipi_dbi`].)
//!
//! ```ignore
//! impl spi::Driver for Lamp {
//!     type IdInfo = ();
//!     type Data<'bound> = devm::Registration<Lamp>;
//!     const SPI_ID_TABLE: spi::IdTable<()> = &SPI_TABLE;
//!
//!     fn probe<'bound>(
//!         spi: &'bound spi::Device<Core<'_>>,
//!         _info: Option<&'bound ()>,
//!     ) -> impl PinInit<Self::Data<'bound>, Error> + 'bound {
//!         pin_init_scope(move || {
//!             let drm = devm::drm_dev_init::<Self>(spi, Data::new())?; //  drm_dev_put
//!             let hw = Hw {
//!                 //                                                       dropped after shutdown
//!                 dc: gpio::Desc::get(spi.as_ref(), c"dc", gpio::Output::Inactive)?,
//!                 buf: spi::Buffer::new(4096, GFP_KERNEL)?,
//!             };
//!             let kms = drm.mode_config(|_| &INFO, |objects| {
//!                 //                                                       freed with the device
//!                 let plane = objects.primary_plane::<LampPlane>()?;
//!                 let crtc = objects.crtc::<LampCrtc>(&plane)?;
//!                 let encoder = objects.encoder(&crtc)?;
//!                 objects.spi_connector::<LampConnector>(&encoder)?;
//!                 Ok(())
//!             })?;
//!             let kms = devm::drm_poll_enable(kms)?; //                    poll stopped
//!             let kms = devm::drm_mode_config_reset(kms, hw)?; //          switched off
//!             //                                                           unplugged
//!             Ok(devm::drm_dev_register_with_fbdev(kms, Format::Rgb565))
//!         })
//!     }
//!
//!     fn shutdown<'bound>(_spi: &'bound spi::Device<Core<'_>>, this: Pin<&Self::Data<'bound>>) {
//!         this.shutdown();
//!     }
//!
//!     // suspend and resume likewise
//! }
//! ```
//!
//! C headers: [`include/drm/drm_drv.h`](srctree/include/drm/drm_drv.h),
//! [`include/drm/drm_probe_helper.h`](srctree/include/drm/drm_probe_helper.h),
//! [`include/drm/drm_atomic_helper.h`](srctree/include/drm/drm_atomic_helper.h),
//! [`include/drm/drm_modeset_helper.h`](srctree/include/drm/drm_modeset_helper.h),
//! [`include/linux/device/devres.h`](srctree/include/linux/device/devres.h)

use super::{
    client,
    kms::{ModeConfigInfo, ModeObjects},
    Device,
    Driver,
    Format,
    Presence, //
};
use crate::{bindings, spi};
use kernel::{
    device::Bound,
    devres,
    error::to_result,
    prelude::*,
    sync::aref::ARef,
    types::NotThreadSafe, //
};

/// A DRM device that is being made: it has its data, and waits for [`mode_config`].
///
/// [`mode_config`]: UnregisteredDevice::mode_config
pub struct UnregisteredDevice<'bound, T: Driver> {
    spi: &'bound spi::Device<Bound>,
    drm: ARef<Device<T>>,
    // Configuring a device is single-threaded.
    _not_send: NotThreadSafe,
}

/// A DRM device with its mode objects, which waits for its hardware, and may be `POLLED`.
pub struct Configured<'bound, T: Driver, const POLLED: bool>(UnregisteredDevice<'bound, T>);

/// A DRM device with its hardware, which waits for its users.
pub struct Reset<'bound, T: Driver>(UnregisteredDevice<'bound, T>);

/// A registered DRM device: the outermost layer, and what probe returns.
///
/// To drop it does nothing, as all that there is to undo is devres's.
pub struct Registration<T: Driver>(ARef<Device<T>>);

/// `devm_drm_dev_init`: makes a DRM device below `spi`, with `data` in its allocation.
///
/// At detach: `drm_dev_put()`, always. May sleep.
///
/// # Errors
///
/// `ENOMEM`, or what the initialiser of `data` returns.
pub fn drm_dev_init<'bound, T: Driver>(
    spi: &'bound spi::Device<Bound>,
    data: impl PinInit<T::Data, Error>,
) -> Result<UnregisteredDevice<'bound, T>> {
    Ok(UnregisteredDevice {
        spi,
        drm: Device::devm_new(spi, data)?,
        _not_send: NotThreadSafe,
    })
}

impl<'bound, T: Driver> UnregisteredDevice<'bound, T> {
    /// `drmm_mode_config_init` with the `info` of this device, and the mode objects that `create`
    /// makes.
    ///
    /// They are freed with the DRM device, not at detach. May sleep.
    ///
    /// # Errors
    ///
    /// `ENOMEM`, or what `create` returns.
    pub fn mode_config(
        self,
        info: impl FnOnce(&T::Data) -> &ModeConfigInfo,
        create: impl FnOnce(&ModeObjects<'_, T>) -> Result,
    ) -> Result<Configured<'bound, T, false>> {
        create(&ModeObjects::new(&self.drm, info(&self.drm))?)?;
        Ok(Configured(self))
    }
}

/// `devm_drm_poll_enable`: starts to poll the connectors that have a
/// [`DETECT`](super::kms::DriverConnector::DETECT), every 10 s.
///
/// At detach: `drm_kms_helper_poll_fini()`, which waits for a poll that is running. May sleep.
///
/// # Errors
///
/// `ENOMEM`. Polls have ended then.
pub fn drm_poll_enable<T: Driver>(
    kms: Configured<'_, T, false>,
) -> Result<Configured<'_, T, true>> {
    let device = kms.0;

    // SAFETY: The mode configuration is initialised, and polling is not: `POLLED` says so.
    unsafe { bindings::drm_kms_helper_poll_init(device.drm.as_raw()) };
    let poll = Poll(device.drm.clone());
    devres::register(device.spi.as_ref(), poll, GFP_KERNEL)?;

    Ok(Configured(device))
}

struct Poll<T: Driver>(ARef<Device<T>>);

impl<T: Driver> Drop for Poll<T> {
    fn drop(&mut self) {
        // SAFETY: Polling was initialised.
        unsafe { bindings::drm_kms_helper_poll_fini(self.0.as_raw()) };
    }
}

/// `devm_drm_mode_config_reset`: gives the device its hardware, and brings the state of its mode
/// objects to "off".
///
/// At detach: `drm_atomic_helper_shutdown()`, in which [`DriverCrtc::atomic_disable`] switches the
/// hardware off through the [`Presence`], and [`Driver::DISCONNECT`], if the driver has one; then the
/// hardware is taken out and dropped. When the device is being deleted the presence is told so before
/// that begins (`BUS_NOTIFY_DEL_DEVICE`). May sleep.
///
/// # Errors
///
/// `ENOMEM`, also where it was the reset of a mode object that had no memory. `hw` is dropped then.
///
/// [`DriverCrtc::atomic_disable`]: super::kms::DriverCrtc::atomic_disable
pub fn drm_mode_config_reset<T: Driver, const POLLED: bool>(
    kms: Configured<'_, T, POLLED>,
    hw: T::Hw,
) -> Result<Reset<'_, T>> {
    let device = kms.0;
    let parent = device.spi.as_ref();

    let drm = device.drm.clone();
    let notifier = spi::DeletionNotifier::new(device.spi, move || T::presence(&drm).leave());
    devres::register(parent, notifier, GFP_KERNEL)?;

    // SAFETY: All mode objects are there, and nobody uses them yet.
    unsafe { bindings::drm_mode_config_reset(device.drm.as_raw()) };
    // An object that there was no memory to reset has no state, which nobody expects.
    //
    // SAFETY: As above.
    to_result(unsafe { bindings::tinydrm_drm_mode_config_reset_error(device.drm.as_raw()) })?;
    // SAFETY: The drop of `shutdown` calls `depart`, below if devres has no memory, else at detach.
    unsafe { T::presence(&device.drm).arrive(device.spi, hw) };
    let shutdown = Shutdown(device.drm.clone());
    devres::register(parent, shutdown, GFP_KERNEL)?;
    // SAFETY: The drop of `shutdown`, which has a reference, disables it.
    unsafe { device.drm.enable_work() };

    Ok(Reset(device))
}

struct Shutdown<T: Driver>(ARef<Device<T>>);

impl<T: Driver> Drop for Shutdown<T> {
    fn drop(&mut self) {
        // SAFETY: The device's mode objects have been reset.
        unsafe { switch_off(&self.0) };
        // A device that went while the system slept has no use for its picture any more; but that
        // holds references to the device.
        //
        // SAFETY: `suspend` and `resume` are not called any more. The state is NULL, or ours.
        unsafe {
            let config = &raw mut (*self.0.as_raw()).mode_config;
            let kept = core::mem::replace(&mut (*config).suspend_state, core::ptr::null_mut());
            if !kept.is_null() {
                bindings::tinydrm_drm_atomic_commit_put(kept);
            }
        }
    }
}

/// Switches the hardware off, and lets nobody at it again. May sleep.
///
/// # Safety
///
/// The device's mode objects must have been reset.
unsafe fn switch_off<T: Driver>(drm: &Device<T>) {
    let presence: &Presence<T::Hw> = T::presence(drm);

    // SAFETY: by the caller's promise.
    unsafe { bindings::drm_atomic_helper_shutdown(drm.as_raw()) };
    if let Some(disconnect) = T::DISCONNECT {
        if let Some(mut hw) = presence.enter() {
            disconnect(&mut hw);
        }
    }
    presence.depart();
    drm.disable_work();
}

/// `devm_drm_dev_register`: lets userspace in.
///
/// At detach: `drm_dev_unplug()`, on a reference of its own. It removes the interfaces and waits
/// for whoever is between `drm_dev_enter()` and `drm_dev_exit()`. Long work on the wire has been told
/// to stop by then. May sleep.
///
/// # Errors
///
/// `ENOMEM`, or what `drm_dev_register()` returns. Nobody has got in then, or is out again.
pub fn drm_dev_register<T: Driver>(kms: Reset<'_, T>) -> Result<Registration<T>> {
    let device = kms.0;

    // SAFETY: The device is complete, and not registered yet.
    to_result(unsafe { bindings::drm_dev_register(device.drm.as_raw(), 0) })?;
    let unplug = Unplug(device.drm.clone());
    devres::register(device.spi.as_ref(), unplug, GFP_KERNEL)?;

    Ok(Registration(device.drm))
}

/// As [`drm_dev_register`], and starts the in-kernel clients: `/dev/fb<N>`, and with it the console, in
/// framebuffers of this `format`, which the plane must have. That they cannot be started is logged by
/// DRM, and no error.
pub fn drm_dev_register_with_fbdev<T: Driver>(
    kms: Reset<'_, T>,
    format: Format,
) -> Result<Registration<T>> {
    let registration = drm_dev_register(kms)?;
    client::setup(&registration.0, format);
    Ok(registration)
}

struct Unplug<T: Driver>(ARef<Device<T>>);

impl<T: Driver> Drop for Unplug<T> {
    fn drop(&mut self) {
        T::presence(&self.0).leave();
        // SAFETY: The device is registered.
        unsafe { bindings::drm_dev_unplug(self.0.as_raw()) };
    }
}

impl<T: Driver> Registration<T> {
    /// Switches the hardware off for a reboot, power-off or kexec, and lets nobody at it again.
    ///
    /// The same path as at detach, for [`spi::Driver::shutdown`]. The binding stays, and with it DRM's
    /// interfaces: commits go on to succeed, and touch nothing. May sleep.
    pub fn shutdown(&self) {
        T::presence(&self.0).leave();
        // SAFETY: The device's mode objects have been reset.
        unsafe { switch_off(&self.0) };
    }

    /// Switches the hardware off while the system sleeps, keeps what it shows, and stops to poll
    /// (`drm_mode_config_helper_suspend`). For [`spi::Driver::suspend`]. May sleep.
    ///
    /// # Errors
    ///
    /// `ENOMEM`. Nothing has changed then.
    pub fn suspend(&self) -> Result {
        // SAFETY: The device is registered, and its mode objects have been reset.
        to_result(unsafe { bindings::drm_mode_config_helper_suspend(self.0.as_raw()) })?;
        // A commit that was still under way may have asked for a poll after that was stopped. There
        // is none any more.
        //
        // SAFETY: Where polling is initialised it is so until detach, which waits for the device
        // lock, with which this is called.
        unsafe {
            if (*self.0.as_raw()).mode_config.poll_enabled {
                bindings::drm_kms_helper_poll_disable(self.0.as_raw());
            }
        }
        Ok(())
    }

    /// Initialises the hardware, shows again what [`Registration::suspend`] has kept, and polls
    /// (`drm_mode_config_helper_resume`). For [`spi::Driver::resume`]. May sleep.
    ///
    /// Hardware that is lost, or gets so here, is no error: it shows the picture when it is back.
    ///
    /// # Errors
    ///
    /// `ENOMEM`. The picture is lost then.
    pub fn resume(&self) -> Result {
        // SAFETY: The driver core calls this after `suspend` has succeeded, and once.
        to_result(unsafe { bindings::drm_mode_config_helper_resume(self.0.as_raw()) })?;
        // Polls have only just begun again, and the first need not wait for its turn.
        if T::presence(&self.0).is_lost() {
            self.0.poll_soon();
        }
        Ok(())
    }
}
