// SPDX-License-Identifier: GPL-2.0

//! Ilitek ILI9225, 176x220, which has registers of its own: an index with D/C
//! low (its line is called RS), then 16 bits with D/C high. On its one module.
//!
//! What is not here: scrolling, the partial area and the gamma registers are
//! accepted and change nothing.

use crate::bus::{Line, Target, Time, Transfer, Word};
use crate::complaints::Complaints;
use crate::gram::{Gram, Rgb666};
use crate::picture::{Look, Picture};

use super::serial::{self, Interface};
use super::{Controller, Counts, Status};

/// The module: its SPI device id.
pub const MODULE: &str = "v220hf01a-t";

const MEMORY: (u16, u16) = (176, 220);

/// Driver output control: SS and GS.
const DRIVER_OUTPUT: u8 = 0x01;
/// Entry mode: BGR, ID1 and ID0, AM.
const ENTRY_MODE: u8 = 0x03;
/// Display control 1: GON, REV, D1 and D0.
const DISPLAY_CONTROL: u8 = 0x07;
/// Power control 1: SAP, DSTB, STB.
const POWER_CONTROL: u8 = 0x10;
/// Horizontal and vertical address of the next pixel.
const ADDRESS_X: u8 = 0x20;
const ADDRESS_Y: u8 = 0x21;
/// Pixels.
const GRAM_DATA: u8 = 0x22;
/// The window: horizontal end and start, vertical end and start.
const WINDOW: [u8; 4] = [0x36, 0x37, 0x38, 0x39];

/// The registers that there are, with their names.
const NAMES: &[(u8, &str)] = &[
    (0x00, "DRIVER_CODE"),
    (DRIVER_OUTPUT, "DRIVER_OUTPUT"),
    (0x02, "LCD_AC_DRIVING"),
    (ENTRY_MODE, "ENTRY_MODE"),
    (DISPLAY_CONTROL, "DISPLAY_CONTROL_1"),
    (0x08, "BLANK_PERIOD"),
    (0x0b, "FRAME_CYCLE"),
    (0x0c, "INTERFACE"),
    (0x0f, "OSCILLATION"),
    (POWER_CONTROL, "POWER_CONTROL_1"),
    (0x11, "POWER_CONTROL_2"),
    (0x12, "POWER_CONTROL_3"),
    (0x13, "POWER_CONTROL_4"),
    (0x14, "POWER_CONTROL_5"),
    (0x15, "VCI_RECYCLING"),
    (ADDRESS_X, "RAM_ADDRESS_1"),
    (ADDRESS_Y, "RAM_ADDRESS_2"),
    (GRAM_DATA, "GRAM_DATA"),
    (0x28, "SOFTWARE_RESET"),
    (0x30, "GATE_SCAN"),
    (0x31, "VERTICAL_SCROLL_1"),
    (0x32, "VERTICAL_SCROLL_2"),
    (0x33, "VERTICAL_SCROLL_3"),
    (0x34, "PARTIAL_POSITION_1"),
    (0x35, "PARTIAL_POSITION_2"),
    (WINDOW[0], "HORIZONTAL_END"),
    (WINDOW[1], "HORIZONTAL_START"),
    (WINDOW[2], "VERTICAL_END"),
    (WINDOW[3], "VERTICAL_START"),
    (0x50, "GAMMA_1"),
    (0x51, "GAMMA_2"),
    (0x52, "GAMMA_3"),
    (0x53, "GAMMA_4"),
    (0x54, "GAMMA_5"),
    (0x55, "GAMMA_6"),
    (0x56, "GAMMA_7"),
    (0x57, "GAMMA_8"),
    (0x58, "GAMMA_9"),
    (0x59, "GAMMA_10"),
];

fn name(index: u8) -> Option<&'static str> {
    let found = NAMES.iter().find(|(register, _)| *register == index);
    found.map(|(_, name)| *name)
}

/// The controller, the memory and the glass.
pub struct Ili9225 {
    gram: Gram,
    registers: [u16; 256],
    counts: Counts,
    complaints: Complaints,
    rs: bool,
    backlight: bool,
    in_reset: bool,
    index: u8,
    /// The upper half of a value.
    half: Option<u8>,
    /// Complained once about pixels that nobody can see, since the index was set.
    scolded: bool,
}

