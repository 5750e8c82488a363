// SPDX-License-Identifier: GPL-2.0

//! The display pipe: one plane, one panel.

mod debugfs;
mod detect;
mod objects;

use self::objects::Objects;
use super::{
    bus::Hw,
    diagnosis::Diagnosis,
    flush::{self, Sender},
    mounted::Mounted,
    staging::Staging,
    Panel,
    PanelDriver, //
};
use crate::{
    drm::{
        damage::Clip,
        kms::{DisplayMode, ModeConfigInfo, ModeObjects, PlaneUpdate, SHADOW_PLANE_MAX},
        presence::Guard,
        Device,
        Framebuffer,
        Presence, //
    },
    lock::class_name,
    spi::{self, frames}, //
};
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::{
    device::Bound,
    prelude::*,
    static_lock_class,
    sync::{Arc, CondVar, Mutex}, //
};

/// What is sent by whoever has it to send, if nobody else is sending: in columns, of 16 bits 1 ms at
/// 32 MHz. To hand over more is cheaper than to wait for it.
const SEND_AT_ONCE: u64 = 2048;

/// What DRM callbacks work with: a panel, as it is [`Mounted`].
#[pin_data]
pub struct Pipe {
    panel: Arc<Mounted>,
    mode: DisplayMode,
    /// Limits and preferences of framebuffers.
    info: ModeConfigInfo,
    #[pin]
    presence: Presence<Hw>,
    /// What is to be sent.
    #[pin]
    staging: Mutex<Staging>,
    /// It was taken out of `staging`, or is not to be sent any more.
    #[pin]
    taken: CondVar,
    /// What sends. Whoever has this enters the presence next, and locks `staging` last.
    #[pin]
    sender: Mutex<Sender>,
    /// The panel was told to wake. As the next one changed by commits, which DRM puts in order, and
    /// with the guard held, since the panel can lose its state in between.
    awake: AtomicBool,
    /// It was told so by this driver, ever.
    woken: AtomicBool,
    /// The panel shows its memory.
    lit: AtomicBool,
    /// It was looked at whether what it answers makes sense.
    was_looked_at: AtomicBool,
    /// The panel answers when it is asked for its power mode: seen when it was lit.
    readable: AtomicBool,
    /// The panel is back after it was lost, and does not show its picture yet.
    blank: AtomicBool,
}

