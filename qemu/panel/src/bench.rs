// SPDX-License-Identifier: GPL-2.0

//! The workbench: panels under one lock, the wires that lead to them, and
//! everybody who waits for something to happen there.
//!
//! The lock makes the order of the two devices' requests the true one. It is
//! never held while a request waits for the bus clock or for a fault to end.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::bus::{Edges, Line, Time, Transfer};
use crate::controller::serial::Interface;
use crate::controller::{Controller, Status};
use crate::fault::{Act, Fault, Mode, Verdict, Wire};
use crate::picture::{Look, Picture};

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

/// What a GPIO line is set to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Not in use, which leaves the wire to its pull resistor.
    #[default]
    None,
    /// Driven by us.
    Out,
    /// Driven by the other side, which is to say by the pull resistor.
    In,
}

/// Somebody who listens to a line of the GPIO controller.
#[derive(Clone, Copy, Debug, Default)]
struct Ear {
    /// For these; `None`: nobody listens.
    edges: Option<Edges>,
    /// There is a buffer by which one can be told.
    has_buffer: bool,
    /// Since when there are both.
    since: Time,
}

/// One line of the GPIO controller.
#[derive(Clone, Copy, Debug, Default)]
struct Pin {
    direction: Direction,
    value: bool,
    ear: Ear,
}

/// What somebody who listens is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The chip select of the panel.
    pub panel: usize,
    /// Its line.
    pub line: Line,
    /// There was an edge; else nobody listens any more.
    pub is_edge: bool,
}