impl Ili9225 {
    /// A module that gets its power.
    pub fn new() -> Self {
        let mut new = Self {
            gram: Gram::noise(MEMORY),
            registers: [0; 256],
            counts: Counts::default(),
            complaints: Complaints::default(),
            rs: Line::Dc.pull(),
            backlight: Line::Backlight.pull(),
            in_reset: false,
            index: 0,
            half: None,
            scolded: false,
        };
        new.reset();
        new
    }

    fn reset(&mut self) {
        self.registers = [0; 256];
        self.registers[usize::from(DRIVER_OUTPUT)] = 0x001c;
        self.registers[usize::from(ENTRY_MODE)] = 0x0030;
        self.registers[usize::from(WINDOW[0])] = MEMORY.0 - 1;
        self.registers[usize::from(WINDOW[2])] = MEMORY.1 - 1;
        self.index = 0;
        self.half = None;
    }

    fn register(&self, index: u8) -> u16 {
        self.registers[usize::from(index)]
    }

    fn has(&self, index: u8, bit: u8) -> bool {
        (self.register(index) >> bit) & 1 != 0
    }

    /// No current for the outputs, or standby.
    fn is_asleep(&self) -> bool {
        let power = self.register(POWER_CONTROL);
        (power >> 8) & 0xf == 0 || power & 3 != 0
    }

    fn is_on(&self) -> bool {
        self.has(DISPLAY_CONTROL, 4) && self.register(DISPLAY_CONTROL) & 3 == 3
    }

    fn set_index(&mut self, index: u8) {
        if self.half.take().is_some() {
            self.complaints
                .add(format_args!("half a value before index 0x{index:02x}"));
        }
        *self.counts.opcodes.entry(index).or_default() += 1;
        self.counts.last = Some(index);
        self.index = index;
        self.scolded = false;
        if index == GRAM_DATA {
            self.counts.ramwr += 1;
            self.look_at_window();
        }
        if name(index).is_none() {
            self.complaints
                .add(format_args!("unknown register 0x{index:02x}"));
        }
    }

    fn look_at_window(&mut self) {
        let [right, left, bottom, top] = WINDOW.map(|index| self.register(index));
        let (x, y) = (self.register(ADDRESS_X), self.register(ADDRESS_Y));
        if left > right || right >= MEMORY.0 || top > bottom || bottom >= MEMORY.1 {
            self.complaints.add(format_args!(
                "GRAM_DATA: no window: {left}..{right} x {top}..{bottom}"
            ));
        } else if !(left..=right).contains(&x) || !(top..=bottom).contains(&y) {
            self.complaints.add(format_args!(
                "GRAM_DATA: address {x},{y} is outside of {left}..{right} x {top}..{bottom}"
            ));
        }
    }

    fn data(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let Some(upper) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let value = u16::from_be_bytes([upper, byte]);
            if self.index == GRAM_DATA {
                self.pixel(value);
            } else {
                self.set(value);
            }
        }
    }

    fn set(&mut self, value: u16) {
        let before = (self.is_asleep(), self.is_on());
        if self.index == 0x28 && value == 0x00ce {
            self.counts.soft_resets += 1;
            self.reset();
            return;
        }
        self.registers[usize::from(self.index)] = value;
        let now = (self.is_asleep(), self.is_on());
        self.counts.sleep_outs += u64::from(before.0 && !now.0);
        self.counts.sleep_ins += u64::from(!before.0 && now.0);
        self.counts.display_ons += u64::from(!before.1 && now.1);
        self.counts.display_offs += u64::from(before.1 && !now.1);
    }

    fn pixel(&mut self, value: u16) {
        if self.is_asleep() && !self.scolded {
            self.scolded = true;
            self.complaints
                .add(format_args!("GRAM_DATA: pixels without power"));
        }
        self.counts.pixels += 1;
        let (x, y) = (self.register(ADDRESS_X), self.register(ADDRESS_Y));
        self.gram.set(x, y, Rgb666::from_565(value));
        self.step(x, y);
    }

    /// One further, in the directions that ID1, ID0 and AM say.
    fn step(&mut self, x: u16, y: u16) {
        let [right, left, bottom, top] = WINDOW.map(|index| self.register(index));
        // The next place, and whether it is the first of its line or column again.
        let next = |at: u16, first: u16, last: u16, up: bool| match up {
            true if at == last => (first, true),
            true => (at + 1, false),
            false if at == first => (last, true),
            false => (at - 1, false),
        };
        let (next_x, wrapped_x) = next(x, left, right, self.has(ENTRY_MODE, 4));
        let (next_y, wrapped_y) = next(y, top, bottom, self.has(ENTRY_MODE, 5));
        let (x, y) = if self.has(ENTRY_MODE, 3) {
            (if wrapped_y { next_x } else { x }, next_y)
        } else {
            (next_x, if wrapped_x { next_y } else { y })
        };
        self.registers[usize::from(ADDRESS_X)] = x;
        self.registers[usize::from(ADDRESS_Y)] = y;
    }
}

