// SPDX-License-Identifier: GPL-2.0

use proptest::prelude::*;

use super::op::*;
use super::registers::{ML, MV};
use super::*;
use crate::bus::{Mode, Target, Transfer, Word};
use crate::controller::module::MODULES;
use crate::controller::{beam, ili9341};
use crate::picture::{Shown, Turn};

/// A driver's end of the wires, with a clock that it moves itself.
struct Rig {
    panel: Dcs,
    now: Time,
}

impl Rig {
    /// Some time after power-on, so that nothing is too early.
    fn new() -> Self {
        Self {
            panel: Dcs::new(&ili9341::CHIP, &MODULES[0], Time::ZERO),
            now: Duration::from_secs(1),
        }
    }

    /// Awake, on, and 16 bits a pixel.
    fn ready() -> Self {
        let mut rig = Self::new();
        rig.send(SLPOUT, &[]);
        rig.wait(120);
        rig.send(DISPON, &[]).send(COLMOD, &[0x55]);
        rig
    }

    fn wait(&mut self, ms: u64) -> &mut Self {
        self.now += Duration::from_millis(ms);
        self
    }

    fn line(&mut self, line: Line, high: bool) -> &mut Self {
        self.panel.line(line, high, self.now);
        self
    }

    fn bytes(&mut self, dc: bool, bytes: &[u8]) -> &mut Self {
        self.line(Line::Dc, dc);
        self.panel
            .transfer(&Transfer::bytes(bytes), &mut [], self.now);
        self
    }

    fn command(&mut self, opcode: u8) -> &mut Self {
        self.bytes(false, &[opcode])
    }

    fn send(&mut self, opcode: u8, parameters: &[u8]) -> &mut Self {
        self.command(opcode);
        if !parameters.is_empty() {
            self.bytes(true, parameters);
        }
        self
    }

    fn read(&mut self, opcode: u8, length: usize) -> Vec<u8> {
        self.command(opcode);
        let mut rx = vec![0xa5; length];
        self.panel
            .transfer(&Transfer::bytes(&[]), &mut rx, self.now);
        rx
    }

    fn window(&mut self, x: u16, y: u16, w: u16, h: u16) -> &mut Self {
        let span = |at: u16, n: u16| [at.to_be_bytes(), (at + n - 1).to_be_bytes()].concat();
        self.send(CASET, &span(x, w)).send(PASET, &span(y, h))
    }

    fn status(&mut self) -> Status {
        self.panel.status(self.now)
    }

    #[track_caller]
    fn complains(&mut self, of: &str) {
        let kept = self.panel.complaints.kept().to_vec();
        assert!(
            kept.len() == 1 && kept[0].contains(of),
            "{kept:?} is not one of {of:?}"
        );
        self.panel.forget();
    }

    #[track_caller]
    fn is_content(&self) {
        assert_eq!(self.panel.complaints.kept(), [""; 0]);
    }
}

fn frame(pixels: impl IntoIterator<Item = u16>) -> Vec<u8> {
    pixels.into_iter().flat_map(u16::to_be_bytes).collect()
}

/// What the init table of a driver for this controller looks like.
const INIT: &[(u8, &[u8])] = &[
    (DISPOFF, &[]),
    (0xcf, &[0x00, 0xc1, 0x30]),
    (0xed, &[0x64, 0x03, 0x12, 0x81]),
    (0xe8, &[0x85, 0x00, 0x78]),
    (0xcb, &[0x39, 0x2c, 0x00, 0x34, 0x02]),
    (0xf7, &[0x20]),
    (0xea, &[0x00, 0x00]),
    (0xc0, &[0x23]),
    (0xc1, &[0x10]),
    (0xc5, &[0x3e, 0x28]),
    (0xc7, &[0x86]),
    (COLMOD, &[0x55]),
    (0xb1, &[0x00, 0x1b]),
    (0xf2, &[0x00]),
    (GAMSET, &[0x01]),
    (0xe0, &[15; 15]),
    (0xe1, &[15; 15]),
    (0xb7, &[0x07]),
    (0xb6, &[0x08, 0x82, 0x27, 0x00]),
    (MADCTL, &[MX | BGR]),
];

