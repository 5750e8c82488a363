// SPDX-License-Identifier: GPL-2.0

//! Controllers with the MIPI display command set, on their serial interfaces:
//! what they have in common. Section numbers are those of the datasheet of the
//! ILI9341 (V1.11).
//!
//! What is not here: vertical scrolling, the partial area, the colour look-up
//! table and the gamma curves are accepted and change nothing, and the tearing
//! effect line tells of vertical blanking only.

use std::fmt;
use std::time::Duration;

use crate::bus::{Edges, Line, Target, Time, Transfer, Word};
use crate::complaints::Complaints;
use crate::gram::{Gram, Rgb666};
use crate::picture::{Look, Picture};

use super::beam::{self, Beam, Edge, Seen};
use super::commands::{self as op, Command, Follows};
use super::module::Module;
use super::serial::{self, Interface};
use super::st7586;
use super::{Controller, Counts, Status};

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

/// The shortest pulse that resets (15.4, tRW).
const RESET_PULSE: Duration = Duration::from_micros(10);
/// From a reset or a change of sleep to the next command (8.2.2, 8.2.11, 8.2.12).
const SETTLE: Duration = Duration::from_millis(5);
/// From a reset or sleep-in to sleep-out, and from sleep-out to sleep-in.
const SLEEP: Duration = Duration::from_millis(120);

/// MADCTL: rows from the bottom.
pub const MY: u8 = 1 << 7;
/// MADCTL: columns from the right.
pub const MX: u8 = 1 << 6;
/// MADCTL: rows and columns exchanged.
pub const MV: u8 = 1 << 5;
/// MADCTL: refreshed from the bottom.
pub const ML: u8 = 1 << 4;
/// MADCTL: the colour filter is blue, green, red.
pub const BGR: u8 = 1 << 3;
/// MADCTL: refreshed from the right.
pub const MH: u8 = 1 << 2;

/// From and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u16,
    end: u16,
}

impl Span {
    fn from_parameters(p: &[u8]) -> Self {
        let word = |i: usize| u16::from_be_bytes([p[i], p[i + 1]]);
        Self {
            start: word(0),
            end: word(2),
        }
    }

