// SPDX-License-Identifier: GPL-2.0

use std::sync::mpsc;
use std::thread;

use super::*;
use crate::controller::by_name;
use crate::fault::{Mode, Wires};

fn bench(paced: bool) -> Bench {
    Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), paced)
}

fn plugged(bench: &Bench, wire: Wire) -> Plug {
    let plug = bench.issue(wire);
    bench.plug(plug, Box::new(|| {}));
    plug
}

fn number(bench: &Bench, field: &str) -> u64 {
    bench.state()[field].as_u64().unwrap()
}

fn fault(mode: Mode) -> Fault {
    Fault {
        mode,
        ..Fault::default()
    }
}

/// Bytes at so many Hz.
fn at(bytes: &[u8], hz: u32) -> Transfer<'_> {
    Transfer {
        hz,
        ..Transfer::bytes(bytes)
    }
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn bits_take_their_time() {
    let bench = bench(true);
    let plug = plugged(&bench, Wire::Spi);
    let start = Instant::now();
    // 8,000 bits at 1 MHz.
    let busy = bench.begin(plug);
    assert!(bench.transfer(&busy, &at(&[0; 1000], 1_000_000), &mut []));
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(8), "{took:?}");
    assert!(took < Duration::from_millis(80), "{took:?}");
    assert_eq!(
        (number(&bench, "messages"), number(&bench, "bytes")),
        (1, 1000)
    );
    assert_eq!(number(&bench, "max_hz"), 1_000_000);
    assert_eq!(number(&bench, "busy_us"), 8000);

    // What nobody sends is time, too, if something is sent after it.
    thread::sleep(Duration::from_millis(4));
    let busy = bench.begin(plug);
    assert!(bench.transfer(&busy, &at(&[0; 1000], 1_000_000), &mut []));
    assert_eq!(number(&bench, "busy_us"), 16_000);
    assert!(number(&bench, "span_us") >= 20_000);
    bench.forget();
    assert_eq!(number(&bench, "busy_us") + number(&bench, "span_us"), 0);
}

#[test]
fn lines_follow_their_pins() {
    let bench = bench(false);
    plugged(&bench, Wire::Gpio);
    assert!(bench.value(Line::Reset) && bench.value(Line::Backlight) && !bench.value(Line::Dc));
    // A value set before the direction waits for it.
    bench.set_value(Line::Backlight, false);
    assert!(bench.status().backlight);
    bench.set_direction(Line::Backlight, Direction::Out);
    assert!(!bench.status().backlight);
    bench.set_direction(Line::Dc, Direction::Out);
    for value in [true, true, false] {
        bench.set_value(Line::Dc, value);
    }
    assert_eq!(
        (number(&bench, "gpio_sets"), number(&bench, "dc_changes")),
        (4, 2)
    );
    // The next plug starts anew.
    plugged(&bench, Wire::Gpio);
    assert_eq!(bench.direction(Line::Backlight), Direction::None);
    assert!(bench.status().backlight);
}

#[test]
fn an_error_is_refused_and_a_look_is_not() {
    let bench = bench(false);
    let (spi, gpio) = (plugged(&bench, Wire::Spi), plugged(&bench, Wire::Gpio));
    bench.set_fault(fault(Mode::Error));
    assert_eq!(
        bench.admit(&bench.begin(spi), Act::Transfer),
        Admission::Refuse
    );
    assert_eq!(bench.admit(&bench.begin(gpio), Act::Set), Admission::Refuse);
    assert_eq!(bench.admit(&bench.begin(gpio), Act::Get), Admission::Serve);
    assert_eq!(
        ["refused", "gpio_refused", "messages"].map(|name| number(&bench, name)),
        [1, 1, 0]
    );
    bench.set_fault(fault(Mode::None));
    assert_eq!(
        bench.admit(&bench.begin(spi), Act::Transfer),
        Admission::Serve
    );
}

/// Holds a request on a thread, does `release`, and says what became of it.
fn held(bench: &Bench, release: impl FnOnce(Plug)) -> Admission {
    let plug = plugged(bench, Wire::Spi);
    bench.set_fault(fault(Mode::Stall));
    thread::scope(|scope| {
        let request = scope.spawn(|| bench.admit(&bench.begin(plug), Act::Transfer));
        while number(bench, "stalled") == 0 {
            thread::yield_now();
        }
        release(plug);
        request.join().unwrap()
    })
}

