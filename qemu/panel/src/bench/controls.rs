// SPDX-License-Identifier: GPL-2.0

//! What the control socket asks of a bench: to change something, to tell, and to wait.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Bench, Inner, Place, Traffic};
use crate::bus::{Line, Time};
use crate::controller::serial::Interface;
use crate::controller::{Controller, Status};
use crate::fault::{Fault, Mode, Wire};
use crate::picture::{Look, Picture};

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

impl Bench {
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
