// SPDX-License-Identifier: GPL-2.0

//! The hardware guard: whether, and by whom, the hardware may be touched.
//!
//! DRM's unplugged flag says that userspace may not come in any more. It is the wrong question to
//! ask before a transfer: at driver unbind it is already set when the panel has yet to be switched
//! off, and an ioctl that passed its check can still arrive late. [`Presence`] answers the right
//! one. It *owns* the hardware handles, lends them to one caller at a time, and is emptied before
//! the binding ends:
//!
//! | state     | since                                             | who gets in                  |
//! |-----------|---------------------------------------------------|------------------------------|
//! | present   | [`devm::drm_mode_config_reset`]                   | everybody, in turn           |
//! | leaving   | `BUS_NOTIFY_DEL_DEVICE`, else [`devm::drm_dev_register`]'s action, or [`shutdown`] | everybody, but see below |
//! | lost      | a transfer failed, or [`Guard::lose`]             | who asks whether it is back  |
//! | empty     | the shutdown action of the devm onion has run, or [`shutdown`] | nobody, and nothing is left |
//!
//! *Leaving* asks long work to stop at its next opportunity: a flush ends with the message on the wire
//! ([`Guard::is_leaving`]), and a wait for the hardware ends at once ([`Wire::sleep`], [`Wire::wait`]).
//! The switch-off that follows ([`Guard::switch_off`]) is short, and is the one attempt that a device
//! being deleted is worth: when its wire is dead the first transfer says so and there is no second.
//!
//! *Lost* is not for ever: cables are pushed in again, and panels get their supply back. The only
//! traffic then is that of [`Guard::probe`], which is for a connector's `detect`; when it succeeds the
//! hardware is present, and in whatever state it likes: it has to be initialised from the start.
//!
//! [`devm::drm_mode_config_reset`]: super::devm::drm_mode_config_reset
//! [`devm::drm_dev_register`]: super::devm::drm_dev_register
//! [`shutdown`]: super::devm::Registration::shutdown

use super::leaving::Leaving;
use crate::{completion::Completion, lock::class_name, spi};
use core::{
    ops::Deref,
    sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering}, //
};
use kernel::{
    device::Bound,
    prelude::*,
    static_lock_class,
    sync::{aref::ARef, Arc, Mutex, MutexGuard},
    time::{delay::fsleep, Delta, Instant, Monotonic}, //
};

/// How long a wire that has failed is left alone before it is tried again.
const RETRY: Delta = Delta::from_secs(5);

/// Hardware handles, and the lock that says whether they may be used.
///
/// # Examples
///
/// ```ignore
/// let Some(mut hw) = presence.enter() else {
///     return; // not bound, or gone: there is nothing to be done to the hardware
/// };
/// hw.access(|wire, hw| {
///     hw.dc.set_value(false)?;
///     wire.write(&hw.buf, 1, 8, 0)
/// })?;
/// ```
#[pin_data]
pub struct Presence<Hw> {
    /// The hardware, from [`Presence::arrive`] to [`Presence::depart`].
    #[pin]
    inner: Mutex<Option<Inner<Hw>>>,
    /// Long work is to stop.
    #[pin]
    leaving: Leaving,
    /// The hardware does not answer.
    lost: AtomicBool,
    /// How often that has happened.
    losses: AtomicU32,
    /// The error of the transfer that failed last, as an errno; 0 if none has.
    last_error: AtomicI32,
}

/// # Invariants
///
/// `spi` is bound for as long as this is in a [`Presence`].
struct Inner<Hw> {
    spi: ARef<spi::Device>,
    hw: Hw,
    /// When a transfer failed last.
    failed: Option<Instant<Monotonic>>,
}

