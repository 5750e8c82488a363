// SPDX-License-Identifier: GPL-2.0

use proptest::prelude::*;

use super::*;
use crate::bus::Time;
use crate::controller::by_name;
use crate::fault::{Fault, Mode};

fn bench() -> Bench {
    Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), false)
}

fn ask(bench: &Bench, kind: u16, line: u16, value: u32) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(line.to_le_bytes());
    bytes.extend(value.to_le_bytes());
    ask_bytes(bench, bytes)
}

fn ask_bytes(bench: &Bench, bytes: Vec<u8>) -> Vec<u8> {
    let plug = bench.issue(Wire::Gpio);
    let request = Request { bytes, room: 2 };
    Gpio::new(bench)
        .answer(&bench.begin(plug), &request)
        .unwrap()
        .bytes
}

#[test]
fn four_lines_with_names() {
    let bench = bench();
    assert_eq!(Gpio::new(&bench).config(), [4, 0, 0, 0, 22, 0, 0, 0]);
    assert_eq!(ask(&bench, 1, 0, 0), b"\0reset\0dc\0backlight\0te\0");
}

#[test]
fn a_line_is_set() {
    let bench = bench();
    assert_eq!(ask(&bench, 2, 0, 0), [STATUS_OK, 0]);
    assert_eq!(ask(&bench, 4, 0, 0), [STATUS_OK, 1]);
    assert_eq!(ask(&bench, 5, 0, 0), [STATUS_OK, 0]);
    assert_eq!(ask(&bench, 3, 0, 1), [STATUS_OK, 0]);
    assert_eq!(ask(&bench, 2, 0, 0), [STATUS_OK, 1]);
    assert_eq!(ask(&bench, 4, 0, 0), [STATUS_OK, 0]);
    assert!(bench.status().in_reset);
    assert_eq!(ask(&bench, 3, 0, 2), [STATUS_OK, 0]);
    assert!(!bench.status().in_reset);
}

#[test]
fn nonsense_is_an_error() {
    let bench = bench();
    for (kind, line, value) in [
        (0, 0, 0),
        (7, 0, 0),
        (2, 4, 0),
        (6, 3, 5),
        (3, 0, 3),
        (4, 0xffff, 0),
        (5, 0, 2),
        (5, 9, 0),
    ] {
        assert_eq!(ask(&bench, kind, line, value), [STATUS_ERR, 0]);
    }
    assert_eq!(ask_bytes(&bench, vec![1; 7]), [STATUS_ERR, 0]);
}

#[test]
fn a_fault_is_an_error_for_sets() {
    let bench = bench();
    bench.set_fault(Fault {
        mode: Mode::Error,
        ..Fault::default()
    });
    assert_eq!(ask(&bench, 5, 1, 1), [STATUS_ERR, 0]);
    assert_eq!(ask(&bench, 3, 1, 1), [STATUS_ERR, 0]);
    assert_eq!(ask(&bench, 4, 1, 0), [STATUS_OK, 0]);
}

#[test]
fn a_line_is_listened_to() {
    const TE: u16 = 3;
    let bench = bench();
    let gpio = Gpio::new(&bench);
    assert_eq!(gpio.features(), 1);
    assert_eq!(gpio.lend(&[99, 0]), None);
    assert_eq!(gpio.lend(&[3]), None);
    // Nobody listens: the buffer comes back.
    assert_eq!(gpio.lend(&[3, 0]), Some(3));
    assert_eq!(gpio.event(), Some((3, IRQ_INVALID)));
    assert_eq!(gpio.event(), None);
    // No edge comes from a panel that sleeps, and none on other lines.
    for (line, kind) in [(TE, 1), (TE, 3), (TE, 4), (0, 2)] {
        assert_eq!(ask(&bench, 6, line, kind), [STATUS_OK, 0]);
        gpio.lend(&line.to_le_bytes());
        assert_eq!(gpio.event(), None);
        assert_eq!(ask(&bench, 6, line, 0), [STATUS_OK, 0]);
        assert_eq!(gpio.event(), Some((line.into(), IRQ_INVALID)));
    }
    let plug = bench.issue(Wire::Spi);
    for bytes in [&[0x11][..], &[0x35]] {
        let transfer = crate::bus::Transfer::bytes(bytes);
        assert!(bench.transfer(&bench.begin(plug), &transfer, &mut []));
    }
    bench.set_direction(Line::Dc, Direction::Out);
    bench.set_value(Line::Dc, true);
    let transfer = crate::bus::Transfer::bytes(&[0]);
    assert!(bench.transfer(&bench.begin(plug), &transfer, &mut []));
    assert_eq!(ask(&bench, 6, TE, 2), [STATUS_OK, 0]);
    gpio.lend(&[3, 0]);
    let plug = bench.issue(Wire::Gpio);
    assert!(gpio.await_event(plug));
    assert_eq!(gpio.event(), Some((3, IRQ_VALID)));
    bench.unplug(plug);
    assert!(!gpio.await_event(plug));
    bench.set_interrupts(false);
    assert_eq!(gpio.features(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        ask_bytes(&bench(), bytes);
    }
}
