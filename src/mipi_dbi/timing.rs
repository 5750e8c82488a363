// SPDX-License-Identifier: GPL-2.0

//! When a command may be sent: the waits that the DCS demands around reset and sleep.
//!
//! Pure arithmetic: this file uses `core` alone, and is tested on the host (`qemu/pure`).
//! From the MIPI DCS specification, version 1.3: `soft_reset`, `enter_sleep_mode`,
//! `exit_sleep_mode`; controllers' datasheets say the same of their reset line.

use super::dcs;

/// Before any command, in ns.
const SETTLE_NS: u64 = 5_000_000;
/// Between sleep-out and sleep-in, and from reset or sleep-in to sleep-out, in ns.
const SLEEP_NS: u64 = 120_000_000;

/// What a controller is waiting for. Times are those of any monotonic clock, in ns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// The first moment for a command.
    command: u64,
    /// The first moment for `EXIT_SLEEP_MODE`.
    sleep_out: u64,
    /// The first moment for `ENTER_SLEEP_MODE`.
    sleep_in: u64,
}

impl Timing {
    /// The first moment at which `command` may be sent.
    pub fn not_before(&self, command: u8) -> u64 {
        match command {
            dcs::EXIT_SLEEP_MODE => self.command.max(self.sleep_out),
            dcs::ENTER_SLEEP_MODE => self.command.max(self.sleep_in),
            _ => self.command,
        }
    }

    /// `command` was sent, and was through at `now`.
    pub fn sent(&mut self, command: u8, now: u64) {
        match command {
            dcs::SOFT_RESET | dcs::ENTER_SLEEP_MODE => {
                self.command = now.saturating_add(SETTLE_NS);
                self.sleep_out = now.saturating_add(SLEEP_NS);
            }
            dcs::EXIT_SLEEP_MODE => {
                self.command = now.saturating_add(SETTLE_NS);
                self.sleep_in = now.saturating_add(SLEEP_NS);
            }
            _ => (),
        }
    }

    /// The reset line was released at `now`: the controller is asleep, whatever it was before.
    pub fn reset(&mut self, now: u64) {
        self.sent(dcs::SOFT_RESET, now);
        self.sleep_in = now;
    }
}