#[test]
fn a_driver_initialises() {
    let mut rig = Rig::new();
    rig.line(Line::Reset, false)
        .wait(1)
        .line(Line::Reset, true)
        .wait(120);
    rig.send(SWRESET, &[]).wait(5);
    for (opcode, parameters) in INIT {
        rig.send(*opcode, parameters);
    }
    assert!(!rig.status().lit);
    rig.send(SLPOUT, &[]).wait(100).send(DISPON, &[]);
    rig.is_content();
    let status = rig.status();
    assert!(status.lit && status.on && !status.asleep);
    assert_eq!((status.madctl, status.colmod), (MX | BGR, 0x55));
    let counts = rig.panel.counts();
    assert_eq!((counts.hard_resets, counts.soft_resets), (1, 1));
    assert_eq!((counts.display_offs, counts.display_ons), (1, 1));
    assert_eq!(counts.last, Some(DISPON));
}

#[test]
fn every_address_mode_lands_where_the_viewer_turned_it() {
    // Rotations of a driver, each with the turn of the viewer and a size.
    let rotations = [
        (MX, Turn::None, 240, 320),
        (MV, Turn::Left, 320, 240),
        (MY, Turn::Over, 240, 320),
        (MV | MY | MX, Turn::Right, 320, 240),
    ];
    for (madctl, turn, w, h) in rotations {
        let mut rig = Rig::ready();
        rig.send(MADCTL, &[madctl | BGR])
            .window(0, 0, w, h)
            .command(RAMWR);
        rig.bytes(
            true,
            &frame((0..u32::from(w) * u32::from(h)).map(|i| (i * 7) as u16)),
        );
        rig.is_content();
        let wanted = Picture::from_fn(w, h, |x, y| {
            ((u32::from(y) * u32::from(w) + u32::from(x)) * 7) as u16
        });
        assert_eq!(rig.panel.glass().turned(turn), wanted, "{madctl:#x}");
    }
}

#[test]
fn the_mirrored_address_modes_are_mirrored() {
    for madctl in (0..8).map(|bits| (bits << 5) | BGR) {
        let mut rig = Rig::ready();
        rig.send(MADCTL, &[madctl])
            .window(2, 5, 1, 1)
            .send(RAMWR, &[0x12, 0x34]);
        let (mut c, mut r) = if madctl & MV != 0 { (5, 2) } else { (2, 5) };
        if madctl & MX != 0 {
            c = 239 - c;
        }
        if madctl & MY != 0 {
            r = 319 - r;
        }
        assert_eq!(rig.panel.gram.get(c, r), Some(Rgb666::from_565(0x1234)));
        assert_eq!(rig.panel.glass().pixel(239 - c, r), Some(0x1234));
    }
}

#[test]
fn colours_are_wrong_without_the_filter_bit() {
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[MX])
        .window(0, 0, 1, 1)
        .send(RAMWR, &[0xf8, 0x00]);
    assert_eq!(rig.panel.glass().pixel(0, 0), Some(0x001f));
}

#[test]
fn eighteen_bits_are_three_bytes() {
    let mut rig = Rig::ready();
    rig.send(COLMOD, &[0x66])
        .send(MADCTL, &[MX | BGR])
        .window(0, 0, 2, 1);
    rig.send(RAMWR, &[0xfc, 0x00, 0x00, 0x00, 0xfc, 0x04]);
    rig.is_content();
    assert_eq!(rig.panel.glass().pixel(0, 0), Some(0xf800));
    assert_eq!(rig.panel.glass().pixel(1, 0), Some(0x07e0));
    assert_eq!(rig.panel.counts().pixels, 2);
    assert_eq!(rig.read(RAMRD, 7), [0, 0xfc, 0, 0, 0, 0xfc, 4]);
}

#[test]
fn sixteen_bit_words_are_the_same_bytes() {
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[MX | BGR])
        .window(0, 0, 1, 1)
        .command(RAMWR)
        .line(Line::Dc, true);
    let words = Transfer {
        word: Word::Bits16,
        ..Transfer::bytes(&[0x34, 0x12])
    };
    rig.panel.transfer(&words, &mut [], rig.now);
    rig.is_content();
    assert_eq!(rig.panel.glass().pixel(0, 0), Some(0x1234));
}