    fn len(self) -> u64 {
        (u64::from(self.end) + 1).saturating_sub(u64::from(self.start))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A flag at its place in a byte.
fn bit(place: u8, set: bool) -> u8 {
    u8::from(set) << place
}

/// Everything that a reset sets back.
#[derive(Clone, Debug)]
struct Registers {
    /// Columns and rows of the memory, which no reset changes.
    memory: (u16, u16),
    grey: bool,
    panel: Panel,
    asleep: bool,
    on: bool,
    inverted: bool,
    idle: bool,
    partial: bool,
    columns: Span,
    pages: Span,
    madctl: u8,
    colmod: u8,
    gamma: u8,
    tearing: Option<u8>,
    brightness: u8,
    control: u8,
    adaptive: u8,
    least: u8,
}

impl Registers {
    fn new(memory: (u16, u16), chip: &Chip) -> Self {
        Self {
            memory,
            grey: chip.grey,
            panel: Panel::default(),
            asleep: true,
            on: false,
            inverted: false,
            idle: false,
            partial: false,
            columns: Span {
                start: 0,
                end: memory.0 - 1,
            },
            pages: Span {
                start: 0,
                end: memory.1 - 1,
            },
            madctl: 0,
            colmod: chip.colmod,
            gamma: 1,
            tearing: None,
            brightness: 0,
            control: 0,
            adaptive: 0,
            least: 0,
        }
    }

    fn has(&self, bit: u8) -> bool {
        self.madctl & bit != 0 && !self.grey
    }

    /// Columns and pages of the frame memory, as addresses see it.
    fn extent(&self) -> (u16, u16) {
        let (columns, rows) = self.memory;
        if self.has(MV) {
            (rows, columns)
        } else {
            (columns, rows)
        }
    }

    fn window_fits(&self) -> bool {
        let (columns, pages) = self.extent();
        self.columns.end < columns && self.pages.end < pages
    }

    /// Pixels of the window.
    fn area(&self) -> u64 {
        self.columns.len() * self.pages.len()
    }

    /// The place in the memory of an address (8.2.29 and figure 9.3).
    fn place(&self, column: u16, page: u16) -> Option<(u16, u16)> {
        let (x, y) = if self.has(MV) {
            (page, column)
        } else {
            (column, page)
        };
        let c = if self.has(MX) {
            (self.memory.0 - 1).checked_sub(x)?
        } else {
            x
        };
        let r = if self.has(MY) {
            (self.memory.1 - 1).checked_sub(y)?
        } else {
            y
        };
        Some((c, r))
    }

    /// The line of a scan on which this row is.
    fn scanned(&self, row: u16) -> u16 {
        if self.has(ML) {
            self.memory.1 - 1 - row
        } else {
            row
        }
    }

    /// Bytes of a pixel on the wire.
    fn pixel_bytes(&self) -> usize {
        match self.colmod & 7 {
            _ if self.grey => 1,
            5 => 2,
            _ => 3,
        }
    }

    /// RDDPM, 8.2.5.
    fn power_mode(&self) -> u8 {
        bit(7, !self.asleep)
            | bit(6, self.idle)
            | bit(5, self.partial)
            | bit(4, !self.asleep)
            | bit(3, !self.partial)
            | bit(2, self.on)
    }

    /// RDDSM, 8.2.9.
    fn signal_mode(&self) -> u8 {
        bit(7, self.tearing.is_some()) | bit(6, self.tearing_mode())
    }

    /// RDDST, 8.2.4: the other registers, in an order of its own.
    fn status(&self) -> [u8; 4] {
        let format = (self.colmod & 7) << 4;
        let curve = self.curve() << 6;
        [
            bit(7, !self.asleep) | ((self.madctl & 0xfc) >> 1),
            format | ((self.power_mode() & 0x78) >> 3),
            bit(5, self.inverted) | bit(2, self.on) | bit(1, self.tearing.is_some()),
            curve | bit(5, self.tearing_mode()),
        ]
    }

    /// Whether the tearing line tells of horizontal blanking, too.
    fn tearing_mode(&self) -> bool {
        self.tearing.is_some_and(|mode| mode & 1 != 0)
    }

    /// The number of the gamma curve, 0 to 3.
    fn curve(&self) -> u8 {
        self.gamma.trailing_zeros().min(3) as u8
    }
}

/// Where the next pixel goes, and how many have gone since the memory write.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    column: u16,
    page: u16,
    gone: u64,
}

impl Cursor {
    fn start(registers: &Registers) -> Self {
        Self {
            column: registers.columns.start,
            page: registers.pages.start,
            gone: 0,
        }
    }

    /// To the right, then down, then from the start again.
    fn step(&mut self, registers: &Registers) {
        self.gone += 1;
        if self.column < registers.columns.end {
            self.column += 1;
            return;
        }
        self.column = registers.columns.start;
        if self.page < registers.pages.end {
            self.page += 1;
        } else {
            self.page = registers.pages.start;
        }
    }
}

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

    /// Bytes that a line calls data or commands. Returns how many of them went
    /// to the controller before it began to answer.
    fn take_bytes(&mut self, bytes: &[u8], listens: bool, now: Time) -> usize {
        if self.dc {
            self.answer = None;
            self.data(bytes, now);
            return bytes.len();
        }
        for (i, &byte) in bytes.iter().enumerate() {
            self.command(byte, now);
            if listens && self.answer.is_some() {
                return i + 1;
            }
        }
        bytes.len()
    }

    /// Words that say themselves what they are.
    fn take_words(&mut self, bytes: &[u8], word: Word, now: Time) {
        let mut data = Vec::new();
        let rest = serial::nines(bytes, word, |is_data, byte| {
            if is_data {
                data.push(byte);
                return;
            }
            self.flush(&mut data, now);
            self.command(byte, now);
        });
        self.flush(&mut data, now);
        if rest != 0 {
            self.complaints
                .add(format_args!("a word of 9 bits cut after {rest}"));
        }
    }

    /// Hands on the data that has come, if any has.
    fn flush(&mut self, data: &mut Vec<u8>, now: Time) {
        if !data.is_empty() {
            self.answer = None;
            self.data(data, now);
            data.clear();
        }
    }

