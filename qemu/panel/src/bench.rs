// SPDX-License-Identifier: GPL-2.0

//! The workbench: panels under one lock, the wires that lead to them, and
//! everybody who waits for something to happen there.
//!
//! The lock makes the order of the two devices' requests the true one. It is
//! never held while a request waits for the bus clock or for a fault to end.

mod controls;
mod lines;

pub use self::controls::Until;
pub use self::lines::{Direction, Event};

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use self::lines::Pin;
use crate::bus::{Line, Time, Transfer};
use crate::controller::Controller;
use crate::fault::{Act, Fault, Verdict, Wire};

/// How much of a wait is spent spinning: about what a sleep comes late.
const SPIN: Duration = Duration::from_micros(60);

/// Closes a connection from our side.
pub type Hangup = Box<dyn Fn() + Send>;

/// A connection, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plug {
    wire: Wire,
    number: u64,
}

impl Plug {
    /// The device that it connects.
    pub fn wire(self) -> Wire {
        self.wire
    }
}

/// One device's end of its cable.
#[derive(Default)]
struct End {
    /// The last number given to a connection.
    issued: u64,
    /// The connections up to this number are over.
    closed: u64,
    /// Closes the connection, if there is one.
    hangup: Option<Hangup>,
    /// Times the host stopped the queues.
    stops: u64,
    /// Requests taken off the queue and not yet answered.
    busy: u64,
}

/// What the wires have carried.
#[derive(Clone, Debug, Default, Serialize)]
struct Traffic {
    messages: u64,
    bytes: u64,
    /// SPI requests, that is.
    refused: u64,
    gpio_refused: u64,
    gpio_sets: u64,
    dc_changes: u64,
    /// Transfers to one panel while another one waited for parameters.
    interruptions: u64,
    max_hz: u32,
    /// How long bits have been on the wire.
    busy_us: u64,
    /// From when the first of them began to when the last was gone.
    span_us: u64,
    #[serde(skip)]
    began: Option<Time>,
    #[serde(skip)]
    busy: Time,
}

/// A panel, and the wires that are its own.
struct Place {
    panel: Box<dyn Controller>,
    pins: [Pin; Line::ALL.len()],
}

impl Place {
    fn new(panel: Box<dyn Controller>) -> Self {
        Self {
            panel,
            pins: Default::default(),
        }
    }
}

struct Inner {
    /// In the order of their chip selects.
    places: Vec<Place>,
    ends: [End; 2],
    /// The words that the SPI controller says it can send, in bits.
    words: Vec<u8>,
    /// Whether the GPIO controller says that it can tell of edges.
    interrupts: bool,
    fault: Fault,
    /// Counts the faults that were asked for.
    epoch: u64,
    stalled: u64,
    traffic: Traffic,
    /// When the last SPI request was answered.
    last_spi: Time,
}

impl Inner {
    fn end(&mut self, wire: Wire) -> &mut End {
        &mut self.ends[wire as usize]
    }

    fn is_connected(&self, wire: Wire) -> bool {
        self.ends[wire as usize].hangup.is_some()
    }

    fn is_closed(&self, plug: Plug) -> bool {
        self.ends[plug.wire as usize].closed >= plug.number
    }

    fn hang_up(&mut self, wire: Wire) {
        let end = self.end(wire);
        if let Some(hangup) = end.hangup.take() {
            end.closed = end.issued;
            hangup();
        }
    }
}

/// What a request may do, now that it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Be served.
    Serve,
    /// Be answered with an error.
    Refuse,
    /// Remain without an answer: nobody is there to read it.
    Drop,
}

/// The workbench, seen from the place of one of its panels. Cheap to clone: everybody has the
/// same one.
#[derive(Clone)]
pub struct Bench {
    shared: Arc<Shared>,
    place: usize,
}

struct Shared {
    start: Instant,
    paced: bool,
    inner: Mutex<Inner>,
    changed: Condvar,
    /// As `changed`, for those who wait for an event of a line.
    heard: Condvar,
}

