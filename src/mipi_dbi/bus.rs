// SPDX-License-Identifier: GPL-2.0

//! The wire: MIPI DBI type C, which is SPI with a line that tells data from commands (option 3), or
//! with a ninth bit that does (option 1).
//!
//! From the MIPI DBI specification, version 2.0, chapter 10.

use super::{
    dcs,
    entry_mode,
    flush,
    model::{Protocol, Registers, Reset, Words},
    mounted::{Interface, Mounted},
    nine_bits,
    step::Step,
    tearing::Tearing,
    timing::Timing,
    window::Area, //
};
use crate::{
    backlight::{self, Backlight},
    device::dev_err_probe,
    drm::{damage::Rect, presence::Wire},
    gpio,
    spi, //
};
use core::{iter, ops::Range};
use kernel::{
    device::Bound,
    prelude::*,
    regulator,
    sync::aref::ARef,
    time::{delay::fsleep, Delta, Instant, Monotonic}, //
};

/// Many controllers are specified for no more than this, and take pixels much faster all the same.
/// A glitch in a pixel is gone with the next frame, one in a command is not.
const COMMAND_SPEED_HZ: u32 = 10_000_000;

/// Answers take longer: what the C drivers read with (`MIPI_DBI_MAX_SPI_READ_SPEED`).
const READ_SPEED_HZ: u32 = 2_000_000;

/// The most parameters that a command may have: in a firmware file their number is a byte.
const COMMAND_PARAMETERS: usize = u8::MAX as usize;

/// The hardware of a panel. It is in a [`Presence`](crate::drm::Presence) while the driver is bound.
pub struct Hw {
    /// Data/command: active for data. Without it, it is the ninth bit of a word.
    dc: Option<gpio::Desc>,
    /// As in the C drivers the line's active level is the one at which the panel runs.
    reset: Option<gpio::Desc>,
    backlight: Option<ARef<Backlight>>,
    /// The line that says where the panel's scan is.
    tearing: Option<Tearing>,
    /// A command, and its parameters.
    command: spi::Buffer,
    /// What the controller answers.
    answer: spi::Buffer,
    /// What the last window was.
    area: Option<Area>,
    protocol: Protocol,
    words: Words,
    /// The column and page of the first pixel that the glass shows.
    offset: (i32, i32),
    /// Columns and rows of the glass at rotation 0, and its entry mode: for [`Registers`].
    glass: (u16, u16),
    entry_mode: u8,
    sent: Sent,
    /// What the controller is waiting for, on a clock that starts with `probed`.
    timing: Timing,
    probed: Instant<Monotonic>,
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    /// Commands, with their parameters.
    pub(super) commands: u64,
    /// Windows, whether or not all of their pixels were sent.
    pub(super) windows: u64,
    /// Columns of these windows, most often pixels.
    pub(super) columns: u64,
}

/// Puts bytes into a buffer, each as the word that it is on the wire. Returns how many bytes these are.
fn fill(buffer: &mut spi::Buffer, words: Words, bytes: &[u8]) -> Result<usize> {
    if bytes.len() > COMMAND_PARAMETERS {
        return Err(EINVAL);
    }
    let width = match words {
        Words::Bits8 => 1,
        Words::Bits16 => 2,
    };
    for (word, byte) in buffer.as_mut_slice().chunks_exact_mut(width).zip(bytes) {
        word.fill(0);
        word[width - 1] = *byte;
    }
    Ok(width * bytes.len())
}

