// SPDX-License-Identifier: GPL-2.0

//! The display pipe: one plane, one panel.

use super::{
    bus::Hw,
    dcs,
    flush,
    model::Step,
    Model,
    Panel,
    PanelDriver, //
};
use crate::{
    device::{dev_err_probe, property_u32},
    drm::{
        self,
        kms::{
            DisplayMode, DriverConnector, DriverCrtc, DriverPlane, ModeConfigInfo, ModeObjects,
            PlaneUpdate, SHADOW_PLANE_MAX,
        },
        Device,
        Format,
        Presence, //
    },
    spi, //
};
use core::{
    marker::PhantomData,
    sync::atomic::{AtomicBool, Ordering}, //
};
use kernel::{
    device::Bound,
    prelude::*,
    time::Delta, //
};

/// What DRM callbacks work with: a panel of some [`Model`], mounted at some rotation.
#[pin_data]
pub struct Pipe {
    model: &'static Model,
    address_mode: u8,
    mode: DisplayMode,
    /// Limits and preferences of framebuffers.
    info: ModeConfigInfo,
    #[pin]
    presence: Presence<Hw>,
    /// The panel was told to wake. As the next one changed in commits only, which DRM puts in order.
    awake: AtomicBool,
    /// The panel shows its memory.
    lit: AtomicBool,
}

impl Pipe {
    /// A panel of this `model`, rotated as the property `rotation` of the device says: degrees
    /// counter-clockwise, 0, 90, 180 or 270; 0 without the property.
    ///
    /// # Errors
    ///
    /// `EINVAL`, logged with the value, for another rotation.
    pub fn new<'a>(
        spi: &spi::Device<Bound>,
        model: &'static Model,
    ) -> Result<impl PinInit<Self, Error> + 'a> {
        let dev = spi.as_ref();
        let rotation = property_u32(dev, c"rotation")?.unwrap_or(0);
        let (quarter, mode) = match rotation {
            0 => (0, model.mode),
            90 => (1, model.mode.transposed()),
            180 => (2, model.mode),
            270 => (3, model.mode.transposed()),
            _ => {
                return Err(dev_err_probe(
                    dev,
                    EINVAL,
                    fmt!("rotation = {rotation}: must be 0, 90, 180 or 270\n"),
                ));
            }
        };
        let address_mode = model.address_mode[quarter];
        let info = ModeConfigInfo {
            min: (mode.hdisplay.into(), mode.vdisplay.into()),
            max: (SHADOW_PLANE_MAX, SHADOW_PLANE_MAX),
            preferred_depth: 16,
        };
        Ok(try_pin_init!(Self {
            model,
            address_mode,
            mode: DisplayMode::simple(&mode),
            info,
            presence <- Presence::new(),
            awake: AtomicBool::new(false),
            lit: AtomicBool::new(false),
        }))
    }

    /// The limits of framebuffers.
    pub fn mode_config_info(&self) -> &ModeConfigInfo {
        &self.info
    }

    /// The hardware guard.
    pub(super) fn presence(&self) -> &Presence<Hw> {
        &self.presence
    }

    /// Makes the mode objects.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn create<P: Panel>(objects: &ModeObjects<'_, PanelDriver<P>>) -> Result {
        let plane = objects.primary_plane::<Objects<P>>()?;
        let crtc = objects.crtc::<Objects<P>>(&plane)?;
        let encoder = objects.encoder(&crtc)?;
        objects.spi_connector::<Objects<P>>(&encoder)?;
        Ok(())
    }

    /// From whatever state the panel is in to awake and blank.
    fn wake(&self) {
        let Some(mut hw) = self.presence.enter() else {
            return;
        };
        if hw.is_leaving() {
            return;
        }
        // Whatever comes of it, the panel has to be put to sleep again.
        self.awake.store(true, Ordering::Relaxed);
        // An error has been logged, and the panel is gone: there is no more to be done.
        // Or it is leaving, and need not wake.
        let _ = hw.access(|wire, hw| {
            hw.reset(wire)?;
            for step in self.model.init {
                match *step {
                    Step::Command(command, parameters) => hw.command(wire, command, parameters)?,
                    Step::Sleep(ms) => wire.sleep(Delta::from_millis(ms.into()))?,
                }
            }
            hw.command(wire, dcs::SET_PIXEL_FORMAT, &[dcs::PIXEL_FORMAT_16BIT])?;
            hw.command(wire, dcs::SET_ADDRESS_MODE, &[self.address_mode])
        });
    }

    /// Sends what has changed.
    fn update(&self, dev: &kernel::device::Device, update: PlaneUpdate<'_>) {
        let fb = match update.framebuffer() {
            None => return,
            Some(Ok(fb)) => fb,
            Some(Err(e)) => {
                dev_err!(dev, "the framebuffer cannot be read: {e:?}\n");
                return;
            }
        };
        let Some(mut hw) = self.presence.enter() else {
            return;
        };
        for clip in update.damage() {
            if hw.is_leaving() || flush::flush(&mut hw, &fb, &clip).is_err() {
                return;
            }
        }
    }

    /// Shows the memory, once there is a picture in it: nobody gets to see the noise before.
    fn light(&self) {
        if !self.awake.load(Ordering::Relaxed) || self.lit.load(Ordering::Relaxed) {
            return;
        }
        let Some(mut hw) = self.presence.enter() else {
            return;
        };
        // A flush that was told to stop has left half a picture.
        if hw.is_leaving() {
            return;
        }
        let shown = hw.access(|wire, hw| hw.command(wire, dcs::SET_DISPLAY_ON, &[]));
        drop(hw);
        self.lit.store(shown.is_ok(), Ordering::Relaxed);
        if shown.is_ok() {
            if let Some(backlight) = self.presence.peek(Hw::backlight).flatten() {
                // An error is the backlight's driver's to tell; the picture is there.
                let _ = backlight.enable();
            }
        }
    }

    /// Dark and asleep, if it is there to be told so.
    fn sleep(&self) {
        self.lit.store(false, Ordering::Relaxed);
        if let Some(backlight) = self.presence.peek(Hw::backlight).flatten() {
            let _ = backlight.disable();
        }
        if !self.awake.swap(false, Ordering::Relaxed) {
            return;
        }
        let Some(mut hw) = self.presence.enter() else {
            return;
        };
        let _ = hw.switch_off(|wire, hw| hw.sleep(wire));
    }
}

