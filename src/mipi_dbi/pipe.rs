// SPDX-License-Identifier: GPL-2.0

//! The display pipe: one plane, one panel.

use super::{
    bus::Hw,
    dcs::{self, power_mode},
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
            Detect, DisplayMode, DriverConnector, DriverCrtc, DriverPlane, ModeConfigInfo,
            ModeObjects, PlaneUpdate, Status, SHADOW_PLANE_MAX,
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
    /// The panel was told to wake. As the next one changed by commits, which DRM puts in order, and
    /// with the guard held, since the panel can lose its state in between.
    awake: AtomicBool,
    /// The panel shows its memory.
    lit: AtomicBool,
    /// The panel answers when it is asked for its power mode: seen when it was lit.
    readable: AtomicBool,
    /// The panel is back after it was lost, and does not show its picture yet.
    blank: AtomicBool,
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
            readable: AtomicBool::new(false),
            blank: AtomicBool::new(false),
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
        self.lit.store(false, Ordering::Relaxed);
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
        // It was lost since, and the commit that brings it back brings the whole picture.
        if !self.awake.load(Ordering::Relaxed) {
            return;
        }
        for clip in update.damage() {
            if hw.is_leaving() || flush::flush(&mut hw, &fb, &clip).is_err() {
                return;
            }
        }
    }

    /// Shows the memory, once there is a picture in it: nobody gets to see the noise before.
    fn light(&self) {
        if self.lit.load(Ordering::Relaxed) {
            return;
        }
        let Some(mut hw) = self.presence.enter() else {
            return;
        };
        // A flush that was told to stop has left half a picture.
        if hw.is_leaving() || !self.awake.load(Ordering::Relaxed) {
            return;
        }
        let answer = hw.access(|wire, hw| {
            hw.command(wire, dcs::SET_DISPLAY_ON, &[])?;
            if wire.can_read() {
                hw.read(wire, dcs::GET_POWER_MODE).map(Some)
            } else {
                Ok(None)
            }
        });
        if let Ok(answer) = answer {
            self.lit.store(true, Ordering::Relaxed);
            // Many modules leave the line for answers unconnected.
            let readable = answer.is_some_and(|mode| is_power_mode(mode) && mode & LIT == LIT);
            self.readable.store(readable, Ordering::Relaxed);
        }
        drop(hw);
        if answer.is_ok() {
            if let Some(backlight) = self.presence.peek(Hw::backlight).flatten() {
                // An error is the backlight's driver's to tell; the picture is there.
                let _ = backlight.enable();
            }
        }
    }

    /// Whether there is a panel to show anything on.
    fn check(&self) -> Result {
        if self.presence.is_lost() {
            return Err(EIO);
        }
        Ok(())
    }

    /// Looks whether the panel is there, and as it was left: one that is not is lost, until the
    /// next look finds it.
    fn detect<P: Panel>(&self, drm: &Device<PanelDriver<P>>) -> Status {
        let Some(mut hw) = self.presence.visit() else {
            return Status::Disconnected;
        };
        let was_lost = hw.is_lost();
        let as_before = if was_lost {
            Status::Disconnected
        } else {
            Status::Connected
        };
        if hw.is_leaving() {
            return as_before;
        }

        let readable = self.readable.load(Ordering::Relaxed);
        let answer = hw.probe(|wire, hw| {
            if !readable {
                return hw.command(wire, dcs::NOP, &[]).map(|()| None);
            }
            let mode = hw.read(wire, dcs::GET_POWER_MODE)?;
            if !is_power_mode(mode) {
                return Err(ENXIO);
            }
            Ok(Some(mode))
        });
        let mode = match answer {
            Ok(mode) => mode,
            Err(e) if e == ENOMEM || e == ECANCELED => return as_before,
            Err(_) => return Status::Disconnected,
        };

        if was_lost {
            dev_info!(drm.as_ref(), "the panel is back\n");
            // Whatever it did, it has to be woken from the start.
            self.awake.store(false, Ordering::Relaxed);
            self.lit.store(false, Ordering::Relaxed);
            self.blank.store(true, Ordering::Relaxed);
        } else if mode.is_some_and(|mode| mode & self.wanted_mode() != self.wanted_mode()) {
            hw.lose("it was reset, or lost its supply");
            // It is there, so it need not wait for its turn.
            drm.poll_soon(&hw);
            return Status::Disconnected;
        }
        Status::Connected
    }

    /// What the power mode has to have set, with the guard held.
    fn wanted_mode(&self) -> u8 {
        if self.lit.load(Ordering::Relaxed) {
            LIT
        } else if self.awake.load(Ordering::Relaxed) {
            power_mode::SLEEP_OUT
        } else {
            0
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

/// The power mode of a panel that shows its memory.
const LIT: u8 = power_mode::SLEEP_OUT | power_mode::DISPLAY_ON;

/// Whether a byte can be a power mode at all, or comes from a line that nobody drives. Drivers here
/// know no partial mode.
fn is_power_mode(byte: u8) -> bool {
    byte & (power_mode::NORMAL | power_mode::RESERVED) == power_mode::NORMAL
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

    fn atomic_check(drm: &Device<Self::Driver>) -> Result {
        drm.check()
    }

    fn atomic_enable(drm: &Device<Self::Driver>) {
        drm.wake();
    }

    fn atomic_flush(drm: &Device<Self::Driver>) {
        drm.light();
        // Userspace is told at once when the panel has got lost in this commit.
        if drm.presence().is_lost() {
            if let Some(hw) = drm.presence().visit().filter(|hw| !hw.is_leaving()) {
                drm.poll_soon(&hw);
            }
        }
    }

    fn atomic_disable(drm: &Device<Self::Driver>) {
        drm.sleep();
    }
}

impl<P: Panel> DriverConnector for Objects<P> {
    type Driver = PanelDriver<P>;

    const DETECT: Option<Detect<Self::Driver>> = Some(|drm, detection| {
        let status = drm.detect(drm);
        if status == Status::Connected && drm.blank.load(Ordering::Relaxed) {
            detection.restore()?;
            drm.blank.store(false, Ordering::Relaxed);
        }
        Ok(status)
    });

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