#[test]
fn a_stall_ends_in_every_way() {
    let bench = bench(false);
    assert_eq!(
        held(&bench, |_| bench.set_fault(fault(Mode::None))),
        Admission::Serve
    );
    assert_eq!(
        held(&bench, |_| bench.set_fault(fault(Mode::Error))),
        Admission::Refuse
    );
    assert_eq!(
        held(&bench, |_| bench.set_fault(fault(Mode::Vanish))),
        Admission::Drop
    );
    assert_eq!(held(&bench, |plug| bench.unplug(plug)), Admission::Drop);
    assert_eq!(held(&bench, |plug| bench.stop(plug)), Admission::Drop);
    assert_eq!(number(&bench, "stalled"), 0);
}

#[test]
fn vanishing_hangs_up_once() {
    let bench = bench(false);
    let (sender, hung_up) = mpsc::channel();
    for wire in Wire::ALL {
        let sender = sender.clone();
        let plug = bench.issue(wire);
        bench.plug(plug, Box::new(move || sender.send(wire).unwrap()));
    }
    bench.set_fault(Fault {
        mode: Mode::Vanish,
        wire: Wires::Spi,
        ..Fault::default()
    });
    assert_eq!(hung_up.try_iter().collect::<Vec<_>>(), [Wire::Spi]);
    assert_eq!(bench.state()["fault"], "none");
    // Not at once, but instead of the answer to the second request.
    let plug = plugged(&bench, Wire::Spi);
    bench.set_fault(Fault {
        mode: Mode::Vanish,
        after: 1,
        ..Fault::default()
    });
    assert_eq!(bench.state()["fault"], "vanish");
    assert_eq!(
        bench.admit(&bench.begin(plug), Act::Transfer),
        Admission::Serve
    );
    assert_eq!(
        bench.admit(&bench.begin(plug), Act::Transfer),
        Admission::Drop
    );
    assert_eq!(hung_up.try_iter().collect::<Vec<_>>(), [Wire::Gpio]);
    assert!(bench.wait(Until::Connected(false), LONG));
}

#[test]
fn waits_end_when_it_is_true() {
    let bench = bench(false);
    assert!(!bench.wait(Until::Connected(true), Duration::from_millis(1)));
    assert!(bench.wait(Until::IdleMs(5), LONG));
    assert!(bench.wait(Until::Asleep(true), LONG));
    assert!(!bench.wait(Until::IdleMs(1 << 60), Duration::from_millis(1)));
    thread::scope(|scope| {
        let messages = scope.spawn(|| bench.wait(Until::MessagesAbove(1), LONG));
        let awake = scope.spawn(|| bench.wait(Until::Asleep(false), LONG));
        let connected = scope.spawn(|| bench.wait(Until::Connected(true), LONG));
        let plug = plugged(&bench, Wire::Spi);
        plugged(&bench, Wire::Gpio);
        for opcode in [0x00, 0x11] {
            bench.transfer(&bench.begin(plug), &at(&[opcode], 1), &mut []);
        }
        assert!(messages.join().unwrap() && awake.join().unwrap() && connected.join().unwrap());
    });
    // By itself, 10 us after the line has gone low.
    bench.set_direction(Line::Reset, Direction::Out);
    assert!(bench.wait(Until::Asleep(true), LONG));
}

#[test]
fn a_pulled_cable_ends_a_transfer() {
    let bench = bench(true);
    let plug = plugged(&bench, Wire::Spi);
    thread::scope(|scope| {
        // A day at 1 Hz.
        let request =
            scope.spawn(|| bench.transfer(&bench.begin(plug), &at(&[0; 10_800], 1), &mut []));
        while bench.lock().end(Wire::Spi).busy == 0 {
            thread::yield_now();
        }
        bench.unplug(plug);
        assert!(!request.join().unwrap());
    });
}

#[test]
fn each_panel_has_its_own_wires() {
    let first = bench(false);
    first.add(by_name("yx240qv29", Time::ZERO).unwrap());
    let second = first.at(1).unwrap();
    assert!(first.at(2).is_none());
    let plug = plugged(&first, Wire::Spi);
    let busy = first.begin(plug);
    assert!(second.transfer(&busy, &at(&[0x11], 1_000_000), &mut []));
    assert!(first.status().asleep && !second.status().asleep);
    // A command of one, anything of the other, and only then its parameter.
    assert!(second.transfer(&busy, &at(&[0x36], 1_000_000), &mut []));
    assert_eq!(number(&first, "interruptions"), 0);
    assert!(first.transfer(&busy, &at(&[0x00], 1_000_000), &mut []));
    assert_eq!(number(&first, "interruptions"), 1);
    second.set_direction(Line::Reset, Direction::Out);
    assert!(second.status().in_reset && !first.status().in_reset);
    assert!(first.value(Line::Reset) && !second.value(Line::Reset));
}