#[test]
fn a_memory_write_goes_on() {
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[MX | BGR]).window(0, 0, 2, 1);
    rig.send(RAMWR, &[0, 1])
        .send(NOP, &[])
        .send(RAMWRC, &[0, 2]);
    rig.is_content();
    assert_eq!(rig.panel.glass().pixel(1, 0), Some(2));
    // And from the start with the next one.
    rig.send(RAMWR, &[0, 3]);
    assert_eq!(rig.panel.glass().pixel(0, 0), Some(3));
    assert_eq!(rig.panel.counts().ramwr, 2);
}

#[test]
fn registers_are_read() {
    let mut rig = Rig::new();
    assert_eq!(rig.read(RDDPM, 1), [0x08]);
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[MV | BGR]).send(INVON, &[]);
    assert_eq!(rig.read(RDDPM, 1), [0x9c]);
    assert_eq!(rig.read(RDDMADCTL, 1), [MV | BGR]);
    assert_eq!(rig.read(RDDCOLMOD, 1), [0x55]);
    assert_eq!(rig.read(RDID4, 4), [0x00, 0x00, 0x93, 0x41]);
    assert_eq!(rig.read(RDID2, 1), [0x80]);
    // One dummy clock: everything is shifted by a bit.
    assert_eq!(rig.read(RDDID, 4), [0x00, 0x40, 0x00, 0x00]);
    let status = rig.read(RDDST, 5);
    let shifted = |i: usize| (status[i] << 1) | (status[i + 1] >> 7);
    assert_eq!([0, 1, 2, 3].map(shifted), [0x94, 0x53, 0x24, 0x00]);
    // Beyond the answer the line is not driven, and without a question neither.
    assert_eq!(rig.read(RDDPM, 3), [0x9c, 0, 0]);
    assert_eq!(rig.read(NOP, 2), [0, 0]);
    rig.is_content();
}

#[test]
fn one_transfer_in_both_directions_asks_and_listens() {
    let mut rig = Rig::ready();
    let mut rx = [0; 2];
    rig.line(Line::Dc, false);
    rig.panel
        .transfer(&Transfer::bytes(&[RDDPM, 0]), &mut rx, rig.now);
    assert_eq!(rx, [0, 0x9c]);
    rig.command(RDDPM);
    rig.panel
        .transfer(&Transfer::bytes(&[0]), &mut rx[..1], rig.now);
    assert_eq!(rx[0], 0x9c);
    rig.is_content();
}

#[test]
fn reset_forgets_everything_and_software_reset_not_the_memory() {
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[BGR])
        .window(0, 0, 1, 1)
        .send(RAMWR, &[0x12, 0x34]);
    rig.send(SWRESET, &[]);
    let status = rig.status();
    assert!(status.asleep && !status.on);
    assert_eq!((status.madctl, status.colmod), (0, 0x66));
    assert_eq!(rig.panel.gram.get(0, 0), Some(Rgb666::from_565(0x1234)));
    rig.line(Line::Reset, false).wait(1);
    assert!(rig.status().in_reset);
    assert_eq!(rig.panel.gram.get(0, 0), Gram::noise((240, 320)).get(0, 0));
    rig.line(Line::Reset, true);
    assert!(!rig.status().in_reset);
    assert_eq!(rig.panel.counts().hard_resets, 1);
    rig.is_content();
}

#[test]
fn a_low_reset_line_resets_once() {
    let mut rig = Rig::ready();
    rig.line(Line::Reset, false);
    assert_eq!(rig.panel.due(), Some(rig.now + RESET_PULSE));
    assert!(!rig.status().asleep);
    rig.now += RESET_PULSE;
    assert!(rig.status().asleep);
    assert_eq!(rig.panel.due(), None);
    rig.wait(5).status();
    rig.panel.power_cycle(rig.now);
    rig.wait(5).line(Line::Reset, true);
    assert_eq!(rig.panel.counts().hard_resets, 1);
    rig.wait(1)
        .command(NOP)
        .complains("NOP (0x00): 1.0 ms after reset");
}