impl<Hw: Send + Unpin> Presence<Hw> {
    /// A presence without hardware.
    pub fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            inner <- Mutex::new(None, class_name!(c"Presence::inner"), static_lock_class!()),
            leaving <- Leaving::new(),
            lost: AtomicBool::new(false),
            losses: AtomicU32::new(0),
            last_error: AtomicI32::new(0),
        })
    }

    /// Puts the hardware in.
    ///
    /// # Safety
    ///
    /// [`Presence::depart`] must be called before `spi` is unbound.
    pub(super) unsafe fn arrive(&self, spi: &spi::Device<Bound>, hw: Hw) {
        let spi = spi.get();
        // INVARIANT: `spi` is bound now, and by the caller's promise until it is taken out again.
        *self.inner.lock() = Some(Inner {
            spi,
            hw,
            failed: None,
        });
    }

    /// Asks those who are in, and all who come, to be brief. Does not sleep.
    pub(super) fn leave(&self) {
        self.leaving.set();
    }

    /// Takes the hardware out and drops it. Sleeps until whoever is in has left.
    pub(super) fn depart(&self) {
        self.leave();
        let inner = self.inner.lock().take();
        // Dropped without the lock: giving back a resource may call into other drivers.
        drop(inner);
    }

    /// Whether the hardware has stopped to answer, as far as is known. Does not sleep.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// How often the hardware was lost, and the error of the transfer that failed last. Does not
    /// sleep.
    pub fn losses(&self) -> (u32, Option<Error>) {
        let last = self.last_error.load(Ordering::Relaxed);
        let error = (last != 0).then(|| Error::from_errno(last));
        (self.losses.load(Ordering::Relaxed), error)
    }

    /// Whether this is news.
    fn is_lost_now(&self) -> bool {
        let news = !self.lost.swap(true, Ordering::Relaxed);
        if news {
            self.losses.fetch_add(1, Ordering::Relaxed);
        }
        news
    }

    /// Whether long work is to stop. Does not sleep.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_set()
    }

    /// Reads a handle that is not the wire's, a backlight for instance, also when the hardware is lost.
    /// Sleeps as [`Presence::enter`]. [`None`] where there is no hardware any more.
    pub fn peek<R>(&self, f: impl FnOnce(&Hw) -> R) -> Option<R> {
        self.inner.lock().as_ref().map(|inner| f(&inner.hw))
    }

    /// Comes in, where the device is bound and present. Sleeps until whoever is in has left; so who has
    /// a guard must not come in again.
    ///
    /// Returns [`None`] where there is nothing to touch any more. That is not an error: whatever
    /// the caller wanted the hardware to do, the hardware is beyond it.
    #[must_use = "without the guard the hardware may not be touched"]
    pub fn enter(&self) -> Option<Guard<'_, Hw>> {
        self.visit().filter(|_| !self.is_lost())
    }

    /// As [`Presence::enter`], but lost hardware is visited too: for [`Guard::probe`].
    #[must_use = "without the guard the hardware may not be touched"]
    pub fn visit(&self) -> Option<Guard<'_, Hw>> {
        let inner = self.inner.lock();
        if inner.is_none() {
            return None;
        }
        // INVARIANT: There is hardware in `inner`, and nobody can take it out while it is locked.
        Some(Guard {
            presence: self,
            inner,
        })
    }
}

/// The proof that the device is bound and present, and the only way to the hardware.
///
/// It cannot be sent to another thread or outlive the [`Presence`], and detach waits for its end: who
/// has more to do than a message takes looks at [`Guard::is_leaving`] in between.
/// Backlights are not to be touched while it is held: they may be driven through the panel itself.
///
/// # Invariants
///
/// `inner` is [`Some`].
pub struct Guard<'a, Hw> {
    presence: &'a Presence<Hw>,
    inner: MutexGuard<'a, Option<Inner<Hw>>>,
}