impl Default for Ili9225 {
    fn default() -> Self {
        Self::new()
    }
}

impl Target for Ili9225 {
    fn transfer(&mut self, transfer: &Transfer<'_>, rx: &mut [u8], _: Time) {
        // Its answers are not wired.
        rx.fill(0);
        if !serial::listens(transfer, self.in_reset, &mut self.complaints) {
            return;
        }
        if transfer.word == Word::Bits9 || (transfer.word == Word::Bits16 && !self.rs) {
            self.complaints.add(format_args!(
                "words of {} bits with RS {}",
                transfer.word.bits(),
                if self.rs { "high" } else { "low" }
            ));
        }
        let wire = serial::reorder(transfer.tx, transfer.word);
        if self.rs {
            self.data(&wire);
        } else {
            for &index in wire.iter() {
                self.set_index(index);
            }
        }
    }

    fn line(&mut self, line: Line, high: bool, _: Time) {
        match line {
            Line::Dc => self.rs = high,
            Line::Backlight => self.backlight = high,
            Line::Te => {}
            Line::Reset if high => self.in_reset = false,
            Line::Reset => {
                if !self.in_reset {
                    self.counts.hard_resets += 1;
                }
                self.in_reset = true;
                self.gram = Gram::noise(MEMORY);
                self.reset();
            }
        }
    }
}

impl Controller for Ili9225 {
    fn set_interface(&mut self, interface: Interface) {
        if interface != Interface::FourWire {
            self.complaints
                .add(format_args!("the module has one interface, with RS"));
        }
    }

    fn status(&mut self, _: Time) -> Status {
        let (asleep, on) = (self.is_asleep(), self.is_on());
        Status {
            controller: "ili9225",
            module: MODULE,
            asleep,
            on,
            in_reset: self.in_reset,
            backlight: self.backlight,
            lit: !asleep && on && self.backlight,
            // The glass is bright where it gets no voltage.
            inverted: !self.has(DISPLAY_CONTROL, 2),
            madctl: self.register(ENTRY_MODE) as u8,
            colmod: 0,
            wires: Interface::FourWire.wires(),
        }
    }

    fn is_amid_command(&self) -> bool {
        self.half.is_some()
    }