impl Pipe {
    /// The pipe of a `panel`.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn new<'a>(
        spi: &spi::Device<Bound>,
        panel: Arc<Mounted>,
    ) -> Result<impl PinInit<Self, Error> + 'a> {
        let mode = panel.mode;
        let info = ModeConfigInfo {
            min: (mode.hdisplay.into(), mode.vdisplay.into()),
            max: (SHADOW_PLANE_MAX, SHADOW_PLANE_MAX),
            preferred_depth: panel.wire_format.depth(),
        };
        let order = flush::order(spi, &panel);
        let glass = panel.glass();
        let line = order.columns(glass.hdisplay.into()) * order.bytes();
        let (back, front) = frames::pair(line * usize::from(glass.vdisplay))?;
        let sender = Sender::new(spi, &panel, order, front)?;
        let staging = Staging::new(back, &panel, order)?;
        Ok(try_pin_init!(Self {
            panel,
            mode: DisplayMode::simple(&mode),
            info,
            presence <- Presence::new(),
            staging <- Mutex::new(staging, class_name!(c"Pipe::staging"), static_lock_class!()),
            taken <- CondVar::new(class_name!(c"Pipe::taken"), static_lock_class!()),
            sender <- Mutex::new(sender, class_name!(c"Pipe::sender"), static_lock_class!()),
            awake: AtomicBool::new(false),
            woken: AtomicBool::new(false),
            lit: AtomicBool::new(false),
            was_looked_at: AtomicBool::new(false),
            readable: AtomicBool::new(false),
            blank: AtomicBool::new(false),
        }))
    }

    /// The limits of framebuffers.
    pub fn mode_config_info(&self) -> &ModeConfigInfo {
        &self.info
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
        self.forget();
        // An error has been logged, and the panel is gone: there is no more to be done.
        // Or it is leaving, and need not wake.
        let _ = hw.access(|wire, hw| {
            if !self.is_lit_already(wire, hw)? {
                hw.reset(wire)?;
                hw.run(wire, self.panel.init())?;
            }
            hw.set_modes(wire, &self.panel)
        });
    }

    /// Takes over what has changed, and has it sent.
    fn update<P: Panel>(&self, drm: &Device<PanelDriver<P>>, update: PlaneUpdate<'_>) {
        let fb = match update.framebuffer() {
            None => return,
            Some(Ok(fb)) => fb,
            Some(Err(e)) => {
                dev_err!(drm.as_ref(), "the framebuffer cannot be read: {e:?}\n");
                return;
            }
        };
        // It was lost since, and the commit that brings it back brings the whole picture.
        if !self.awake.load(Ordering::Relaxed) {
            return;
        }
        // What earlier commits have left is taken first, if it is much.
        self.wait_while(Staging::is_full);
        let mut cost = 0;
        for clip in update.damage() {
            if self.presence.is_leaving() {
                return self.forget();
            }
            let mut staging = self.staging.lock();
            if staging.is_for_the_wire(&fb, &clip) {
                drop(staging);
                if self.send_in_place(&fb, &clip) {
                    continue;
                }
                staging = self.staging.lock();
            }
            if let Err(e) = staging.stage(&fb, &clip) {
                dev_err!(drm.as_ref(), "{clip:?} cannot be shown: {e:?}\n");
            }
            cost = staging.cost();
        }
        if cost == 0 {
            return;
        }
        // The first picture has to be there before the panel is lit.
        if !self.lit.load(Ordering::Relaxed) {
            self.send(&mut self.sender.lock());
            return;
        }
        if cost <= SEND_AT_ONCE {
            if let Some(mut sender) = self.sender.try_lock() {
                self.send(&mut sender);
                return;
            }
        }
        drm.queue_work();
        // A flip is complete when its pixels begin to go to the panel. The next one can then be
        // drawn and taken over while they do.
        if update.is_flip() {
            self.wait_while(|staging| !staging.is_empty());
        }
    }

    /// Waits for those who take out of `staging`.
    fn wait_while(&self, condition: impl Fn(&Staging) -> bool) {
        let mut staging = self.staging.lock();
        while condition(&staging) {
            self.taken.wait(&mut staging);
        }
    }

    /// The hardware, if it is there, was woken, and may be used at length.
    fn enter_awake(&self) -> Option<Guard<'_, Hw>> {
        self.presence
            .enter()
            .filter(|hw| !hw.is_leaving() && self.awake.load(Ordering::Relaxed))
    }

    /// Sends what is staged, and what is staged meanwhile.
    fn send(&self, sender: &mut Sender) {
        loop {
            let Some(mut hw) = self.enter_awake() else {
                return self.forget();
            };
            {
                let mut staging = self.staging.lock();
                if staging.is_empty() {
                    return;
                }
                staging.take(&mut sender.front, &mut sender.windows);
            }
            let mut next = 0;
            while let Some(window) = sender.windows.get(next) {
                // Who waits has work to do, for which there is time while pixels are on the wire.
                let begins = || self.taken.notify_all();
                if flush::flush(&mut hw, sender, &window, begins).is_err() || hw.is_leaving() {
                    return self.forget();
                }
                next += 1;
            }
        }
    }

    /// Sends a whole frame from where it is. Whether that can be done.
    fn send_in_place(&self, fb: &Framebuffer<'_>, clip: &Clip) -> bool {
        let mut sender = self.sender.lock();
        let Some(mut hw) = self.enter_awake() else {
            return true;
        };
        match flush::flush_in_place(&mut hw, &mut sender, fb, clip) {
            Ok(false) => false,
            // Whatever was to be sent before is older.
            Ok(true) | Err(_) => {
                self.forget();
                true
            }
        }
    }

    /// What the panel shows is not known any more, and what was to be sent is not to be.
    fn forget(&self) {
        self.staging.lock().forget();
        self.taken.notify_all();
    }

    /// Tells userspace at once when the panel has got lost.
    fn tell_if_lost<P: Panel>(&self, drm: &Device<PanelDriver<P>>) {
        if self.presence.is_lost() {
            drm.poll_soon();
        }
    }

    /// Shows the memory, once there is a picture in it: nobody gets to see the noise before.
    fn light(&self) {
        if self.lit.load(Ordering::Relaxed) {
            return;
        }
        // A flush that was told to stop has left half a picture.
        let Some(mut hw) = self.enter_awake() else {
            return;
        };
        let answer = hw.access(|wire, hw| {
            hw.run(wire, self.panel.model.on.iter().copied())?;
            hw.heed_scan(wire)?;
            if self.can_be_asked(wire) {
                let mode = hw.power_mode(wire)?;
                if !self.was_looked_at.swap(true, Ordering::Relaxed) {
                    self.look_at(wire, hw, mode)?;
                }
                Ok(Some(mode))
            } else {
                Ok(None)
            }
        });
        if let Ok(answer) = answer {
            self.lit.store(true, Ordering::Relaxed);
            // Many modules leave the line for answers unconnected.
            let readable = answer.is_some_and(|mode| Diagnosis::of_power_mode(mode).is_none());
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
        let _ = hw.switch_off(|wire, hw| hw.run(wire, self.panel.model.off.iter().copied()));
    }
}