#[test]
fn what_an_eye_sees() {
    let mut rig = Rig::ready();
    let shown = |rig: &mut Rig| rig.panel.look(rig.now).shown;
    assert_eq!(shown(&mut rig), Shown::Picture);
    rig.line(Line::Backlight, false);
    assert_eq!((shown(&mut rig), rig.status().lit), (Shown::Dark, false));
    rig.line(Line::Backlight, true).send(DISPOFF, &[]);
    assert_eq!((shown(&mut rig), rig.status().lit), (Shown::Black, false));
    rig.send(DISPON, &[]).send(SLPIN, &[]);
    assert_eq!((shown(&mut rig), rig.status().lit), (Shown::Black, false));
}

#[test]
fn complains_of_unknown_commands() {
    let mut rig = Rig::ready();
    rig.send(0xc3, &[1, 2, 3]).complains("unknown command 0xc3");
}

#[test]
fn complains_of_parameters() {
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[0, 0, 0])
        .bytes(true, &[0])
        .complains("MADCTL (0x36): more than 1");
    rig.send(CASET, &[0, 0, 0])
        .command(NOP)
        .complains("CASET (0x2a): 3 of 4");
    rig.send(DISPON, &[1])
        .complains("DISPON (0x29): more than 0");
    // In pieces they are as good as in one.
    rig.send(CASET, &[0, 0])
        .bytes(true, &[0, 1])
        .command(NOP)
        .is_content();
}

#[test]
fn complains_of_pixels_while_asleep() {
    let mut rig = Rig::new();
    rig.window(0, 0, 1, 1)
        .send(RAMWR, &[0])
        .bytes(true, &[0, 0]);
    rig.complains("RAMWR (0x2c): pixels while asleep");
}

#[test]
fn complains_of_traffic_in_reset() {
    let mut rig = Rig::ready();
    rig.line(Line::Reset, false)
        .send(NOP, &[])
        .complains("during hardware reset");
    let since = rig.now;
    rig.now = since + Duration::from_micros(3);
    rig.line(Line::Reset, true)
        .complains("reset pulse of 3.0 us");
}

#[test]
fn complains_of_haste() {
    let mut rig = Rig::new();
    rig.send(SWRESET, &[])
        .wait(4)
        .command(NOP)
        .complains("NOP (0x00): 4.0 ms after SWRESET");
    // It slept before, so it may wake up at once.
    rig.wait(1).send(SLPOUT, &[]).is_content();
    rig.wait(100)
        .send(SLPIN, &[])
        .complains("SLPIN (0x10): 100.0 ms after SLPOUT");
    rig.wait(3)
        .command(NOP)
        .complains("NOP (0x00): 3.0 ms after SLPIN");
    rig.wait(87)
        .send(SLPOUT, &[])
        .complains("SLPOUT (0x11): 90.0 ms after SLPIN");
    rig.wait(120).send(SWRESET, &[]).is_content();
    rig.wait(50)
        .send(SLPOUT, &[])
        .complains("SLPOUT (0x11): 50.0 ms after SWRESET");
    rig.line(Line::Reset, false).wait(1).line(Line::Reset, true);
    rig.wait(118).send(SLPOUT, &[]).is_content();
}

#[test]
fn complains_of_windows() {
    let mut rig = Rig::ready();
    rig.send(CASET, &[0, 9, 0, 8])
        .complains("CASET (0x2a): 9..8 ends before it starts");
    rig.send(RAMWR, &[0, 0]).complains("more than the 0 pixels");
    rig.send(CASET, &[0, 0, 1, 0x3f])
        .complains("CASET (0x2a): 0..319 is beyond");
    rig.command(RAMWR)
        .complains("RAMWR (0x2c): window 0..319 x 0..319");
    rig.send(MADCTL, &[MV])
        .send(CASET, &[0, 0, 1, 0x3f])
        .send(PASET, &[0, 0, 0, 239]);
    rig.command(RAMWR).is_content();
    rig.send(CASET, &[0, 0, 0xff, 0xff])
        .complains("0..65535 is beyond");
}

