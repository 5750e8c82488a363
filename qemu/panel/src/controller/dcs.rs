// SPDX-License-Identifier: GPL-2.0

//! Controllers with the MIPI display command set, on their serial interfaces:
//! what they have in common. Section numbers are those of the datasheet of the
//! ILI9341 (V1.11).
//!
//! What is not here: vertical scrolling, the partial area, the colour look-up
//! table and the gamma curves are accepted and change nothing, and the tearing
//! effect line tells of vertical blanking only.

mod chip;
mod registers;
mod wires;

pub use self::chip::{Chip, Panel, no_effect};

use std::fmt;
use std::time::Duration;

use crate::bus::{Edges, Line, Time};
use crate::complaints::Complaints;
use crate::gram::{Gram, Rgb666};
use crate::picture::{Look, Picture};

use self::registers::{BGR, Cursor, MX, MY, Registers, Span};
use super::beam::{Beam, Edge, Seen};
use super::commands::{self as op, Command, Follows};
use super::module::Module;
use super::serial::Interface;
use super::st7586;
use super::{Controller, Counts, Status};

/// The shortest pulse that resets (15.4, tRW).
const RESET_PULSE: Duration = Duration::from_micros(10);
/// From a reset or a change of sleep to the next command (8.2.2, 8.2.11, 8.2.12).
const SETTLE: Duration = Duration::from_millis(5);
/// From a reset or sleep-in to sleep-out, and from sleep-out to sleep-in.
const SLEEP: Duration = Duration::from_millis(120);

/// The command whose parameters are awaited.
#[derive(Clone, Copy, Debug)]
struct Current {
    opcode: u8,
    /// `None`: unknown, whatever follows it has been complained about.
    command: Option<&'static Command>,
    /// Complained once about too much data.
    excess: bool,
    /// Complained once about pixels in sleep mode.
    drowsy: bool,
}

/// What the controller has to say.
#[derive(Debug)]
enum Answer {
    Registers {
        bytes: Vec<u8>,
        next: usize,
    },
    Memory {
        dummy: bool,
        pixel: [u8; 3],
        next: usize,
    },
}

/// An opcode with its name, for people.
struct Name(&'static Chip, u8);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(chip, opcode) = *self;
        match chip.lookup(opcode) {
            Some(command) => write!(f, "{} (0x{opcode:02x})", command.name),
            None => write!(f, "0x{opcode:02x}"),
        }
    }
}

/// Whether less than `needed` has passed. Two percent are forgiven: the host
/// that sends the bytes has a clock of its own.
fn early(since: Time, now: Time, needed: Duration) -> bool {
    now.saturating_sub(since) < needed * 98 / 100
}

fn ms(since: Time, now: Time) -> f64 {
    now.saturating_sub(since).as_secs_f64() * 1e3
}

/// The reads of more than one byte come after one dummy clock.
fn after_dummy_bit(bytes: &[u8]) -> Vec<u8> {
    let mut last = 0;
    let shifted = bytes.iter().chain([&0]).map(|&byte| {
        let out = (last << 7) | (byte >> 1);
        last = byte;
        out
    });
    shifted.collect()
}

/// The controller, the memory and the glass.
pub struct Dcs {
    chip: &'static Chip,
    module: &'static Module,
    gram: Gram,
    registers: Registers,
    counts: Counts,
    complaints: Complaints,

    interface: Interface,
    dc: bool,
    backlight: bool,
    /// Since when the reset wire is low.
    low_since: Option<Time>,
    /// That was long enough.
    was_reset: bool,

    current: Option<Current>,
    parameters: Vec<u8>,
    pixel: [u8; 3],
    pixel_fill: usize,
    cursor: Cursor,
    answer: Option<Answer>,
    beam: Beam,
    /// Bits on the wire for a byte.
    byte_bits: u64,