impl Hw {
    /// Gets everything that the `panel` has, and makes sure that its wire works.
    ///
    /// May sleep.
    ///
    /// # Errors
    ///
    /// Each is logged, with the name of what is missing: see [`gpio::Desc::get`],
    /// [`Backlight::find`]; `ENOMEM`; or what the SPI controller answers to a first command.
    pub fn acquire(spi: &spi::Device<Bound>, panel: &Mounted) -> Result<Self> {
        let dev = spi.as_ref();
        let model = panel.model;
        for name in model.supplies {
            match regulator::devm_enable_optional(dev, name) {
                Err(e) if e != ENODEV => {
                    return Err(dev_err_probe(
                        dev,
                        e,
                        fmt!("Failed to get supply '{name}'\n"),
                    ));
                }
                _ => (),
            }
        }
        let reset = match model.reset {
            Reset::None => None,
            Reset::Optional => gpio::Desc::get_optional(dev, c"reset", gpio::Output::Active)?,
            Reset::Required => Some(gpio::Desc::get(dev, c"reset", gpio::Output::Active)?),
        };
        let dc = match panel.interface {
            Interface::FourWire(name) => Some(gpio::Desc::get(dev, name, gpio::Output::Inactive)?),
            Interface::ThreeWire => {
                dev_info!(
                    dev,
                    "no D/C line, so words have nine bits (3-wire): if it stays dark, check dc-gpios\n"
                );
                None
            }
        };
        let tearing = Tearing::get(dev, panel, flush::order(spi, panel))?;
        let mut hw = Self {
            tearing,
            reset,
            dc,
            backlight: backlight::of_device(dev)?,
            command: spi::Buffer::new(2 * COMMAND_PARAMETERS, GFP_KERNEL)?,
            answer: spi::Buffer::new(1 + 4, GFP_KERNEL)?,
            area: None,
            protocol: model.protocol,
            words: model.words,
            offset: (panel.offset.0.into(), panel.offset.1.into()),
            glass: (model.mode.hdisplay, model.mode.vdisplay),
            entry_mode: panel.address_mode.unwrap_or(0),
            sent: Sent::default(),
            timing: Timing::default(),
            probed: Instant::now(),
        };
        hw.command(&Wire::in_probe(spi), dcs::NOP, &[])
            .map_err(|e| dev_err_probe(dev, e, fmt!("The panel cannot be reached over SPI\n")))?;
        if let Some(limit) = model.max_hz.filter(|limit| spi.max_speed_hz() > *limit) {
            let speed = spi.max_speed_hz();
            dev_info!(
                dev,
                "a clock of {speed} Hz is above the {limit} Hz of the datasheet: check it first if the picture is wrong\n"
            );
        }
        Ok(hw)
    }

    /// The backlight, to be used without the guard held.
    pub(super) fn backlight(&self) -> Option<ARef<Backlight>> {
        self.backlight.clone()
    }

    fn now(&self) -> u64 {
        // The monotonic clock does not go backwards.
        u64::try_from(self.probed.elapsed().as_nanos()).unwrap_or(0)
    }

    /// Sends a command with its parameters, as soon as the controller is ready for it. May sleep:
    /// before sleep-out and sleep-in up to 120 ms.
    ///
    /// # Errors
    ///
    /// `EINVAL` for more than 255 parameters; `ECANCELED` as [`Wire::sleep`]; else what the GPIO
    /// or SPI controller answers.
    pub fn command(&mut self, wire: &Wire<'_>, command: u8, parameters: &[u8]) -> Result {
        let speed = COMMAND_SPEED_HZ.min(wire.max_speed_hz());

        self.wait_until_ready(wire, command)?;
        // What belongs together is not for another device on the bus to come between.
        let bus = wire.lock_bus();
        if let Some(dc) = &self.dc {
            dc.set_value(false)?;
            let len = fill(&mut self.command, self.words, &[command])?;
            bus.write(&self.command, len, 8, speed)?;

            if !parameters.is_empty() {
                dc.set_value(true)?;
                let len = fill(&mut self.command, self.words, parameters)?;
                bus.write(&self.command, len, 8, speed)?;
            }
        } else {
            let command = iter::once((command, parameters));
            let len =
                nine_bits::pack_commands(command, self.command.as_mut_slice()).ok_or(EINVAL)?;
            bus.write(&self.command, len, 8, speed)?;
        }
        drop(bus);
        self.sent.commands += 1;
        if self.protocol == Protocol::Dcs {
            self.timing.sent(command, self.now());
        }
        Ok(())
    }