#[test]
fn complains_of_pixels() {
    let mut rig = Rig::ready();
    rig.window(0, 0, 2, 2)
        .send(RAMWR, &frame(0..4))
        .is_content();
    rig.bytes(true, &frame(0..4))
        .complains("more than the 4 pixels of window 0..1 x 0..1");
    rig.send(RAMWR, &[0, 0, 0])
        .command(NOP)
        .complains("cut after 1 of 2 bytes by NOP");
    rig.send(COLMOD, &[0x33])
        .complains("0x33 is no pixel format");
}

#[test]
fn complains_of_the_wrong_bus() {
    let mut rig = Rig::ready();
    rig.line(Line::Dc, false);
    let nine = Transfer {
        word: Word::Bits9,
        ..Transfer::bytes(&[0, 0])
    };
    rig.panel.transfer(&nine, &mut [], rig.now);
    rig.complains("9 bits on a 4-wire");
    let sixteen = Transfer {
        word: Word::Bits16,
        ..Transfer::bytes(&[NOP, NOP])
    };
    rig.panel.transfer(&sixteen, &mut [], rig.now);
    rig.complains("16 bits with D/C low");
    let falling = Transfer {
        mode: Mode::new(1),
        ..Transfer::bytes(&[NOP])
    };
    rig.panel.transfer(&falling, &mut [], rig.now);
    rig.complains("SPI mode 1");
    let three = Transfer {
        mode: Mode::new(3),
        ..Transfer::bytes(&[NOP])
    };
    rig.panel.transfer(&three, &mut [], rig.now);
    rig.is_content();
}

#[test]
fn complains_of_data_with_no_command() {
    let mut rig = Rig::new();
    rig.bytes(true, &[1, 2, 3])
        .complains("3 bytes of data with no command");
}

#[derive(Clone, Debug)]
enum Step {
    Line(Line, bool),
    Transfer {
        tx: Vec<u8>,
        rx: usize,
        word: Word,
        mode: u32,
        deselects: bool,
    },
    Wait(u64),
    PowerCycle,
}

fn step() -> impl Strategy<Value = Step> {
    // Commands that mean something are rare among all bytes.
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(vec![
            SLPOUT, CASET, PASET, RAMWR, MADCTL, COLMOD, RAMRD, 0, 1
        ]),
    ];
    let word = prop::sample::select(vec![Word::Bits8, Word::Bits9, Word::Bits16]);
    let tx = prop::collection::vec(byte, 0..24);
    prop_oneof![
        4 => (prop::sample::select(Line::ALL.to_vec()), any::<bool>())
            .prop_map(|(line, high)| Step::Line(line, high)),
        8 => (tx, 0..24_usize, word, 0..4_u32, any::<bool>()).prop_map(
            |(tx, rx, word, mode, deselects)| Step::Transfer { tx, rx, word, mode, deselects }
        ),
        2 => (0..200_000_u64).prop_map(Step::Wait),
        1 => Just(Step::PowerCycle),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(steps in prop::collection::vec(step(), 0..60)) {
        let mut rig = Rig::new();
        for step in steps {
            match step {
                Step::Line(line, high) => rig.panel.line(line, high, rig.now),
                Step::Transfer { tx, rx, word, mode, deselects } => {
                    let mode = Mode::new(mode);
                    let transfer = Transfer { word, mode, deselects, ..Transfer::bytes(&tx) };
                    rig.panel.transfer(&transfer, &mut vec![0; rx], rig.now);
                }
                Step::Wait(us) => rig.now += Duration::from_micros(us),
                Step::PowerCycle => rig.panel.power_cycle(rig.now),
            }
            rig.status();
        }
        rig.panel.glass();
    }

    #[test]
    fn a_window_is_written_and_nothing_else(
        madctl in (0..8_u8).prop_map(|bits| (bits << 5) | BGR),
        corners in any::<[(u16, u16); 2]>(),
    ) {
        let (w, h) = if madctl & MV != 0 { (320, 240) } else { (240, 320) };
        let [(xa, ya), (xb, yb)] = corners.map(|(x, y)| (x % w, y % h));
        let (x0, x1, y0, y1) = (xa.min(xb), xa.max(xb), ya.min(yb), ya.max(yb));
        let area = u32::from(x1 - x0 + 1) * u32::from(y1 - y0 + 1);

        let mut rig = Rig::ready();
        // All black, then white in the window.
        rig.send(MADCTL, &[madctl]).window(0, 0, w, h).command(RAMWR);
        rig.bytes(true, &vec![0; 240 * 320 * 2]);
        rig.window(x0, y0, x1 - x0 + 1, y1 - y0 + 1).command(RAMWR);
        rig.bytes(true, &vec![0xff; area as usize * 2]);
        rig.is_content();

        let glass = rig.panel.glass();
        let white = (0..320).flat_map(|y| (0..240).map(move |x| (x, y)));
        let white = white.filter(|(x, y)| glass.pixel(*x, *y) == Some(0xffff)).count();
        prop_assert_eq!(white as u32, area);
        for (x, y) in [(x0, y0), (x1, y1)] {
            let (c, r) = rig.panel.registers.place(x, y).unwrap();
            prop_assert_eq!(glass.pixel(239 - c, r), Some(0xffff));
        }
    }
}

