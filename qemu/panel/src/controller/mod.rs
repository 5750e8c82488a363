// SPDX-License-Identifier: GPL-2.0

//! Display controllers, and the modules that they are mounted on.

pub mod beam;
pub mod commands;
pub mod dcs;
pub mod gc9a01;
pub mod hx8357d;
pub mod ili9163;
pub mod ili9225;
pub mod ili9341;
pub mod ili9486;
pub mod ili9488;
pub mod module;
pub mod serial;
pub mod st7586;
pub mod st7735r;
pub mod st7789v;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::bus::{Edges, Target, Time};
use crate::complaints::Complaints;
use crate::picture::{Look, Picture, Shown};

use beam::Edge;
use module::Module;
use serial::Interface;

/// What has happened since the beginning, or since it was forgotten.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Resets by the wire.
    pub hard_resets: u64,
    /// Resets by command.
    pub soft_resets: u64,
    /// Sleep-out commands.
    pub sleep_outs: u64,
    /// Sleep-in commands.
    pub sleep_ins: u64,
    /// Display-on commands.
    pub display_ons: u64,
    /// Display-off commands.
    pub display_offs: u64,
    /// Whole pixels received.
    pub pixels: u64,
    /// Memory-write commands, not counting continued ones.
    pub ramwr: u64,
    /// Windows that were written and have changed something that is shown.
    pub updates: u64,
    /// Those of them of which some scan has shown a part.
    pub torn: u64,
    /// How often each opcode came.
    pub opcodes: BTreeMap<u8, u64>,
    /// The opcode that came last.
    pub last: Option<u8>,
}

/// What the controller is doing now. Serialised as a part of the control
/// socket's `state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The controller's name, in lower case.
    pub controller: &'static str,
    /// The module's name.
    pub module: &'static str,
    /// In sleep mode: no voltages, no picture.
    pub asleep: bool,
    /// The picture is shown, if not asleep.
    pub on: bool,
    /// The reset wire is low.
    pub in_reset: bool,
    /// The backlight has power.
    pub backlight: bool,
    /// Somebody in front of the module sees a picture.
    pub lit: bool,
    /// Colours look inverted.
    pub inverted: bool,
    /// Memory access control, as written.
    pub madctl: u8,
    /// Pixel format, as written.
    pub colmod: u8,
    /// Wires of the serial interface: 3 without a D/C line, 4 with one.
    pub wires: u8,
}

impl Status {
    /// How the glass looks, with colours of one bit if `idle`.
    pub fn look(&self, idle: bool) -> Look {
        let shown = match (self.asleep || !self.on, self.backlight) {
            (true, _) => Shown::Black,
            (false, false) => Shown::Dark,
            (false, true) => Shown::Picture,
        };
        Look {
            shown,
            inverted: self.inverted,
            idle,
        }
    }
}

/// A display controller on its module.
pub trait Controller: Target + Send {
    /// Straps the module for a serial interface.
    fn set_interface(&mut self, interface: Interface);

    /// What it is doing at `now`.
    fn status(&mut self, now: Time) -> Status;

    /// Whether it waits for parameters of a command.
    fn is_amid_command(&self) -> bool;

    /// When it will next change by itself, with no traffic at all.
    fn due(&self) -> Option<Time>;

    /// What it has done.
    fn counts(&self) -> &Counts;

    /// What it would not have accepted.
    fn complaints(&self) -> &Complaints;

    /// Starts counting anew.
    fn forget(&mut self);

    /// Takes the power away and gives it back.
    fn power_cycle(&mut self, now: Time);

    /// The memory as the glass is mounted, upright.
    fn glass(&self) -> Picture;

    /// What an eye makes of the memory at `now`.
    fn look(&mut self, now: Time) -> Look;

    /// The level of its tearing effect line.
    fn tearing_line(&self, _: Time) -> bool {
        false
    }

    /// The next of these edges of that line, for somebody who listens since `since`.
    fn next_edge(&self, _edges: Edges, _since: Time) -> Option<Edge> {
        None
    }

    /// Whoever listens was told of that edge, at `now`.
    fn deliver(&mut self, _: Edge, _now: Time) {}

    /// The name of a command of this controller.
    fn command_name(&self, opcode: u8) -> Option<&'static str>;
}

/// The module of that name, just powered on.
pub fn by_name(name: &str, now: Time) -> Option<Box<dyn Controller>> {
    if name == ili9225::MODULE {
        return Some(Box::new(ili9225::Ili9225::new()));
    }
    let module = Module::find(name)?;
    Some(Box::new(dcs::Dcs::new(module.chip, module, now)))
}
