// SPDX-License-Identifier: GPL-2.0

//! A line on which somebody else sends pulses.
//!
//! The interrupt is off but for the time in which a pulse is waited for: most pulses are of no
//! interest. `kernel::irq` has no such interrupts, and no way to get one from a line.
//!
//! C header: [`include/linux/interrupt.h`](srctree/include/linux/interrupt.h)

use super::Desc;
use crate::{
    bindings,
    completion::Completion,
    device::dev_err_probe, //
};
use kernel::{
    device::{Bound, Device},
    error::to_result,
    prelude::*,
    str::CStrExt,
    sync::Arc, //
};

/// An end of a pulse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Where the line becomes active.
    Begin,
    /// Where it becomes inactive.
    End,
}

/// An input line that interrupts, given back when it is dropped.
///
/// # Invariants
///
/// `irq` is requested with `handle_pulse` and a pointer to what `event` points to, and enabled for as
/// long as there is a [`Listening`] alone.
pub struct Pulses {
    line: Desc,
    irq: c_uint,
    event: Arc<Completion>,
    /// What `irq` is set to.
    edge: Edge,
}

impl Pulses {
    /// Takes the line `con_id` (the property `<con_id>-gpios`); `Ok(None)` where the device has no such
    /// line.
    ///
    /// May sleep.
    ///
    /// # Errors
    ///
    /// Logged with the line's name: as for [`Desc::get_optional`]; `ENXIO` or another one of
    /// `gpiod_to_irq()` when the line cannot interrupt, or of `request_irq()`; `ENOMEM`.
    pub fn get_optional(dev: &Device<Bound>, con_id: &'static CStr) -> Result<Option<Self>> {
        let Some(line) = Desc::get_optional_as(dev, con_id, bindings::gpiod_flags_GPIOD_IN)? else {
            return Ok(None);
        };
        let event = Arc::pin_init(Completion::new(), GFP_KERNEL)?;
        let no_interrupt =
            |e| dev_err_probe(dev, e, fmt!("GPIO '{con_id}' cannot be an interrupt\n"));
        // SAFETY: By the type invariant of `Desc` this is a valid descriptor.
        let irq = unsafe { bindings::gpiod_to_irq(line.0.as_ptr()) };
        to_result(irq).map_err(no_interrupt)?;
        let edge = Edge::Begin;
        let irq = c_uint::try_from(irq)?;
        // CAST: An `unsigned long` holds an `unsigned int`.
        let flags = (kind(&line, edge) | bindings::IRQF_NO_AUTOEN) as c_ulong;
        // SAFETY: The name is static, and the completion is there until the interrupt is freed.
        let ret = unsafe {
            bindings::request_any_context_irq(
                irq,
                Some(handle_pulse),
                flags,
                con_id.as_char_ptr(),
                Arc::as_ptr(&event).cast_mut().cast(),
            )
        };
        to_result(ret).map_err(no_interrupt)?;
        // INVARIANT: It was requested so, and is not enabled.
        Ok(Some(Self {
            line,
            irq,
            event,
            edge,
        }))
    }

    /// Listens for an `edge` until what is returned is dropped. May sleep.
    ///
    /// # Errors
    ///
    /// What the interrupt controller's driver says, if it cannot tell of that edge.
    pub fn listen(&mut self, edge: Edge) -> Result<Listening<'_>> {
        if edge != self.edge {
            // SAFETY: By the type invariant the interrupt is ours.
            to_result(unsafe { bindings::irq_set_irq_type(self.irq, kind(&self.line, edge)) })?;
            self.edge = edge;
        }
        // SAFETY: As above, and it is not enabled: only one can listen at a time.
        unsafe { bindings::enable_irq(self.irq) };
        // There are controllers which remember an edge that came while nobody listened, and tell of it
        // now.
        self.event.forget();
        // INVARIANT: The interrupt is enabled, and this exists.
        Ok(Listening(self))
    }
}

/// The type of interrupt, which is its flag, too.
fn kind(line: &Desc, edge: Edge) -> c_uint {
    // SAFETY: By the type invariant of `Desc` this is a valid descriptor.
    let is_active_low = unsafe { bindings::gpiod_is_active_low(line.0.as_ptr()) } != 0;
    if (edge == Edge::Begin) == is_active_low {
        bindings::IRQF_TRIGGER_FALLING
    } else {
        bindings::IRQF_TRIGGER_RISING
    }
}

/// Somebody listens for pulses.
pub struct Listening<'a>(&'a Pulses);

impl Listening<'_> {
    /// Is completed by a pulse.
    pub fn event(&self) -> &Arc<Completion> {
        &self.0.event
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant the interrupt is requested, and enabled. This waits for its
        // handler.
        unsafe { bindings::disable_irq(self.0.irq) };
    }
}

impl Drop for Pulses {
    fn drop(&mut self) {
        // SAFETY: By the type invariant it was requested with this pointer. This waits for its handler;
        // only then the event and the line are given back.
        unsafe { bindings::free_irq(self.irq, Arc::as_ptr(&self.event).cast_mut().cast()) };
    }
}

extern "C" fn handle_pulse(_irq: c_int, event: *mut c_void) -> bindings::irqreturn_t {
    // SAFETY: By the type invariant of `Pulses` this is its completion, which is there until the
    // interrupt is freed.
    unsafe { &*event.cast::<Completion>() }.complete();
    bindings::irqreturn::IRQ_HANDLED
}