/// Words of nine bits as a host's memory has them.
fn nines(words: &[(bool, u8)]) -> Vec<u8> {
    let container = |&(data, byte): &(bool, u8)| [byte, u8::from(data)];
    words.iter().flat_map(container).collect()
}

/// The same, eight words in nine bytes.
fn packed(words: &[(bool, u8)]) -> Vec<u8> {
    let pack = |words: &[(bool, u8)]| {
        let bits = words.iter().fold(0_u128, |bits, &(data, byte)| {
            (bits << 9) | (u128::from(data) << 8) | u128::from(byte)
        });
        (bits << (9 * (8 - words.len()))).to_be_bytes()[7..].to_vec()
    };
    words.chunks(8).flat_map(pack).collect()
}

impl Rig {
    fn three_wires() -> Self {
        let mut rig = Self::ready();
        rig.panel.set_interface(Interface::ThreeWire);
        rig
    }

    fn words(&mut self, bytes: &[u8], word: Word) -> &mut Self {
        let transfer = Transfer {
            word,
            ..Transfer::bytes(bytes)
        };
        self.panel.transfer(&transfer, &mut [], self.now);
        self
    }
}

/// A window of two by one, and two pixels.
const TWO_PIXELS: [(bool, u8); 15] = [
    (false, CASET),
    (true, 0),
    (true, 7),
    (true, 0),
    (true, 8),
    (false, PASET),
    (true, 0),
    (true, 9),
    (true, 0),
    (true, 9),
    (false, RAMWR),
    (true, 0xf8),
    (true, 0x00),
    (true, 0x07),
    (true, 0xe0),
];

#[test]
fn without_a_line_the_words_say_what_they_are() {
    for (word, bytes) in [
        (Word::Bits9, nines(&TWO_PIXELS)),
        (Word::Bits8, packed(&TWO_PIXELS)),
    ] {
        let mut rig = Rig::three_wires();
        // Nobody looks at it.
        rig.line(Line::Dc, true).words(&bytes, word).is_content();
        let pixels = [7, 8].map(|column| rig.panel.gram.get(column, 9).unwrap().to_565());
        assert_eq!(pixels, [0xf800, 0x07e0], "{word:?}");
        assert_eq!(rig.status().wires, 3);
    }
}

#[test]
fn a_cut_word_is_complained_of() {
    let mut rig = Rig::three_wires();
    rig.words(&[0x11], Word::Bits8);
    rig.complains("a word of 9 bits cut after 8");
    // Chip select has ended it, so what follows is whole.
    rig.words(&nines(&[(false, DISPOFF)]), Word::Bits9);
    assert!(!rig.status().on);
}