impl<Hw: Send + Unpin> Guard<'_, Hw> {
    /// Whether the device or its driver is leaving, so that long work has to stop here. Does not sleep.
    pub fn is_leaving(&self) -> bool {
        self.presence.leaving.is_set()
    }

    /// Whether the hardware is lost. Does not sleep.
    pub fn is_lost(&self) -> bool {
        self.presence.is_lost()
    }

    /// Uses the wire. An error is the last one: the hardware is taken as lost, with one line in the
    /// log, and is left alone until a [`Guard::probe`] finds it again. May sleep.
    ///
    /// # Errors
    ///
    /// `ENODEV`, without calling `f`, while it is lost; else what `f` returns. `ENOMEM` says nothing
    /// of the wire, so a probe need not wait; but nobody knows how much has been sent. `ECANCELED`
    /// (see [`Wire::sleep`]) says nothing at all, and the next access is as good as any.
    pub fn access<R>(&mut self, f: impl FnOnce(&Wire<'_>, &mut Hw) -> Result<R>) -> Result<R> {
        let leaving = &self.presence.leaving;
        let result = self.use_wire(Some(leaving), f);
        if result.as_ref().is_err_and(|&e| e == ENOMEM) {
            self.lose("no memory for a transfer");
        }
        result
    }

    /// Asks the hardware whether it is there, lost or not. If `f` succeeds it is not lost any more;
    /// if it fails the hardware is lost, which is logged if it is news.
    ///
    /// A wire that has failed is tried at most every 5 s, so that a probe may be as frequent as
    /// userspace likes. May sleep.
    ///
    /// # Errors
    ///
    /// `ENODEV`, without calling `f`, within that time; else what `f` returns. `ENXIO` is for `f` to
    /// say that the wire works and nobody answers.
    pub fn probe<R>(&mut self, f: impl FnOnce(&Wire<'_>, &mut Hw) -> Result<R>) -> Result<R> {
        if self.is_lost() && self.inner()?.failed.is_some_and(|at| at.elapsed() < RETRY) {
            return Err(ENODEV);
        }
        let leaving = &self.presence.leaving;
        self.transfer(Some(leaving), f)
    }

    /// The hardware is there but not as it was left, for the reason `why`, which is logged. As good
    /// as lost, until the next [`Guard::probe`], which need not wait. Does not sleep.
    pub fn lose(&mut self, why: &str) {
        if self.presence.is_lost_now() {
            if let Ok(inner) = self.inner() {
                let dev: &kernel::device::Device = (*inner.spi).as_ref();
                dev_err!(dev, "{why}: the panel is gone\n");
            }
        }
    }

    /// As [`Guard::access`], for what has to be done although the device is leaving, and because
    /// it is: its waits are not cut short. There may be no later, so `f` is called once more if it
    /// was memory that it lacked.
    ///
    /// # Errors
    ///
    /// As for [`Guard::access`], without `ECANCELED`.
    pub fn switch_off<R>(
        &mut self,
        mut f: impl FnMut(&Wire<'_>, &mut Hw) -> Result<R>,
    ) -> Result<R> {
        match self.use_wire(None, &mut f) {
            Err(e) if e == ENOMEM => self.use_wire(None, f),
            result => result,
        }
    }

    fn use_wire<R>(
        &mut self,
        leaving: Option<&Leaving>,
        f: impl FnOnce(&Wire<'_>, &mut Hw) -> Result<R>,
    ) -> Result<R> {
        if self.is_lost() {
            return Err(ENODEV);
        }
        self.transfer(leaving, f)
    }

    fn transfer<R>(
        &mut self,
        leaving: Option<&Leaving>,
        f: impl FnOnce(&Wire<'_>, &mut Hw) -> Result<R>,
    ) -> Result<R> {
        let presence = self.presence;
        let inner = self.inner()?;
        // SAFETY: By the type invariant of `Inner` the device is bound while it is in there, which
        // it is as long as `self` has it locked.
        let spi = unsafe { inner.spi.as_bound() };
        let result = f(&Wire { spi, leaving }, &mut inner.hw);
        match result {
            Ok(_) => presence.lost.store(false, Ordering::Relaxed),
            Err(e) if e == ENOMEM || e == ECANCELED => (),
            Err(e) => {
                inner.failed = Some(Instant::now());
                presence.last_error.store(e.to_errno(), Ordering::Relaxed);
                if presence.is_lost_now() {
                    if e == ENXIO {
                        dev_err!(spi.as_ref(), "no answer: the panel is gone\n");
                    } else {
                        dev_err!(spi.as_ref(), "transfer failed ({e:?}): the panel is gone\n");
                    }
                }
            }
        }
        result
    }

    fn inner(&mut self) -> Result<&mut Inner<Hw>> {
        let inner: &mut Option<Inner<Hw>> = &mut self.inner;
        // By the type invariant there is one.
        inner.as_mut().ok_or(ENODEV)
    }
}

/// The wire to the hardware, as long as it may be used: the bound SPI device.
pub struct Wire<'a> {
    spi: &'a spi::Device<Bound>,
    leaving: Option<&'a Leaving>,
}

impl<'a> Wire<'a> {
    /// The wire in probe, where there is no [`Presence`] yet and nobody who could leave.
    pub fn in_probe(spi: &'a spi::Device<Bound>) -> Self {
        Self { spi, leaving: None }
    }

    /// Gives the hardware at least `time`. Sleeps.
    ///
    /// # Errors
    ///
    /// `ECANCELED`, at once, when the device is leaving or begins to. Waits of less than 20 ms, and
    /// those of [`Wire::in_probe`] and [`Guard::switch_off`], are always sat out.
    pub fn sleep(&self, time: Delta) -> Result {
        match self.leaving {
            Some(leaving) => leaving.sleep(time),
            None => {
                fsleep(time);
                Ok(())
            }
        }
    }

    /// Waits until `event` is completed, for `limit` at least. Whether it was. Sleeps.
    ///
    /// # Errors
    ///
    /// `ECANCELED`, at once, when the device is leaving or begins to, but for the wires of
    /// [`Wire::in_probe`] and [`Guard::switch_off`].
    pub fn wait(&self, event: &Arc<Completion>, limit: Delta) -> Result<bool> {
        match self.leaving {
            Some(leaving) => leaving.wait(event, limit),
            None => event.wait(limit),
        }
    }
}

impl Deref for Wire<'_> {
    type Target = spi::Device<Bound>;

    fn deref(&self) -> &Self::Target {
        self.spi
    }
}