/// The mode objects of a [`Pipe`], for the driver of the panel `P`.
struct Objects<P>(PhantomData<P>);

impl<P: Panel> DriverPlane for Objects<P> {
    type Driver = PanelDriver<P>;

    const FORMATS: &'static [Format] = &[Format::Rgb565, Format::Xrgb8888];

    fn atomic_update(drm: &Device<Self::Driver>, update: PlaneUpdate<'_>) {
        drm.update(drm.as_ref(), update);
    }
}

impl<P: Panel> DriverCrtc for Objects<P> {
    type Driver = PanelDriver<P>;

    fn fixed_mode(pipe: &Pipe) -> &DisplayMode {
        &pipe.mode
    }

    fn atomic_enable(drm: &Device<Self::Driver>) {
        drm.wake();
    }

    fn atomic_flush(drm: &Device<Self::Driver>) {
        drm.light();
    }

    fn atomic_disable(drm: &Device<Self::Driver>) {
        drm.sleep();
    }
}

impl<P: Panel> DriverConnector for Objects<P> {
    type Driver = PanelDriver<P>;

    fn fixed_mode(pipe: &Pipe) -> &DisplayMode {
        &pipe.mode
    }
}

#[vtable]
impl<P: Panel> drm::Driver for PanelDriver<P> {
    type OwnerModule = P::OwnerModule;
    type Data = Pipe;
    type Hw = Hw;

    const INFO: drm::DriverInfo = P::INFO;

    fn presence(pipe: &Pipe) -> &Presence<Hw> {
        pipe.presence()
    }
}