    fn wait_until_ready(&self, wire: &Wire<'_>, command: u8) -> Result {
        let wait = self.timing.not_before(command).saturating_sub(self.now());
        if wait > 0 {
            wire.sleep(Delta::from_nanos(i64::try_from(wait)?))?;
        }
        Ok(())
    }

    /// Sends a command that is answered with as many bytes as `answer` has room for, four at most.
    /// May sleep, as [`Hw::command`].
    ///
    /// # Errors
    ///
    /// As for [`Hw::command`], and for [`spi::Device::write_then_read`]. That nobody answers is no
    /// error on this wire: the byte is whatever the line's pull makes it.
    pub(super) fn read(&mut self, wire: &Wire<'_>, command: u8, answer: &mut [u8]) -> Result {
        // These two come after a dummy clock, and so half a byte later.
        let has_dummy = matches!(command, dcs::GET_DISPLAY_ID | dcs::GET_DISPLAY_STATUS);
        let len = answer.len() + usize::from(has_dummy);
        let speed = READ_SPEED_HZ.min(wire.max_speed_hz() / 2);

        self.wait_until_ready(wire, command)?;
        let (bits, word) = match &self.dc {
            Some(dc) => {
                dc.set_value(false)?;
                (8, &[command][..])
            }
            None => (9, &u16::from(command).to_ne_bytes()[..]),
        };
        self.command.as_mut_slice()[..word.len()].copy_from_slice(word);
        wire.write_then_read(
            &self.command,
            word.len(),
            &mut self.answer,
            len,
            bits,
            speed,
        )?;
        let bytes = &self.answer.as_slice()[..len];
        if has_dummy {
            for (byte, pair) in answer.iter_mut().zip(bytes.windows(2)) {
                *byte = (pair[0] << 1) | (pair[1] >> 7);
            }
        } else {
            answer.copy_from_slice(bytes);
        }
        Ok(())
    }

    /// The power mode. As [`Hw::read`].
    pub(super) fn power_mode(&mut self, wire: &Wire<'_>) -> Result<u8> {
        let mut mode = [0];
        self.read(wire, dcs::GET_POWER_MODE, &mut mode)?;
        Ok(mode[0])
    }

    /// Sends a command of which nothing is known: the window may be another one afterwards.
    pub(super) fn foreign_command(
        &mut self,
        wire: &Wire<'_>,
        command: u8,
        parameters: &[u8],
    ) -> Result {
        self.area = None;
        self.command(wire, command, parameters)
    }

    /// What was sent since the driver was bound.
    pub(super) fn sent(&self) -> Sent {
        self.sent
    }

