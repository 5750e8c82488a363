// SPDX-License-Identifier: GPL-2.0

//! What one controller has of its own, beside what they have in common.

use std::time::Duration;

use crate::controller::beam;
use crate::controller::commands::Command;

/// What one controller has of its own.
#[derive(Debug)]
pub struct Chip {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Its commands, in lists.
    pub commands: &'static [&'static [Command]],
    /// The pixel formats of its serial interface: the lower three bits of COLMOD.
    pub formats: &'static [u8],
    /// COLMOD after a reset.
    pub colmod: u8,
    /// A byte is a column of three grey pixels, and the address mode turns the
    /// outputs to the glass instead of the addresses.
    pub grey: bool,
    /// What it answers to RDDID, and to RDID1, RDID2 and RDID3.
    pub id: [u8; 3],
    /// What it answers to commands of its own.
    pub answers: &'static [(u8, &'static [u8])],
    /// What a command of its own changes, once its parameters are there.
    pub effect: fn(&mut Panel, u8, &[u8]),
}

impl Chip {
    /// What a command wants, if the controller has it.
    pub fn lookup(&self, opcode: u8) -> Option<&'static Command> {
        let mut rows = self.commands.iter().flat_map(|list| list.iter());
        rows.find(|command| command.opcode == opcode)
    }
}

/// Nothing changes that could be seen.
pub fn no_effect(_: &mut Panel, _: u8, _: &[u8]) {}

/// How the outputs to the glass are driven, where a command of the controller's
/// own says it.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// How long a line takes.
    pub line: Duration,
    /// Gates are scanned from the last to the first.
    pub upside_down: bool,
    /// The colour filter is blue, green, red.
    pub bgr: bool,
}

impl Default for Panel {
    fn default() -> Self {
        Self {
            line: beam::LINE,
            upside_down: false,
            bgr: false,
        }
    }
}
