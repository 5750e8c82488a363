// SPDX-License-Identifier: GPL-2.0

//! The virtio GPIO controller (virtio 1.4, device type 41;
//! `include/uapi/linux/virtio_gpio.h`), with interrupts.
//!
//! A request is a type, a line and a value; an answer is a status and a value.
//! Each panel has lines of its own, those of the first one come first.
//!
//! Edges are told by the buffers of the event queue, one for a line: it comes back
//! with the next edge, or when the driver has said that it listens no more. Nothing
//! here waits for either.

use crate::bench::{Admission, Bench, Busy, Direction, Plug};
use crate::bus::{Edges, Line};
use crate::fault::{Act, Wire};

use super::{Buffer, Device, Reply, Request};

/// `struct virtio_gpio_request`, in bytes.
pub const REQUEST: usize = 8;

/// The feature bit: lines can interrupt.
const VIRTIO_GPIO_F_IRQ: u32 = 0;

/// `struct virtio_gpio_irq_request`, in bytes.
const IRQ_REQUEST: usize = 2;

const IRQ_INVALID: u8 = 0;
const IRQ_VALID: u8 = 1;

const STATUS_OK: u8 = 0;
const STATUS_ERR: u8 = 1;

/// A line of one of the panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The chip select of that panel.
    pub panel: usize,
    /// The line.
    pub line: Line,
}

impl Pin {
    /// By its number on the controller.
    fn new(number: u16) -> Self {
        let number = usize::from(number);
        Self {
            panel: number / Line::ALL.len(),
            line: Line::ALL[number % Line::ALL.len()],
        }
    }

    /// That number.
    fn number(self) -> usize {
        self.panel * Line::ALL.len() + self.line as usize
    }
}

/// What a driver asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// The names of all lines.
    GetNames,
    /// Something of one line.
    Of(Pin, Question),
}

/// What is asked of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What it is.
    GetDirection,
    /// That it be this.
    SetDirection(Direction),
    /// Its level.
    GetValue,
    /// That it have this level.
    SetValue(bool),
    /// That the driver be told of these edges, or of none. Levels are never told of.
    SetEdges(Option<Edges>),
}

impl Message {
    /// Reads a request. `None`: it is too short, or asks for something else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; REQUEST] = bytes.get(..REQUEST)?.try_into().ok()?;
        let [type_lo, type_hi, line_lo, line_hi, value @ ..] = *bytes;
        let question = match (
            u16::from_le_bytes([type_lo, type_hi]),
            u32::from_le_bytes(value),
        ) {
            (1, _) => return Some(Self::GetNames),
            (2, _) => Question::GetDirection,
            (3, 0) => Question::SetDirection(Direction::None),
            (3, 1) => Question::SetDirection(Direction::Out),
            (3, 2) => Question::SetDirection(Direction::In),
            (4, _) => Question::GetValue,
            (5, value @ (0 | 1)) => Question::SetValue(value == 1),
            (6, 0) => Question::SetEdges(None),
            (6, value @ (1..=4 | 8)) => Question::SetEdges(Some(Edges {
                rising: matches!(value, 1 | 3),
                falling: matches!(value, 2 | 3),
            })),
            _ => return None,
        };
        let pin = Pin::new(u16::from_le_bytes([line_lo, line_hi]));
        Some(Self::Of(pin, question))
    }

    fn act(self) -> Act {
        match self {
            Self::Of(
                _,
                Question::SetDirection(_) | Question::SetValue(_) | Question::SetEdges(_),
            ) => Act::Set,
            Self::GetNames | Self::Of(_, Question::GetDirection | Question::GetValue) => Act::Get,
        }
    }
}

/// The GPIO controller of a bench.
#[derive(Clone)]
pub struct Gpio {
    bench: Bench,
}

impl Gpio {
    /// The controller that the panel's wires come from.
    pub fn new(bench: &Bench) -> Self {
        Self {
            bench: bench.clone(),
        }
    }

    /// `gpio_names`: every name with a zero behind it. That of a further panel
    /// has its chip select.
    fn names(&self) -> Vec<u8> {
        let name = |panel: usize, line: Line| match panel {
            0 => format!("{}\0", line.name()),
            n => format!("{}{n}\0", line.name()),
        };
        (0..self.bench.panels())
            .flat_map(|panel| Line::ALL.map(|line| name(panel, line)))
            .flat_map(String::into_bytes)
            .collect()
    }
}

fn reply(status: u8, value: u8) -> Reply {
    Reply {
        offset: 0,
        bytes: vec![status, value],
    }
}

impl Device for Gpio {
    const WIRE: Wire = Wire::Gpio;
    /// Requests and events.
    const QUEUES: usize = 2;

    /// Not `VIRTIO_RING_F_INDIRECT_DESC`: Linux's driver queues buffers for events under a raw
    /// spinlock, where the memory for such a descriptor must not be asked for.
    fn features(&self) -> u64 {
        u64::from(self.bench.interrupts()) << VIRTIO_GPIO_F_IRQ
    }

    fn config(&self) -> Vec<u8> {
        let lines = self.bench.panels() * Line::ALL.len();
        let mut config = (lines as u16).to_le_bytes().to_vec();
        config.extend_from_slice(&[0, 0]);
        config.extend_from_slice(&(self.names().len() as u32).to_le_bytes());
        config
    }

    fn answer(&self, busy: &Busy<'_>, request: &Request) -> Option<Reply> {
        let Some(message) = Message::parse(&request.bytes) else {
            return Some(reply(STATUS_ERR, 0));
        };
        match self.bench.admit(busy, message.act()) {
            Admission::Serve => {}
            Admission::Refuse => return Some(reply(STATUS_ERR, 0)),
            Admission::Drop => return None,
        }
        let (pin, question) = match message {
            Message::Of(pin, question) => (pin, question),
            Message::GetNames => {
                let bytes = [STATUS_OK].into_iter().chain(self.names()).collect();
                return Some(Reply { offset: 0, bytes });
            }
        };
        let Some(bench) = self.bench.at(pin.panel) else {
            return Some(reply(STATUS_ERR, 0));
        };
        let value = match question {
            Question::GetDirection => match bench.direction(pin.line) {
                Direction::None => 0,
                Direction::Out => 1,
                Direction::In => 2,
            },
            Question::SetDirection(direction) => {
                bench.set_direction(pin.line, direction);
                0
            }
            Question::GetValue => u8::from(bench.value(pin.line)),
            Question::SetValue(value) => {
                bench.set_value(pin.line, value);
                0
            }
            Question::SetEdges(edges) => {
                bench.set_edges(pin.line, edges);
                0
            }
        };
        Some(reply(STATUS_OK, value))
    }

    fn lend(&self, request: &[u8]) -> Option<Buffer> {
        let number = request.get(..IRQ_REQUEST)?.try_into().ok()?;
        let pin = Pin::new(u16::from_le_bytes(number));
        self.bench.at(pin.panel)?.offer_buffer(pin.line);
        Some(pin.number())
    }

    fn event(&self) -> Option<(Buffer, u8)> {
        let event = self.bench.event()?;
        let pin = Pin {
            panel: event.panel,
            line: event.line,
        };
        let status = if event.is_edge {
            IRQ_VALID
        } else {
            IRQ_INVALID
        };
        Some((pin.number(), status))
    }

    fn await_event(&self, plug: Plug) -> bool {
        self.bench.await_event(plug)
    }

    fn forget_buffers(&self) {
        self.bench.forget_buffers();
    }

    fn refuse(&self, _: usize) -> Reply {
        reply(STATUS_ERR, 0)
    }
}

#[cfg(test)]
mod tests;