    /// What a host sends on the interface with a D/C line.
    fn transfer_with_line(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time) {
        if transfer.word == Word::Bits9 {
            self.complaints
                .add(format_args!("words of 9 bits on a 4-wire module"));
            return;
        }
        let converts = self.interface == Interface::Converter;
        if transfer.word == Word::Bits16 && !self.dc && !transfer.tx.is_empty() && !converts {
            self.complaints
                .add(format_args!("words of 16 bits with D/C low"));
        }
        let mut wire = serial::reorder(transfer.tx, transfer.word);
        if converts {
            wire = self.convert(&wire).into();
        }
        // What the host sends while it is being answered are clocks.
        let taken = if !rx.is_empty() && (wire.is_empty() || self.is_answering()) {
            0
        } else {
            self.take_bytes(&wire, !rx.is_empty(), now)
        };
        let answer = rx.get_mut(taken..).unwrap_or_default();
        if self.module.readable {
            self.answer_into(answer);
        } else {
            answer.fill(self.module.pull);
        }
        if transfer.word == Word::Bits16 && !rx.is_empty() {
            let swapped = serial::reorder(rx, transfer.word).into_owned();
            rx.copy_from_slice(&swapped);
        }
    }

    /// What comes out of the converter on a module with one: a bus of 16 lines
    /// is written at each sixteenth bit. Commands and parameters are on the
    /// lower eight of them, pixels on all.
    fn convert(&mut self, wire: &[u8]) -> Vec<u8> {
        if wire.len() % 2 != 0 {
            self.complaints
                .add(format_args!("{} bytes to a converter of pairs", wire.len()));
        }
        let follows = self.current.and_then(|current| current.command);
        let follows = follows.map(|command| command.follows);
        if self.dc && follows == Some(Follows::Pixels) {
            return wire[..wire.len() & !1].to_vec();
        }
        wire.chunks_exact(2).map(|pair| pair[1]).collect()
    }

    /// What a host sends on the interface without one.
    fn transfer_of_nines(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time) {
        match (transfer.tx.is_empty(), rx.is_empty()) {
            (_, true) => self.take_words(transfer.tx, transfer.word, now),
            (true, false) if !self.module.readable => {}
            (true, false) if transfer.word == Word::Bits8 => self.answer_into(rx),
            (true, false) => self
                .complaints
                .add(format_args!("an answer read in words that are not bytes")),
            // There is one wire for both directions.
            (false, false) => self
                .complaints
                .add(format_args!("sent and read at once on a 3-wire module")),
        }
    }

    fn answer_into(&mut self, rx: &mut [u8]) {
        for byte in rx {
            *byte = self.clock_out();
        }
    }
}

impl Target for Dcs {
    fn transfer(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], now: Time) {
        rx.fill(0);
        self.settle(now);
        if self.low_since.is_some() {
            self.complaints
                .add(format_args!("SPI traffic during hardware reset"));
            return;
        }
        if !transfer.mode.samples_rising() {
            self.complaints.add(format_args!(
                "SPI mode {}: data is sampled where the clock rises, mode 0 or 3",
                transfer.mode
            ));
        }
        self.beam.begin(transfer.hz, now);
        match self.interface {
            Interface::FourWire | Interface::Converter => {
                self.byte_bits = 8;
                self.transfer_with_line(transfer, rx, now)
            }
            Interface::ThreeWire => {
                self.byte_bits = 9;
                self.transfer_of_nines(transfer, rx, now)
            }
        }
        let bits = transfer.bits(rx.len());
        self.beam.end(bits, self.is_writing());
        if transfer.deselects {
            self.answer = None;
        }
    }

    fn line(&mut self, line: Line, high: bool, now: Time) {
        self.settle(now);
        match line {
            Line::Dc => self.dc = high,
            Line::Backlight => self.backlight = high,
            Line::Te => {}
            Line::Reset if !high => {
                if self.low_since.is_none() {
                    self.low_since = Some(now);
                    self.was_reset = false;
                }
            }
            Line::Reset => {
                let Some(since) = self.low_since.take() else {
                    return;
                };
                if self.was_reset {
                    self.changed = Some(("reset", now));
                    self.slept = self.changed;
                } else {
                    self.complaints.add(format_args!(
                        "reset pulse of {:.1} us, 10 us are needed",
                        ms(since, now) * 1e3
                    ));
                }
            }
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