#[test]
fn an_answer_comes_back_on_the_one_wire() {
    let mut rig = Rig::three_wires();
    rig.words(&nines(&[(false, RDDPM)]), Word::Bits9);
    let mut rx = [0];
    rig.panel.transfer(&Transfer::bytes(&[]), &mut rx, rig.now);
    assert_eq!(rx, [0x9c]);
    rig.is_content();
    rig.panel
        .transfer(&Transfer::bytes(&[RDDPM]), &mut rx, rig.now);
    rig.complains("sent and read at once on a 3-wire module");
}

proptest! {
    /// In whatever way the words are cut into transfers, pixels arrive.
    #[test]
    fn pixels_in_words_of_nine_bits(
        pixels in prop::collection::vec(any::<u16>(), 1..60),
        cut in 1..20_usize,
        native: bool,
    ) {
        let mut rig = Rig::three_wires();
        let mut words = vec![(false, RAMWR)];
        words.extend(pixels.iter().flat_map(|p| p.to_be_bytes()).map(|byte| (true, byte)));
        // No-operations end a memory write, so only the last block may have some.
        let blocks = words.chunks(if native { cut } else { 8 * cut });
        for block in blocks {
            if native {
                rig.words(&nines(block), Word::Bits9);
            } else {
                rig.words(&packed(block), Word::Bits8);
            }
        }
        for (column, pixel) in pixels.iter().enumerate() {
            let cell = rig.panel.gram.get(column as u16, 0).unwrap();
            prop_assert_eq!(cell.to_565(), *pixel);
        }
        rig.is_content();
    }
}

#[test]
fn every_command_is_listed_once() {
    for module in MODULES {
        let mut opcodes: Vec<u8> = module
            .chip
            .commands
            .iter()
            .flat_map(|list| list.iter().map(|command| command.opcode))
            .collect();
        let count = opcodes.len();
        opcodes.sort_unstable();
        opcodes.dedup();
        assert_eq!(opcodes.len(), count, "{}", module.chip.name);
    }
}

fn rig(name: &str) -> Rig {
    let module = Module::find(name).unwrap();
    let mut rig = Rig {
        panel: Dcs::new(module.chip, module, Time::ZERO),
        now: Duration::from_secs(1),
    };
    rig.panel.line(Line::Dc, false, rig.now);
    rig
}

#[test]
fn behind_the_converter_is_a_bus_of_sixteen_lines() {
    let mut rig = rig("rpi-lcd-35");
    let pair = |rig: &mut Rig, dc: bool, bytes: &[u8]| {
        rig.bytes(dc, bytes);
    };
    pair(&mut rig, false, &[0, SLPOUT]);
    rig.wait(120);
    pair(&mut rig, false, &[0, COLMOD]);
    pair(&mut rig, true, &[0, 0x55]);
    pair(&mut rig, false, &[0, MADCTL]);
    pair(&mut rig, true, &[0, MV | MX | MY | BGR]);
    pair(&mut rig, false, &[0, CASET]);
    pair(&mut rig, true, &[0, 1, 0, 0xdf, 0, 1, 0, 0xdf]);
    pair(&mut rig, false, &[0, PASET]);
    pair(&mut rig, true, &[0, 0, 0, 0, 0, 0, 0, 0]);
    pair(&mut rig, false, &[0, RAMWR]);
    pair(&mut rig, true, &[0x12, 0x34]);
    rig.is_content();
    assert_eq!(rig.panel.glass().pixel(479, 0), Some(0x1234));
    pair(&mut rig, false, &[NOP]);
    rig.complains("1 bytes to a converter of pairs");
    assert_eq!(rig.read(RDDPM, 1), [0], "its answers are not wired");
}

#[test]
fn the_gates_of_an_hx8357d_are_scanned_as_it_is_told() {
    let mut rig = rig("yx350hv15");
    rig.send(SLPOUT, &[]).wait(120);
    rig.send(COLMOD, &[0x55])
        .send(MADCTL, &[MX | MY])
        .window(0, 0, 1, 1)
        .send(RAMWR, &[0xf8, 0x00]);
    assert_eq!(rig.panel.glass().pixel(0, 479), Some(0x001f));
    rig.send(0xcc, &[0x05]).is_content();
    assert_eq!(rig.panel.glass().pixel(0, 0), Some(0xf800));
}