    /// Does these steps, one after the other. May sleep.
    ///
    /// # Errors
    ///
    /// As for [`Hw::command`], with `ECANCELED` also for the waits between.
    pub(super) fn run<'s>(
        &mut self,
        wire: &Wire<'_>,
        steps: impl Iterator<Item = Step<'s>>,
    ) -> Result {
        for step in steps {
            match step {
                Step::Command(command, parameters) => self.command(wire, command, parameters)?,
                Step::Registers(first, values) => {
                    for (register, value) in (first..).zip(values) {
                        self.command(wire, register, &value.to_be_bytes())?;
                    }
                }
                Step::Sleep(ms) => wire.sleep(Delta::from_millis(ms.into()))?,
            }
        }
        Ok(())
    }

    /// Says how pixels are sent, and how the panel is turned.
    pub(super) fn set_modes(&mut self, wire: &Wire<'_>, panel: &Mounted) -> Result {
        if let Some(tearing) = &mut self.tearing {
            tearing.set_on(false);
        }
        if let Protocol::Registers(own) = &self.protocol {
            let value = own.entry_mode_base | u16::from(self.entry_mode);
            return self.command(wire, own.entry_mode, &value.to_be_bytes());
        }
        // What comes from a firmware file has said this itself.
        if panel.firmware.is_none() {
            self.command(wire, dcs::SET_PIXEL_FORMAT, &[panel.wire_format.dcs()])?;
        }
        if let Some(address_mode) = panel.address_mode {
            self.command(wire, dcs::SET_ADDRESS_MODE, &[address_mode])?;
        }
        Ok(())
    }

    /// From now on the panel's scan is seen: what is written takes it into account, where there is a
    /// line for that.
    pub(super) fn heed_scan(&mut self, wire: &Wire<'_>) -> Result {
        if self.tearing.is_some() {
            // Of vertical blanking alone.
            self.command(wire, dcs::SET_TEAR_ON, &[0])?;
        }
        if let Some(tearing) = &mut self.tearing {
            tearing.set_on(true);
        }
        Ok(())
    }

    fn follow_scan(&mut self, wire: &Wire<'_>, window: &Rect) -> Result {
        self.tearing
            .as_mut()
            .map_or(Ok(()), |tearing| tearing.wait(wire, window))
    }

    /// Sets the window that pixels go to, as far as it is another one, and starts to write there, when
    /// the panel's scan is where it should be. Sleeps until then.
    ///
    /// # Errors
    ///
    /// As for [`Hw::command`].
    pub(super) fn start_window(&mut self, wire: &Wire<'_>, window: &Rect) -> Result {
        self.follow_scan(wire, window)?;
        self.count_window(window);
        match self.protocol {
            Protocol::Dcs => self.start_dcs_window(wire, window)?,
            Protocol::Registers(own) => self.start_register_window(wire, window, &own)?,
        }
        self.dc.as_ref().map_or(Ok(()), |dc| dc.set_value(true))
    }

    fn count_window(&mut self, window: &Rect) {
        self.sent.windows += 1;
        self.sent.columns += u64::from(window.width()) * u64::from(window.height());
    }

    fn start_register_window(&mut self, wire: &Wire<'_>, window: &Rect, own: &Registers) -> Result {
        let area = entry_mode::area(window, self.entry_mode, self.glass).ok_or(EINVAL)?;
        for (register, value) in own.window.into_iter().zip(area) {
            self.command(wire, register, &value.to_be_bytes())?;
        }
        self.command(wire, own.memory, &[])
    }

    fn start_dcs_window(&mut self, wire: &Wire<'_>, window: &Rect) -> Result {
        let area = Area::new(window, self.offset).ok_or(EINVAL)?;
        let last = self.area.take();
        for (command, parameters) in area.commands(last.as_ref()) {
            self.command(wire, command, parameters)?;
        }
        self.area = Some(area);
        Ok(())
    }

    /// The commands of [`Hw::start_window`] for an interface without a D/C line, to be sent in one
    /// message with the pixels: what they are in words of nine bits, and a clock for them in Hz. May
    /// sleep.
    pub(super) fn pack_window(
        &mut self,
        wire: &Wire<'_>,
        window: &Rect,
    ) -> Result<(&spi::Buffer, Range<usize>, u32)> {
        self.wait_until_ready(wire, dcs::WRITE_MEMORY_START)?;
        self.follow_scan(wire, window)?;
        self.count_window(window);
        let area = Area::new(window, self.offset).ok_or(EINVAL)?;
        // Where it is not sent the panel is lost, and this with it.
        let last = self.area.replace(area);
        let commands = area.commands(last.as_ref());
        self.sent.commands += commands.clone().count() as u64;
        let len = nine_bits::pack_commands(commands, self.command.as_mut_slice()).ok_or(EINVAL)?;
        let speed = COMMAND_SPEED_HZ.min(wire.max_speed_hz());
        Ok((&self.command, 0..len, speed))
    }

    /// Brings the controller to its defaults, through the reset line too if there is one.
    pub(super) fn reset(&mut self, wire: &Wire<'_>) -> Result {
        self.area = None;
        if let Some(reset) = &self.reset {
            reset.set_value(false)?;
            fsleep(Delta::from_micros(20));
            reset.set_value(true)?;
            self.timing.reset(self.now());
        }
        match self.protocol {
            Protocol::Dcs => self.command(wire, dcs::SOFT_RESET, &[]),
            Protocol::Registers(_) => Ok(()),
        }
    }
}