impl Bench {
    /// A bench with a panel that was powered on at [`Time::ZERO`], which is now.
    /// If `paced`, transfers take the time that their bits take.
    pub fn new(panel: Box<dyn Controller>, paced: bool) -> Self {
        let inner = Inner {
            places: vec![Place::new(panel)],
            ends: Default::default(),
            fault: Fault::default(),
            words: vec![8, 9, 16],
            interrupts: true,
            epoch: 0,
            stalled: 0,
            traffic: Traffic::default(),
            last_spi: Time::ZERO,
        };
        let (inner, changed) = (Mutex::new(inner), Condvar::new());
        Self {
            shared: Arc::new(Shared {
                start: Instant::now(),
                paced,
                inner,
                changed,
                heard: Condvar::new(),
            }),
            place: 0,
        }
    }

    /// Puts one more panel there, at the next chip select, before anything is
    /// connected.
    pub fn add(&self, panel: Box<dyn Controller>) {
        self.lock().places.push(Place::new(panel));
    }

    /// How many panels there are.
    pub fn panels(&self) -> usize {
        self.lock().places.len()
    }

    /// The bench from the place of the panel at this chip select, if there is one.
    pub fn at(&self, place: usize) -> Option<Self> {
        let shared = self.shared.clone();
        (place < self.panels()).then_some(Self { shared, place })
    }