    fn due(&self) -> Option<Time> {
        None
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

    fn power_cycle(&mut self, _: Time) {
        self.gram = Gram::noise(MEMORY);
        self.reset();
    }

    fn glass(&self) -> Picture {
        let (width, height) = MEMORY;
        let swap = !self.has(ENTRY_MODE, 12);
        Picture::from_fn(width, height, |x, y| {
            let column = if self.has(DRIVER_OUTPUT, 8) {
                x
            } else {
                width - 1 - x
            };
            let row = if self.has(DRIVER_OUTPUT, 9) {
                height - 1 - y
            } else {
                y
            };
            let cell = self.gram.get(column, row).unwrap_or_default();
            cell.to_565_swapped(swap)
        })
    }

    fn look(&mut self, now: Time) -> Look {
        self.status(now).look(false)
    }

    fn command_name(&self, opcode: u8) -> Option<&'static str> {
        name(opcode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rig(Ili9225);

    impl Rig {
        fn awake() -> Self {
            let mut rig = Self(Ili9225::new());
            rig.set(POWER_CONTROL, 0x0800);
            rig
        }

        fn bytes(&mut self, rs: bool, bytes: &[u8]) {
            self.0.line(Line::Dc, rs, Time::ZERO);
            self.0
                .transfer(&Transfer::bytes(bytes), &mut [], Time::ZERO);
        }

        fn set(&mut self, index: u8, value: u16) -> &mut Self {
            self.bytes(false, &[index]);
            self.bytes(true, &value.to_be_bytes());
            self
        }

        fn window(&mut self, left: u16, top: u16, right: u16, bottom: u16) -> &mut Self {
            for (index, value) in WINDOW.into_iter().zip([right, left, bottom, top]) {
                self.set(index, value);
            }
            self
        }

        fn pixels(&mut self, pixels: &[u16]) {
            let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_be_bytes()).collect();
            self.bytes(false, &[GRAM_DATA]);
            self.bytes(true, &bytes);
        }

        fn cell(&self, x: u16, y: u16) -> u16 {
            self.0.gram.get(x, y).unwrap().to_565()
        }

        #[track_caller]
        fn complains(&mut self, of: &str) {
            let kept = self.0.complaints.kept().to_vec();
            assert!(
                kept.len() == 1 && kept[0].contains(of),
                "{kept:?} is not one of {of:?}"
            );
            self.0.forget();
        }
    }

    #[test]
    fn pixels_go_where_the_entry_mode_says() {
        // The entry mode, where it begins, and where the second and the third pixel go.
        let cases = [
            (0x1030, (10, 20), (11, 20), (10, 21)),
            (0x1018, (10, 21), (10, 20), (11, 21)),
            (0x1000, (11, 21), (10, 21), (11, 20)),
            (0x1028, (11, 20), (11, 21), (10, 20)),
        ];
        for (mode, first, second, third) in cases {
            let mut rig = Rig::awake();
            rig.set(ENTRY_MODE, mode)
                .window(10, 20, 11, 21)
                .set(ADDRESS_X, first.0)
                .set(ADDRESS_Y, first.1);
            rig.pixels(&[1, 2, 3]);
            let cells = [first, second, third].map(|(x, y)| rig.cell(x, y));
            assert_eq!(cells, [1, 2, 3], "{mode:#x}");
            assert_eq!(rig.0.complaints.kept(), [""; 0]);
        }
    }

    #[test]
    fn what_is_wrong_is_complained_of() {
        let mut rig = Rig::awake();
        rig.window(10, 0, 9, 0).pixels(&[]);
        rig.complains("no window: 10..9 x 0..0");
        rig.window(10, 0, 20, 9).set(ADDRESS_X, 9).pixels(&[]);
        rig.complains("address 9,0 is outside of 10..20 x 0..9");
        rig.set(0x99, 0);
        rig.complains("unknown register 0x99");
        rig.bytes(false, &[ENTRY_MODE]);
        rig.bytes(true, &[1]);
        rig.bytes(false, &[0]);
        rig.complains("half a value before index 0x00");
        rig.window(0, 0, 9, 9).set(ADDRESS_X, 0);
        rig.set(POWER_CONTROL, 0x0a02).pixels(&[1, 2]);
        rig.complains("pixels without power");
    }

    #[test]
    fn it_is_on_with_gates_and_data() {
        let mut rig = Rig::awake();
        let status = |rig: &mut Rig| {
            let status = rig.0.status(Time::ZERO);
            (status.asleep, status.on, status.inverted)
        };
        assert_eq!(status(&mut rig), (false, false, true));
        rig.set(DISPLAY_CONTROL, 0x0012);
        assert_eq!(status(&mut rig), (false, false, true));
        rig.set(DISPLAY_CONTROL, 0x1017);
        assert_eq!(status(&mut rig), (false, true, false));
        rig.0.line(Line::Reset, false, Time::ZERO);
        assert_eq!(status(&mut rig), (true, false, true));
        rig.bytes(false, &[0]);
        rig.complains("during hardware reset");
    }
}