#[test]
fn a_glass_may_want_its_colours_inverted() {
    let mut rig = rig("lh133k");
    assert!(rig.status().inverted);
    rig.send(INVON, &[]);
    assert!(!rig.status().inverted);
}

/// A film of two frames at 52 MHz: each begins when an edge of TE has been told, or
/// `after` it. How many updates were seen, and how many of them torn.
fn film(madctl: u8, edges: Edges, after: Duration) -> (u64, u64) {
    let mut rig = Rig::ready();
    rig.send(MADCTL, &[madctl]).send(TEON, &[0]);
    if madctl & MV != 0 {
        rig.window(0, 0, 320, 240);
    }
    for colour in [0x1234, 0x4321] {
        let edge = rig.panel.next_edge(edges, rig.now).unwrap();
        // Told late, and the host takes its time.
        rig.now = edge.due + Duration::from_millis(20);
        rig.panel.deliver(edge, rig.now);
        rig.wait(30).command(NOP);
        if !after.is_zero() {
            rig.now += beam::FORGIVEN + after;
        }
        rig.command(RAMWR).line(Line::Dc, true);
        for rows in frame(vec![colour; 240 * 320]).chunks(240 * 2 * 32) {
            let transfer = Transfer {
                hz: 52_000_000,
                ..Transfer::bytes(rows)
            };
            rig.panel.transfer(&transfer, &mut [], rig.now);
            rig.wait(40);
        }
    }
    rig.is_content();
    (rig.panel.counts.updates, rig.panel.counts.torn)
}

const FALLING: Edges = Edges {
    rising: false,
    falling: true,
};

#[test]
fn a_film_that_follows_the_scan_is_not_torn() {
    assert_eq!(film(MX, FALLING, Time::ZERO), (2, 0));
    // Not in time for the end of the next scan; from the other end; and by columns.
    assert_eq!(film(MX, FALLING, Duration::from_millis(8)), (2, 2));
    assert_eq!(film(MY, FALLING, Time::ZERO), (2, 2));
    assert_eq!(film(MV, FALLING, Time::ZERO), (2, 2));
    // Unless the scan goes from that end, too.
    assert_eq!(film(MY | ML, FALLING, Time::ZERO), (2, 0));
}

#[test]
fn only_what_changes_can_be_torn() {
    let mut rig = Rig::ready();
    for torn in [1, 1] {
        rig.wait(3).command(RAMWR);
        for rows in frame(vec![0x1234; 240 * 320]).chunks(240 * 2 * 32) {
            rig.bytes(true, rows);
        }
        assert_eq!((rig.panel.counts.updates, rig.panel.counts.torn), (1, torn));
    }
    rig.panel.forget();
    rig.send(DISPOFF, &[]).command(RAMWR);
    rig.bytes(true, &frame(vec![0; 240 * 320]));
    assert_eq!(rig.panel.counts.updates, 0);
}

#[test]
fn the_tearing_line_follows_the_frame_rate() {
    let mut rig = Rig::ready();
    assert_eq!(rig.panel.next_edge(FALLING, rig.now), None);
    rig.send(TEON, &[0]);
    let period = |rig: &mut Rig| {
        let edge = rig.panel.next_edge(FALLING, rig.now).unwrap();
        rig.panel.deliver(edge, edge.due);
        rig.panel.next_edge(FALLING, edge.due).unwrap().at - edge.at
    };
    let hz = |period: Duration| (1.0 / period.as_secs_f64()).round();
    assert_eq!(hz(period(&mut rig)), 70.0);
    // Half of it, and the slowest line.
    rig.send(0xb1, &[0x01, 0x1b]);
    assert_eq!(hz(period(&mut rig)), 35.0);
    rig.send(0xb1, &[0x00, 0x1f]);
    assert_eq!(hz(period(&mut rig)), 61.0);
    rig.send(SLPIN, &[]);
    assert_eq!(rig.panel.next_edge(FALLING, rig.now), None);
}
