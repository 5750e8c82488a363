// SPDX-License-Identifier: GPL-2.0

//! What a panel has in debugfs: `command`, as that of the C drivers, and `panel`.

use super::Pipe;
use crate::{
    drm::{
        debugfs::{Directory, File},
        Device, //
    },
    mipi_dbi::{
        bus::Hw,
        dcs,
        hex,
        Panel,
        PanelDriver, //
    },
};
use core::sync::atomic::Ordering;
use kernel::{prelude::*, seq_file::SeqFile, seq_print};

/// Adds the files.
pub(super) fn init<P: Panel>(directory: &Directory<'_, PanelDriver<P>>, write_only: bool) {
    directory.add::<Command>(if write_only { 0o200 } else { 0o600 });
    directory.add::<State>(0o400);
}

/// A command and its parameters can be written to it, in hexadecimal digits: `36 48`. What is read
/// from it is how the panel answers to each command that all have an answer to.
///
/// What is sent so is the panel's to understand: its driver does not, and takes one that is asleep
/// for one that was reset.
struct Command;

/// The commands with parameters in a text: up to five characters each.
const TEXT_MAX: usize = 5 * (1 + PARAMETERS_MAX);

/// As in C.
const PARAMETERS_MAX: usize = 64;

/// The commands that every DCS controller answers, and with how many bytes.
const ANSWERED: &[(u8, usize)] = &[
    (dcs::GET_DISPLAY_ID, 3),
    (dcs::GET_DISPLAY_STATUS, 4),
    (dcs::GET_POWER_MODE, 1),
    (0x0b, 1), // address mode
    (0x0c, 1), // pixel format
    (0x0d, 1), // display mode
    (0x0e, 1), // signal mode
    (0x0f, 1), // diagnostic result
];

impl<P: Panel> File<PanelDriver<P>> for Command {
    const NAME: &'static CStr = c"command";
    const WRITE_MAX: usize = TEXT_MAX;

    fn show(drm: &Device<PanelDriver<P>>, out: &SeqFile) -> Result {
        let pipe: &Pipe = drm;
        for &(command, len) in ANSWERED {
            let mut answer = [0; 4];
            // One guard a command: nobody has to wait for all of them.
            let read = pipe.ask(command, &mut answer[..len]);
            seq_print!(out, "{command:02x}: ");
            match read {
                Ok(()) => {
                    for byte in &answer[..len] {
                        seq_print!(out, "{byte:02x}");
                    }
                    seq_print!(out, "\n");
                }
                Err(e) => {
                    seq_print!(out, "XX\n");
                    return Err(e);
                }
            }
        }
        Ok(())
    }

    fn write(drm: &Device<PanelDriver<P>>, written: &[u8]) -> Result {
        let mut bytes = [0; 1 + PARAMETERS_MAX];
        let len = hex::read(written, &mut bytes).map_err(|e| match e {
            hex::Malformed::NoByte => EINVAL,
            hex::Malformed::TooMany => E2BIG,
        })?;
        let (command, parameters) = bytes[..len].split_first().ok_or(EINVAL)?;
        let pipe: &Pipe = drm;
        pipe.tell(*command, parameters)
    }
}

/// How the driver is doing. (`state` is DRM's own, of the mode objects.)
struct State;

impl<P: Panel> File<PanelDriver<P>> for State {
    const NAME: &'static CStr = c"panel";

    fn show(drm: &Device<PanelDriver<P>>, out: &SeqFile) -> Result {
        let pipe: &Pipe = drm;
        pipe.print_state(out);
        Ok(())
    }
}

impl Pipe {
    /// Asks the panel something.
    ///
    /// # Errors
    ///
    /// `ENODEV` where it is not there, `EOPNOTSUPP` where it cannot answer; else as [`Hw::read`].
    fn ask(&self, command: u8, answer: &mut [u8]) -> Result {
        let mut hw = self.presence.enter().ok_or(ENODEV)?;
        let was_asked = hw.access(|wire, hw| {
            let can_be_asked = self.can_be_asked(wire);
            if can_be_asked {
                hw.read(wire, command, answer)?;
            }
            Ok(can_be_asked)
        })?;
        was_asked.then_some(()).ok_or(EOPNOTSUPP)
    }

    /// Sends a command.
    ///
    /// # Errors
    ///
    /// `ENODEV` where the panel is not there, else as [`Hw::command`].
    fn tell(&self, command: u8, parameters: &[u8]) -> Result {
        let mut hw = self.presence.enter().ok_or(ENODEV)?;
        hw.access(|wire, hw| hw.foreign_command(wire, command, parameters))
    }

    /// Prints how it is doing. Sleeps until whoever uses the hardware has left.
    fn print_state(&self, out: &SeqFile) {
        let sent = self.presence.peek(Hw::sent);
        let (losses, error) = self.presence.losses();
        let presence = match sent {
            None => "gone",
            Some(_) if self.presence.is_lost() => "lost",
            Some(_) if self.presence.is_leaving() => "leaving",
            Some(_) => "present",
        };
        seq_print!(out, "presence: {presence}\n");
        for (name, flag) in [
            ("awake", &self.awake),
            ("lit", &self.lit),
            ("readable", &self.readable),
        ] {
            let yes = if flag.load(Ordering::Relaxed) {
                "yes"
            } else {
                "no"
            };
            seq_print!(out, "{name}: {yes}\n");
        }
        let sent = sent.unwrap_or_default();
        seq_print!(out, "commands: {}\n", sent.commands);
        seq_print!(out, "windows: {}\n", sent.windows);
        seq_print!(out, "columns: {}\n", sent.columns);
        seq_print!(out, "losses: {losses}\n");
        match error {
            Some(e) => seq_print!(out, "last error: {e:?}\n"),
            None => seq_print!(out, "last error: none\n"),
        }
    }
}