impl Pin {
    /// The physical level of `line`.
    fn level(self, line: Line) -> bool {
        if self.direction == Direction::Out {
            self.value
        } else {
            line.pull()
        }
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

    /// Changes a pin, and the panel if the wire's level follows.
    fn set_pin(&mut self, place: usize, line: Line, change: impl FnOnce(&mut Pin), now: Time) {
        let Place { panel, pins } = &mut self.places[place];
        let pin = &mut pins[line as usize];
        let before = pin.level(line);
        change(pin);
        let level = pin.level(line);
        if level != before {
            if line == Line::Dc {
                self.traffic.dc_changes += 1;
            }
            panel.line(line, level, now);
        }
    }

    /// What is to be said to somebody who listens, and when.
    fn next_event(&self) -> Option<(Time, Event)> {
        let places = self.places.iter().enumerate();
        let pins = places.flat_map(|(panel, place)| {
            let pins = Line::ALL.iter().zip(&place.pins);
            pins.map(move |(line, pin)| (panel, place, *line, pin.ear))
        });
        pins.filter(|(.., ear)| ear.has_buffer)
            .filter_map(|(panel, place, line, ear)| {
                let event = |is_edge| Event {
                    panel,
                    line,
                    is_edge,
                };
                let Some(edges) = ear.edges else {
                    return Some((Time::ZERO, event(false)));
                };
                // The others are the host's own.
                let edge =
                    (line == Line::Te).then(|| place.panel.next_edge(edges, ear.since))??;
                Some((edge.due, event(true)))
            })
            .min_by_key(|(due, _)| *due)
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

/// Something to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// More SPI requests than this have been served.
    MessagesAbove(u64),
    /// No SPI request for so many milliseconds.
    IdleMs(u64),
    /// The controller sleeps, or is awake.
    Asleep(bool),
    /// Both devices are connected, or neither is.
    Connected(bool),
}

/// Whether what was waited for is true, and when to look again without
/// anything having happened.
enum Truth {
    Yes,
    NotBefore(Option<Time>),
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

    /// What a GPIO line was set to be.
    pub fn direction(&self, line: Line) -> Direction {
        self.lock().places[self.place].pins[line as usize].direction
    }

    /// Sets what a GPIO line is.
    pub fn set_direction(&self, line: Line, direction: Direction) {
        let now = self.now();
        self.lock()
            .set_pin(self.place, line, |pin| pin.direction = direction, now);
        self.notify();
    }

    /// The physical level of a GPIO line.
    pub fn value(&self, line: Line) -> bool {
        let now = self.now();
        let place = &self.lock().places[self.place];
        match line {
            Line::Te => place.panel.tearing_line(now),
            _ => place.pins[line as usize].level(line),
        }
    }

    /// Somebody listens for such edges of a GPIO line from now on, or does not.
    pub fn set_edges(&self, line: Line, edges: Option<Edges>) {
        let now = self.now();
        let ear = &mut self.lock().places[self.place].pins[line as usize].ear;
        (ear.edges, ear.since) = (edges, now);
        self.notify_ears();
    }

    /// There is a buffer by which he can be told.
    pub fn offer_buffer(&self, line: Line) {
        let now = self.now();
        let ear = &mut self.lock().places[self.place].pins[line as usize].ear;
        (ear.has_buffer, ear.since) = (true, now);
        self.notify_ears();
    }

    /// There are no buffers any more.
    pub fn forget_buffers(&self) {
        for place in &mut self.lock().places {
            for pin in &mut place.pins {
                pin.ear.has_buffer = false;
            }
        }
    }

    /// What is to be said now, if there is anything: it counts as said.
    pub fn event(&self) -> Option<Event> {
        let now = self.now();
        let mut inner = self.lock();
        let (_, event) = inner.next_event().filter(|(due, _)| *due <= now)?;
        let Place { panel, pins } = &mut inner.places[event.panel];
        let ear = &mut pins[event.line as usize].ear;
        ear.has_buffer = false;
        let edges = ear.edges.filter(|_| event.is_edge);
        if let Some(edge) = edges.and_then(|edges| panel.next_edge(edges, ear.since)) {
            panel.deliver(edge, now);
        }
        Some(event)
    }

    /// Waits until there is an event, or false when the connection is over.
    pub fn await_event(&self, plug: Plug) -> bool {
        let mut inner = self.lock();
        while !inner.is_closed(plug) {
            let now = self.now();
            let heard = &self.shared.heard;
            let next = inner.next_event();
            inner = match next {
                Some((due, _)) if due <= now => return true,
                Some((due, _)) => {
                    let waited = heard.wait_timeout(inner, due - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => heard.wait(inner).unwrap_or_else(PoisonError::into_inner),
            };
        }
        false
    }

    /// Sets the level that a GPIO line has, or will have as an output.
    pub fn set_value(&self, line: Line, value: bool) {
        let now = self.now();
        let mut inner = self.lock();
        inner.traffic.gpio_sets += 1;
        inner.set_pin(self.place, line, |pin| pin.value = value, now);
        self.notify();
    }

    // The control socket.

    /// Makes something go wrong, or ends it.
    pub fn set_fault(&self, fault: Fault) {
        let mut inner = self.lock();
        inner.fault = fault;
        inner.epoch += 1;
        if fault.mode == Mode::Vanish && fault.is_immediate() {
            self.vanish(&mut inner);
        }
        self.notify();
    }

    /// What the SPI controller can send, in bits a word.
    pub fn words(&self) -> Vec<u8> {
        self.lock().words.clone()
    }

    /// Changes that, from the next plug on.
    pub fn set_words(&self, bits: Vec<u8>) {
        self.lock().words = bits;
    }

    /// Whether the GPIO controller can tell of edges.
    pub fn interrupts(&self) -> bool {
        self.lock().interrupts
    }

    /// Changes that, from the next plug on.
    pub fn set_interrupts(&self, on: bool) {
        self.lock().interrupts = on;
    }

    /// Puts another module, which has just been given power, in the place of
    /// this one.
    pub fn mount(&self, panel: Box<dyn Controller>) {
        let now = self.now();
        let mut inner = self.lock();
        let place = &mut inner.places[self.place];
        place.panel = panel;
        for line in Line::ALL {
            let level = place.pins[line as usize].level(line);
            place.panel.line(line, level, now);
        }
        self.notify();
    }

    /// Straps the module for a serial interface with or without a D/C line.
    pub fn set_interface(&self, interface: Interface) {
        self.lock().places[self.place]
            .panel
            .set_interface(interface);
    }

    /// Forgets counters and complaints.
    pub fn forget(&self) {
        let mut inner = self.lock();
        inner.traffic = Traffic::default();
        inner.places[self.place].panel.forget();
    }

    /// Takes the power from the panel and gives it back.
    pub fn power_cycle(&self) {
        let now = self.now();
        self.lock().places[self.place].panel.power_cycle(now);
        self.notify();
    }

    /// The memory as the glass is mounted, upright, and what an eye makes of it.
    pub fn picture(&self) -> (Picture, Look) {
        let now = self.now();
        let mut inner = self.lock();
        let panel = &mut inner.places[self.place].panel;
        (panel.glass(), panel.look(now))
    }

    /// Everything that is known, as the fields of one JSON object.
    pub fn state(&self) -> Map<String, Value> {
        let now = self.now();
        let mut inner = self.lock();
        let status = inner.places[self.place].panel.status(now);
        let Place { panel, pins } = &inner.places[self.place];
        let ear = pins[Line::Te as usize].ear;
        let (counts, complaints) = (panel.counts(), panel.complaints());
        let hex = |opcode: u8| format!("0x{opcode:02x}");
        let name = |opcode| {
            panel
                .command_name(opcode)
                .map_or_else(|| hex(opcode), Into::into)
        };
        let commands: Map<_, _> = counts
            .opcodes
            .iter()
            .map(|(o, n)| (name(*o), json!(n)))
            .collect();
        let opcodes: Map<_, _> = counts
            .opcodes
            .iter()
            .map(|(o, n)| (hex(*o), json!(n)))
            .collect();
        let mut state = fields(&status);
        state.append(&mut fields(&inner.traffic));
        state.append(&mut fields(&json!({
            "hard_resets": counts.hard_resets,
            "soft_resets": counts.soft_resets,
            "sleep_outs": counts.sleep_outs,
            "sleep_ins": counts.sleep_ins,
            "display_ons": counts.display_ons,
            "display_offs": counts.display_offs,
            "pixels": counts.pixels,
            "ramwr": counts.ramwr,
            "updates": counts.updates,
            "torn": counts.torn,
            "is_listened_to": ear.edges.is_some() && ear.has_buffer,
            "commands": commands,
            "opcodes": opcodes,
            "last_command": counts.last.map(hex),
            "complaint_count": complaints.count(),
            "complaints": complaints.kept(),
            "stalled": inner.stalled,
            "fault": inner.fault.mode,
            "connected": {
                "spi": inner.is_connected(Wire::Spi),
                "gpio": inner.is_connected(Wire::Gpio),
            },
            "uptime_ms": now.as_millis() as u64,
            "since_last_spi_ms": now.saturating_sub(inner.last_spi).as_millis() as u64,
        })));
        state
    }

    /// What the panel is doing now.
    pub fn status(&self) -> Status {
        let now = self.now();
        self.lock().places[self.place].panel.status(now)
    }

    /// Waits, at most for `timeout`; false if that ran out.
    pub fn wait(&self, until: Until, timeout: Duration) -> bool {
        let deadline = self.now().saturating_add(timeout);
        let mut inner = self.lock();
        loop {
            let now = self.now();
            let again = match holds(&mut inner, self.place, until, now) {
                Truth::Yes => return true,
                Truth::NotBefore(again) => again,
            };
            if now >= deadline {
                return false;
            }
            let next = again.map_or(deadline, |again| again.min(deadline));
            inner = self.sleep(inner, Some(next));
        }
    }
}

fn holds(inner: &mut Inner, place: usize, until: Until, now: Time) -> Truth {
    let (truth, again) = match until {
        Until::MessagesAbove(n) => (inner.traffic.messages > n, None),
        Until::IdleMs(ms) => {
            let due = inner.last_spi.saturating_add(Duration::from_millis(ms));
            (inner.end(Wire::Spi).busy == 0 && now >= due, Some(due))
        }
        Until::Asleep(wanted) => {
            let panel = &mut inner.places[place].panel;
            (panel.status(now).asleep == wanted, panel.due())
        }
        Until::Connected(wanted) => (
            Wire::ALL
                .iter()
                .all(|wire| inner.is_connected(*wire) == wanted),
            None,
        ),
    };
    // A time that has passed is nothing to wait for.
    if truth {
        Truth::Yes
    } else {
        Truth::NotBefore(again.filter(|again| *again > now))
    }
}

fn fields(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
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