    /// What has passed since the panel was first powered on.
    pub fn now(&self) -> Time {
        self.shared.start.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves counters, not broken invariants.
        self.shared
            .inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change until `deadline`, for ever without one.
    fn sleep<'a>(
        &self,
        inner: MutexGuard<'a, Inner>,
        deadline: Option<Time>,
    ) -> MutexGuard<'a, Inner> {
        let changed = &self.shared.changed;
        match deadline {
            None => changed.wait(inner).unwrap_or_else(PoisonError::into_inner),
            Some(deadline) => {
                let left = deadline.saturating_sub(self.now());
                changed
                    .wait_timeout(inner, left)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0
            }
        }
    }

    fn notify(&self) {
        self.shared.changed.notify_all();
    }

    /// Somebody listens, does not any more, or the time of an edge may have changed.
    fn notify_ears(&self) {
        self.shared.heard.notify_all();
    }

    // Connections.

    /// A number for the next connection of a device.
    pub fn issue(&self, wire: Wire) -> Plug {
        let mut inner = self.lock();
        let end = inner.end(wire);
        end.issued += 1;
        Plug {
            wire,
            number: end.issued,
        }
    }

    /// The connection has been made. A GPIO controller that was just plugged
    /// in drives no line.
    pub fn plug(&self, plug: Plug, hangup: Hangup) {
        let now = self.now();
        let mut inner = self.lock();
        inner.end(plug.wire).hangup = Some(hangup);
        if plug.wire == Wire::Gpio {
            for place in 0..inner.places.len() {
                for line in Line::ALL {
                    inner.set_pin(place, line, |pin| *pin = Pin::default(), now);
                }
            }
        }
        self.notify();
    }

    /// The connection is over. The wires keep their levels until the next one.
    pub fn unplug(&self, plug: Plug) {
        let mut inner = self.lock();
        let end = inner.end(plug.wire);
        end.hangup = None;
        end.closed = end.closed.max(plug.number);
        self.notify();
        self.notify_ears();
    }

    /// The host stops the queues of a connection. Returns when no request is
    /// under way: a held one goes back to its queue, a paced one ends at once.
    pub fn stop(&self, plug: Plug) {
        let mut inner = self.lock();
        inner.end(plug.wire).stops += 1;
        self.notify();
        while inner.end(plug.wire).busy > 0 {
            inner = self.sleep(inner, None);
        }
    }

    /// A request is being worked on until the returned guard is dropped.
    pub fn begin(&self, plug: Plug) -> Busy<'_> {
        let mut inner = self.lock();
        let end = inner.end(plug.wire);
        end.busy += 1;
        Busy {
            bench: self,
            plug,
            stops: end.stops,
            since: Cell::new(self.now()),
        }
    }

    // Requests.

    /// Looks at a request before it is served, and keeps it if it must wait.
    pub fn admit(&self, busy: &Busy<'_>, act: Act) -> Admission {
        let Busy { plug, stops, .. } = *busy;
        let mut inner = self.lock();
        loop {
            if inner.is_closed(plug) {
                return Admission::Drop;
            }
            match inner.fault.judge(act) {
                Verdict::Serve => return Admission::Serve,
                Verdict::Refuse => {
                    match plug.wire {
                        Wire::Spi => inner.traffic.refused += 1,
                        Wire::Gpio => inner.traffic.gpio_refused += 1,
                    }
                    return Admission::Refuse;
                }
                Verdict::Vanish => {
                    self.vanish(&mut inner);
                    return Admission::Drop;
                }
                Verdict::Hold => {
                    let epoch = inner.epoch;
                    inner.stalled += 1;
                    self.notify();
                    while inner.epoch == epoch && !inner.is_closed(plug) {
                        if inner.end(plug.wire).stops != stops {
                            inner.stalled -= 1;
                            return Admission::Drop;
                        }
                        inner = self.sleep(inner, None);
                    }
                    inner.stalled -= 1;
                    busy.since.set(self.now());
                }
            }
        }
    }

    fn vanish(&self, inner: &mut Inner) {
        for wire in Wire::ALL {
            if inner.fault.wire.has(wire) {
                inner.hang_up(wire);
            }
        }
        inner.fault = Fault::default();
        inner.epoch += 1;
        self.notify();
        self.notify_ears();
    }

    /// Clocks an SPI transfer through, and returns when the last bit
    /// has gone. False if the cable was pulled before that. Its first bit goes
    /// when the request comes: to copy it is not the wire's time.
    pub fn transfer(&self, busy: &Busy<'_>, transfer: &Transfer<'_>, rx: &mut [u8]) -> bool {
        let Busy { plug, stops, .. } = *busy;
        let (length, hz) = (transfer.tx.len().max(rx.len()), transfer.hz);
        let start = busy.since.get();
        let mut inner = self.lock();
        let mut others = inner.places.iter().enumerate();
        if others.any(|(place, other)| place != self.place && other.panel.is_amid_command()) {
            inner.traffic.interruptions += 1;
        }
        let now = self.now();
        inner.places[self.place].panel.transfer(transfer, rx, now);
        inner.traffic.max_hz = inner.traffic.max_hz.max(hz);

        let nanoseconds =
            u128::from(transfer.bits(rx.len())) * 1_000_000_000 / u128::from(hz.max(1));
        let takes = Duration::from_nanos(nanoseconds.try_into().unwrap_or(u64::MAX));
        if self.shared.paced {
            let end = start + takes;
            let interrupted =
                |inner: &mut Inner| inner.is_closed(plug) || inner.end(plug.wire).stops != stops;
            while self.now() + SPIN < end && !interrupted(&mut inner) {
                inner = self.sleep(inner, Some(end - SPIN));
            }
            if !interrupted(&mut inner) {
                drop(inner);
                while self.now() < end {
                    std::hint::spin_loop();
                }
                inner = self.lock();
            }
        }

        let now = self.now();
        inner.last_spi = now;
        if inner.next_event().is_some() {
            self.notify_ears();
        }
        let traffic = &mut inner.traffic;
        traffic.messages += 1;
        traffic.bytes += length as u64;
        traffic.busy += takes;
        traffic.busy_us = traffic.busy.as_micros() as u64;
        let began = *traffic.began.get_or_insert(start);
        traffic.span_us = now.saturating_sub(began).as_micros() as u64;
        self.notify();
        !inner.is_closed(plug)
    }
}

/// A request that is being worked on.
pub struct Busy<'a> {
    bench: &'a Bench,
    plug: Plug,
    stops: u64,
    /// When it came, or was let go on.
    since: Cell<Time>,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.bench.lock().end(self.plug.wire).busy -= 1;
        self.bench.notify();
    }
}

#[cfg(test)]
mod tests;
