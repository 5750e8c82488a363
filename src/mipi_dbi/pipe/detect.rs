// SPDX-License-Identifier: GPL-2.0

//! What can be learnt of a panel by asking it: whether it is there, lit, and the one that was meant.

use super::Pipe;
use crate::{
    drm::{
        kms::Status,
        presence::Wire,
        Device, //
    },
    mipi_dbi::{
        bus::Hw,
        dcs::{self, power_mode},
        diagnosis::Diagnosis,
        mounted::Interface,
        Panel,
        PanelDriver, //
    },
};
use core::sync::atomic::Ordering;
use kernel::prelude::*;

impl Pipe {
    /// Whether the panel was found shining, lit by a boot loader: such a one need not flicker.
    pub(super) fn is_lit_already(&self, wire: &Wire<'_>, hw: &mut Hw) -> Result<bool> {
        if self.woken.swap(true, Ordering::Relaxed)
            || !self.panel.model.keeps_lit
            || !self.can_be_asked(wire)
        {
            return Ok(false);
        }
        let mode = hw.power_mode(wire)?;
        Ok(mode & !power_mode::IGNORED == power_mode::LIT | power_mode::NORMAL)
    }

    /// Whether it may have an answer.
    pub(super) fn can_be_asked(&self, wire: &Wire<'_>) -> bool {
        // A command has nine bits, and its answer eight.
        let can_ask = match self.panel.interface {
            Interface::ThreeWire => wire.is_bpw_supported(9),
            Interface::FourWire(_) => true,
        };
        can_ask && !self.panel.write_only && wire.can_read()
    }

    /// Looks whether the panel is there, and as it was left: one that is not is lost, until the
    /// next look finds it.
    pub(super) fn detect<P: Panel>(&self, drm: &Device<PanelDriver<P>>) -> Status {
        let Some(mut hw) = self.presence.visit() else {
            return Status::Disconnected;
        };
        let was_lost = hw.is_lost();
        let as_before = if was_lost {
            Status::Disconnected
        } else {
            Status::Connected
        };
        if hw.is_leaving() {
            return as_before;
        }

        let readable = self.readable.load(Ordering::Relaxed);
        let answer = hw.probe(|wire, hw| {
            if !readable {
                return hw.command(wire, dcs::NOP, &[]).map(|()| None);
            }
            let mode = hw.power_mode(wire)?;
            if !power_mode::is_valid(mode) {
                return Err(ENXIO);
            }
            Ok(Some(mode))
        });
        let mode = match answer {
            Ok(mode) => mode,
            Err(e) if e == ENOMEM || e == ECANCELED => return as_before,
            Err(_) => return Status::Disconnected,
        };

        if was_lost {
            dev_info!(drm.as_ref(), "the panel is back\n");
            // Whatever it did, it has to be woken from the start.
            self.awake.store(false, Ordering::Relaxed);
            self.lit.store(false, Ordering::Relaxed);
            self.blank.store(true, Ordering::Relaxed);
        } else if mode.is_some_and(|mode| mode & self.wanted_mode() != self.wanted_mode()) {
            hw.lose("it was reset, or lost its supply");
            drop(hw);
            // It is there, so it need not wait for its turn.
            drm.poll_soon();
            return Status::Disconnected;
        }
        Status::Connected
    }

    /// What the power mode has to have set, with the guard held.
    fn wanted_mode(&self) -> u8 {
        if self.lit.load(Ordering::Relaxed) {
            power_mode::LIT
        } else if self.awake.load(Ordering::Relaxed) {
            power_mode::SLEEP_OUT
        } else {
            0
        }
    }

    /// Says once what there is to check, of a panel that was switched on and has answered this.
    pub(super) fn look_at(&self, wire: &Wire<'_>, hw: &mut Hw, mode: u8) -> Result {
        let dev = wire.as_ref();
        if let Some(diagnosis) = Diagnosis::of_power_mode(mode) {
            dev_warn!(dev, "{}\n", core::format_args!("{diagnosis}"));
        } else if let Some((command, wanted)) = self.panel.model.id {
            let mut says = [0; 4];
            let says = says.get_mut(..wanted.len()).ok_or(EINVAL)?;
            hw.read(wire, command, says)?;
            if let Some(diagnosis) = Diagnosis::of_id(says, wanted) {
                dev_warn!(dev, "{}\n", core::format_args!("{diagnosis}"));
            }
        }
        Ok(())
    }
}
