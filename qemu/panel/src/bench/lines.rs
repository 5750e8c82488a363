// SPDX-License-Identifier: GPL-2.0

//! The lines of the GPIO controller, and who listens to them.

use std::sync::PoisonError;

use super::{Bench, Inner, Place, Plug};
use crate::bus::{Edges, Line, Time};

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
pub(super) struct Ear {
    /// For these; `None`: nobody listens.
    pub(super) edges: Option<Edges>,
    /// There is a buffer by which one can be told.
    pub(super) has_buffer: bool,
    /// Since when there are both.
    pub(super) since: Time,
}

/// One line of the GPIO controller.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pin {
    pub(super) direction: Direction,
    pub(super) value: bool,
    pub(super) ear: Ear,
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
    pub(super) fn level(self, line: Line) -> bool {
        if self.direction == Direction::Out {
            self.value
        } else {
            line.pull()
        }
    }
}

impl Inner {
    /// Changes a pin, and the panel if the wire's level follows.
    pub(super) fn set_pin(
        &mut self,
        place: usize,
        line: Line,
        change: impl FnOnce(&mut Pin),
        now: Time,
    ) {
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
    pub(super) fn next_event(&self) -> Option<(Time, Event)> {
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

impl Bench {
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
}
