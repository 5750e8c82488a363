// SPDX-License-Identifier: GPL-2.0

//! The virtio GPIO controller (virtio 1.4, device type 41;
//! `include/uapi/linux/virtio_gpio.h`), without interrupts.
//!
//! A request is a type, a line and a value; an answer is a status and a value.

use crate::bench::{Admission, Bench, Busy, Direction};
use crate::bus::Line;
use crate::fault::{Act, Wire};

use super::{Device, Reply, Request};

/// `struct virtio_gpio_request`, in bytes.
pub const REQUEST: usize = 8;

const STATUS_OK: u8 = 0;
const STATUS_ERR: u8 = 1;

/// What a driver asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// The names of all lines.
    GetNames,
    /// What a line is.
    GetDirection(Line),
    /// What a line shall be.
    SetDirection(Line, Direction),
    /// The level of a line.
    GetValue(Line),
    /// The level that a line shall have.
    SetValue(Line, bool),
}

impl Message {
    /// Reads a request. `None`: it is too short, or asks for something else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; REQUEST] = bytes.get(..REQUEST)?.try_into().ok()?;
        let [type_lo, type_hi, line_lo, line_hi, value @ ..] = *bytes;
        let line = usize::from(u16::from_le_bytes([line_lo, line_hi]));
        let line = Line::ALL.get(line).copied();
        match (
            u16::from_le_bytes([type_lo, type_hi]),
            u32::from_le_bytes(value),
        ) {
            (1, _) => Some(Self::GetNames),
            (2, _) => Some(Self::GetDirection(line?)),
            (3, 0) => Some(Self::SetDirection(line?, Direction::None)),
            (3, 1) => Some(Self::SetDirection(line?, Direction::Out)),
            (3, 2) => Some(Self::SetDirection(line?, Direction::In)),
            (4, _) => Some(Self::GetValue(line?)),
            (5, value @ (0 | 1)) => Some(Self::SetValue(line?, value == 1)),
            _ => None,
        }
    }

    fn act(self) -> Act {
        match self {
            Self::SetDirection(..) | Self::SetValue(..) => Act::Set,
            Self::GetNames | Self::GetDirection(_) | Self::GetValue(_) => Act::Get,
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

    /// `gpio_names`: every name with a zero behind it.
    fn names() -> Vec<u8> {
        Line::ALL
            .iter()
            .flat_map(|line| line.name().bytes().chain([0]))
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
    /// Requests, and events that never come.
    const QUEUES: usize = 2;

    fn config(&self) -> Vec<u8> {
        let mut config = (Line::ALL.len() as u16).to_le_bytes().to_vec();
        config.extend_from_slice(&[0, 0]);
        config.extend_from_slice(&(Self::names().len() as u32).to_le_bytes());
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
        let value = match message {
            Message::GetNames => {
                let bytes = [STATUS_OK].into_iter().chain(Self::names()).collect();
                return Some(Reply { offset: 0, bytes });
            }
            Message::GetDirection(line) => match self.bench.direction(line) {
                Direction::None => 0,
                Direction::Out => 1,
                Direction::In => 2,
            },
            Message::SetDirection(line, direction) => {
                self.bench.set_direction(line, direction);
                0
            }
            Message::GetValue(line) => u8::from(self.bench.value(line)),
            Message::SetValue(line, value) => {
                self.bench.set_value(line, value);
                0
            }
        };
        Some(reply(STATUS_OK, value))
    }

    fn refuse(&self, _: usize) -> Reply {
        reply(STATUS_ERR, 0)
    }
}

#[cfg(test)]
mod tests;