    /// The last event after which commands have to wait, and when it was.
    changed: Option<(&'static str, Time)>,
    /// The last event after which sleep-out has to wait.
    slept: Option<(&'static str, Time)>,
    /// The last sleep-out.
    woke: Option<Time>,
}

impl Dcs {
    /// A controller on `module`, which gets its power at `now`.
    pub fn new(chip: &'static Chip, module: &'static Module, now: Time) -> Self {
        let mut new = Self {
            chip,
            module,
            gram: Gram::noise(module.memory),
            registers: Registers::new(module.memory, chip),
            counts: Counts::default(),
            complaints: Complaints::default(),
            interface: module.interface,
            dc: Line::Dc.pull(),
            backlight: Line::Backlight.pull(),
            low_since: None,
            was_reset: false,
            current: None,
            parameters: Vec::with_capacity(128),
            pixel: [0; 3],
            pixel_fill: 0,
            cursor: Cursor::default(),
            answer: None,
            beam: Beam::new(module.memory.1),
            byte_bits: 8,
            changed: None,
            slept: None,
            woke: None,
        };
        new.reset("power-on", now);
        new
    }

    /// Registers and decoder as at power-on. The memory is the caller's affair.
    fn reset(&mut self, why: &'static str, now: Time) {
        self.registers = Registers::new(self.module.memory, self.chip);
        self.cursor = Cursor::start(&self.registers);
        self.current = None;
        self.parameters.clear();
        self.pixel_fill = 0;
        self.answer = None;
        self.beam.stop();
        self.woke = None;
        self.changed = Some((why, now));
        self.slept = Some((why, now));
    }

    /// Lets happen what happens by itself until `now`.
    fn settle(&mut self, now: Time) {
        if self.due().is_some_and(|due| due <= now) {
            self.was_reset = true;
            self.counts.hard_resets += 1;
            self.gram = Gram::noise(self.module.memory);
            self.reset("reset", now);
        }
    }

    /// The previous command got no more data: was it enough?
    fn finish(&mut self, next: u8) {
        if self.is_writing() {
            self.finish_update();
        }
        let Some(Current {
            opcode,
            command: Some(command),
            ..
        }) = self.current.take()
        else {
            return;
        };
        match command.follows {
            Follows::Parameters(needed) if self.parameters.len() < usize::from(needed) => {
                self.complaints.add(format_args!(
                    "{}: {} of {needed} parameters before {}",
                    Name(self.chip, opcode),
                    self.parameters.len(),
                    Name(self.chip, next)
                ));
            }
            Follows::Pixels if self.pixel_fill != 0 => {
                self.complaints.add(format_args!(
                    "{}: a pixel cut after {} of {} bytes by {}",
                    Name(self.chip, opcode),
                    self.pixel_fill,
                    self.registers.pixel_bytes(),
                    Name(self.chip, next)
                ));
            }
            _ => {}
        }
    }

    fn command(&mut self, opcode: u8, now: Time) {
        self.beam.tick(self.byte_bits);
        self.finish(opcode);
        self.answer = None;
        self.parameters.clear();
        self.pixel_fill = 0;
        *self.counts.opcodes.entry(opcode).or_default() += 1;
        self.counts.last = Some(opcode);

        if let Some((what, since)) = self.changed.filter(|(_, since)| early(*since, now, SETTLE)) {
            self.complaints.add(format_args!(
                "{}: {:.1} ms after {what}, 5 ms are needed",
                Name(self.chip, opcode),
                ms(since, now)
            ));
        }
        let command = self.chip.lookup(opcode);
        self.current = Some(Current {
            opcode,
            command,
            excess: false,
            drowsy: false,
        });
        match command.map(|c| c.follows) {
            None => self
                .complaints
                .add(format_args!("unknown command {}", Name(self.chip, opcode))),
            Some(Follows::Parameters(0)) => self.execute(opcode, now),
            Some(Follows::Parameters(_)) => {}
            Some(Follows::Pixels) => self.begin_pixels(opcode),
            Some(Follows::Answer) => self.answer = Some(self.reply(opcode)),
        }
    }

    fn begin_pixels(&mut self, opcode: u8) {
        if opcode == op::RAMWR {
            self.counts.ramwr += 1;
            self.cursor = Cursor::start(&self.registers);
        }
        if !self.registers.window_fits() {
            let (columns, pages) = self.registers.extent();
            self.complaints.add(format_args!(
                "{}: window {} x {} is beyond the {columns}x{pages} memory",
                Name(self.chip, opcode),
                self.registers.columns,
                self.registers.pages
            ));
        }
    }

    /// A command with the parameters that it needs.
    fn execute(&mut self, opcode: u8, now: Time) {
        let first = self.parameters.first().copied().unwrap_or(0);
        let registers = &mut self.registers;
        match opcode {
            op::SWRESET => {
                self.counts.soft_resets += 1;
                let (asleep, slept) = (registers.asleep, self.slept);
                self.reset("SWRESET", now);
                // Only a controller that was awake has to discharge again.
                if asleep {
                    self.slept = slept;
                }
            }
            op::SLPIN => self.sleep_in(now),
            op::SLPOUT => self.sleep_out(now),
            op::PTLON => registers.partial = true,
            op::NORON => registers.partial = false,
            op::INVOFF => registers.inverted = false,
            op::INVON => registers.inverted = true,
            op::GAMSET => registers.gamma = first,
            op::DISPOFF => {
                self.counts.display_offs += 1;
                registers.on = false;
            }
            op::DISPON => {
                self.counts.display_ons += 1;
                registers.on = true;
            }
            op::CASET | op::PASET => self.set_window(opcode),
            op::TEOFF => registers.tearing = None,
            op::TEON => registers.tearing = Some(first),
            op::MADCTL => registers.madctl = first,
            op::IDMOFF => registers.idle = false,
            op::IDMON => registers.idle = true,
            op::COLMOD => {
                registers.colmod = first;
                if !self.chip.formats.contains(&(first & 7)) {
                    self.complaints.add(format_args!(
                        "{}: 0x{first:02x} is no pixel format of this interface",
                        Name(self.chip, opcode)
                    ));
                }
            }
            op::WRDISBV => registers.brightness = first,
            op::WRCTRLD => registers.control = first,
            op::WRCABC => registers.adaptive = first,
            op::WRCABCMB => registers.least = first,
            _ => (self.chip.effect)(&mut registers.panel, opcode, &self.parameters),
        }
    }

    fn sleep_in(&mut self, now: Time) {
        self.counts.sleep_ins += 1;
        if self.registers.asleep {
            return;
        }
        if let Some(since) = self.woke.filter(|since| early(*since, now, SLEEP)) {
            self.complaints.add(format_args!(
                "{}: {:.1} ms after SLPOUT, 120 ms are needed",
                Name(self.chip, op::SLPIN),
                ms(since, now)
            ));
        }
        self.registers.asleep = true;
        self.beam.stop();
        self.changed = Some(("SLPIN", now));
        self.slept = self.changed;
    }

    fn sleep_out(&mut self, now: Time) {
        self.counts.sleep_outs += 1;
        if !self.registers.asleep {
            return;
        }
        if let Some((what, since)) = self.slept.filter(|(_, since)| early(*since, now, SLEEP)) {
            self.complaints.add(format_args!(
                "{}: {:.1} ms after {what}, 120 ms are needed",
                Name(self.chip, op::SLPOUT),
                ms(since, now)
            ));
        }
        self.registers.asleep = false;
        self.beam.start();
        self.changed = Some(("SLPOUT", now));
        self.woke = Some(now);
    }

    fn set_window(&mut self, opcode: u8) {
        let span = Span::from_parameters(&self.parameters);
        let (columns, pages) = self.registers.extent();
        let limit = if opcode == op::CASET {
            self.registers.columns = span;
            columns
        } else {
            self.registers.pages = span;
            pages
        };
        if span.start > span.end {
            self.complaints.add(format_args!(
                "{}: {span} ends before it starts",
                Name(self.chip, opcode)
            ));
        } else if span.end >= limit {
            self.complaints.add(format_args!(
                "{}: {span} is beyond the memory, which ends at {}",
                Name(self.chip, opcode),
                limit - 1
            ));
        }
    }

    /// Bytes with D/C high.
    fn data(&mut self, bytes: &[u8], now: Time) {
        let Some(current) = self.current else {
            self.complaints.add(format_args!(
                "{} bytes of data with no command",
                bytes.len()
            ));
            return;
        };
        let Some(command) = current.command else {
            return;
        };
        let needed = match command.follows {
            Follows::Pixels => return self.pixels(bytes, current),
            Follows::Parameters(needed) => usize::from(needed),
            Follows::Answer => 0,
        };
        self.beam.tick(self.byte_bits * bytes.len() as u64);
        let before = self.parameters.len();
        let taken = bytes.len().min(needed - before);
        self.parameters.extend_from_slice(&bytes[..taken]);
        if taken > 0 && before + taken == needed {
            self.execute(current.opcode, now);
        }
        if taken < bytes.len() && !current.excess {
            self.scold(|current| current.excess = true);
            self.complaints.add(format_args!(
                "{}: more than {needed} parameters",
                Name(self.chip, current.opcode)
            ));
        }
    }

    /// Notes in the current command, if it has not ended, that it was complained about.
    fn scold(&mut self, note: impl FnOnce(&mut Current)) {
        if let Some(current) = &mut self.current {
            note(current);
        }
    }

    fn pixels(&mut self, bytes: &[u8], mut current: Current) {
        if self.registers.asleep && !current.drowsy && !bytes.is_empty() {
            current.drowsy = true;
            self.complaints.add(format_args!(
                "{}: pixels while asleep",
                Name(self.chip, current.opcode)
            ));
        }
        let size = self.registers.pixel_bytes();
        let area = self.registers.area();
        for &byte in bytes {
            self.beam.tick(self.byte_bits);
            self.pixel[self.pixel_fill] = byte;
            self.pixel_fill += 1;
            if self.pixel_fill < size {
                continue;
            }
            self.pixel_fill = 0;
            self.counts.pixels += 1;
            if self.cursor.gone >= area && !current.excess {
                current.excess = true;
                self.complaints.add(format_args!(
                    "{}: more than the {area} pixels of window {} x {}",
                    Name(self.chip, current.opcode),
                    self.registers.columns,
                    self.registers.pages
                ));
            }
            self.store();
        }
        self.current = Some(current);
    }

    fn store(&mut self) {
        let pixel = match self.registers.pixel_bytes() {
            1 => st7586::cell(self.pixel[0]),
            2 => Rgb666::from_565(u16::from_be_bytes([self.pixel[0], self.pixel[1]])),
            _ => Rgb666::from_bytes(self.pixel),
        };
        if self.registers.area() > 0 {
            let Cursor { column, page, .. } = self.cursor;
            if let Some((c, r)) = self.registers.place(column, page) {
                if self.registers.on && self.gram.get(c, r) != Some(pixel) {
                    self.beam.change(self.registers.scanned(r));
                }
                self.gram.set(c, r, pixel);
            }
        }
        self.cursor.step(&self.registers);
        if self.cursor.gone == self.registers.area() {
            self.finish_update();
        }
    }

    /// Whether a window has got some of its pixels, and is to get more.
    fn is_writing(&self) -> bool {
        let follows = self.current.and_then(|current| current.command);
        follows.is_some_and(|command| command.follows == Follows::Pixels)
            && (1..self.registers.area()).contains(&self.cursor.gone)
    }

    /// A window is written.
    fn finish_update(&mut self) {
        match self.beam.finish(self.registers.panel.line) {
            Seen::Nothing => {}
            Seen::Whole => self.counts.updates += 1,
            Seen::Torn => {
                self.counts.updates += 1;
                self.counts.torn += 1;
            }
        }
    }

    fn reply(&mut self, opcode: u8) -> Answer {
        let r = &self.registers;
        let bytes = match opcode {
            op::RDDID => after_dummy_bit(&self.chip.id),
            op::RDDST => after_dummy_bit(&r.status()),
            op::RDDPM => vec![r.power_mode()],
            op::RDDMADCTL => vec![r.madctl & 0xfc],
            op::RDDCOLMOD => vec![r.colmod & 0x77],
            op::RDDIM => vec![r.curve()],
            op::RDDSM => vec![r.signal_mode()],
            op::RDDSDR => vec![if r.asleep { 0x00 } else { 0xc0 }],
            op::RDDISBV => vec![r.brightness],
            op::RDCTRLD => vec![r.control],
            op::RDCABC => vec![r.adaptive],
            op::RDCABCMB => vec![r.least],
            op::RDID1 | op::RDID2 | op::RDID3 => {
                vec![self.chip.id[usize::from(opcode - op::RDID1)]]
            }
            op::RAMRD => {
                self.cursor = Cursor::start(&self.registers);
                return Answer::Memory {
                    dummy: true,
                    pixel: [0; 3],
                    next: 3,
                };
            }
            op::RAMRDC => {
                return Answer::Memory {
                    dummy: true,
                    pixel: [0; 3],
                    next: 3,
                };
            }
            _ => {
                let own = self.chip.answers.iter().find(|(own, _)| *own == opcode);
                own.map_or_else(|| vec![0x00; 3], |(_, bytes)| bytes.to_vec())
            }
        };
        Answer::Registers { bytes, next: 0 }
    }

    /// Eight clocks of an answer. When it is over the line is not driven.
    fn clock_out(&mut self) -> u8 {
        match &mut self.answer {
            None => 0,
            Some(Answer::Registers { bytes, next }) => {
                let byte = bytes.get(*next).copied().unwrap_or(0);
                *next += 1;
                byte
            }
            Some(Answer::Memory { dummy, .. }) if *dummy => {
                *dummy = false;
                0
            }
            Some(Answer::Memory { pixel, next, .. }) => {
                if *next == 3 {
                    let Cursor { column, page, .. } = self.cursor;
                    let cell = self.registers.place(column, page);
                    let cell = cell.and_then(|(c, r)| self.gram.get(c, r));
                    *pixel = cell.unwrap_or_default().to_bytes();
                    *next = 0;
                    self.cursor.step(&self.registers);
                }
                *next += 1;
                pixel[*next - 1]
            }
        }
    }

    fn is_answering(&self) -> bool {
        match &self.answer {
            None => false,
            Some(Answer::Registers { bytes, next }) => *next < bytes.len(),
            Some(Answer::Memory { .. }) => true,
        }
    }
}

impl Controller for Dcs {
    fn set_interface(&mut self, interface: Interface) {
        self.interface = interface;
    }

    fn status(&mut self, now: Time) -> Status {
        self.settle(now);
        let r = &self.registers;
        Status {
            controller: self.chip.name,
            module: self.module.name,
            asleep: r.asleep,
            on: r.on,
            in_reset: self.low_since.is_some(),
            backlight: self.backlight,
            lit: !r.asleep && r.on && self.backlight,
            inverted: r.inverted != self.module.inverted,
            madctl: r.madctl,
            colmod: r.colmod,
            wires: self.interface.wires(),
        }
    }

    fn is_amid_command(&self) -> bool {
        let command = self.current.and_then(|current| current.command);
        command.is_some_and(|command| match command.follows {
            Follows::Parameters(needed) => self.parameters.len() < usize::from(needed),
            _ => false,
        })
    }

    fn due(&self) -> Option<Time> {
        self.low_since
            .filter(|_| !self.was_reset)
            .map(|since| since + RESET_PULSE)
    }

    fn counts(&self) -> &Counts {
        &self.counts
    }

    fn complaints(&self) -> &Complaints {
        &self.complaints
    }

    fn forget(&mut self) {
        self.counts = Counts::default();
        self.complaints = Complaints::default();
    }

    fn power_cycle(&mut self, now: Time) {
        self.gram = Gram::noise(self.module.memory);
        self.reset("power-on", now);
        // A wire that is low through it has done its work.
        self.was_reset = self.low_since.is_some();
    }

    fn glass(&self) -> Picture {
        let (width, height) = self.module.size();
        if self.chip.grey {
            let madctl = self.registers.madctl;
            return Picture::from_fn(width, height, |x, y| {
                let x = if madctl & MX == 0 { x } else { width - 1 - x };
                let y = if madctl & MY == 0 { y } else { height - 1 - y };
                let (column, row) = self.module.cell(x, y);
                st7586::shown(self.gram.get(column, row).unwrap_or_default(), x)
            });
        }
        let panel = self.registers.panel;
        let swap = (self.registers.has(BGR) != self.module.bgr) != panel.bgr;
        Picture::from_fn(width, height, |x, y| {
            let (column, mut row) = self.module.cell(x, y);
            if panel.upside_down {
                row = self.module.memory.1 - 1 - row;
            }
            let cell = self.gram.get(column, row).unwrap_or_default();
            cell.to_565_swapped(swap)
        })
    }

    fn tearing_line(&self, now: Time) -> bool {
        let line = self.registers.panel.line;
        self.registers.tearing.is_some() && self.beam.level(line, now)
    }

    fn next_edge(&self, edges: Edges, since: Time) -> Option<Edge> {
        let line = self.registers.panel.line;
        self.registers.tearing?;
        self.beam.edge(line, edges, since)
    }

    fn deliver(&mut self, edge: Edge, now: Time) {
        self.beam.deliver(edge, now);
    }

    fn look(&mut self, now: Time) -> Look {
        self.status(now).look(self.registers.idle)
    }

    fn command_name(&self, opcode: u8) -> Option<&'static str> {
        self.chip.lookup(opcode).map(|c| c.name)
    }
}

#[cfg(test)]
mod tests;
