// SPDX-License-Identifier: GPL-2.0

//! The waits around reset and sleep: never too short, and never longer than the longest rule.

use proptest::prelude::*;
use tinydrm_pure::{dcs, timing::Timing};

const MS: u64 = 1_000_000;

#[test]
fn after_power_on_nothing_is_waited_for() {
    assert_eq!(Timing::default().not_before(dcs::EXIT_SLEEP_MODE), 0);
}

#[test]
fn from_reset_to_awake_to_asleep() {
    let mut timing = Timing::default();
    timing.reset(1000 * MS);
    assert_eq!(timing.not_before(dcs::NOP), 1005 * MS);
    assert_eq!(timing.not_before(dcs::EXIT_SLEEP_MODE), 1120 * MS);
    timing.sent(dcs::EXIT_SLEEP_MODE, 1120 * MS);
    assert_eq!(timing.not_before(dcs::SET_DISPLAY_ON), 1125 * MS);
    assert_eq!(timing.not_before(dcs::ENTER_SLEEP_MODE), 1240 * MS);
    timing.sent(dcs::ENTER_SLEEP_MODE, 1240 * MS);
    assert_eq!(timing.not_before(dcs::SOFT_RESET), 1245 * MS);
    assert_eq!(timing.not_before(dcs::EXIT_SLEEP_MODE), 1360 * MS);
}

#[test]
fn a_reset_ends_the_wait_for_sleep() {
    let mut timing = Timing::default();
    timing.sent(dcs::EXIT_SLEEP_MODE, 0);
    timing.reset(10 * MS);
    assert_eq!(timing.not_before(dcs::ENTER_SLEEP_MODE), 15 * MS);
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Reset,
    Command(u8),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Reset),
        Just(Event::Command(dcs::SOFT_RESET)),
        Just(Event::Command(dcs::ENTER_SLEEP_MODE)),
        Just(Event::Command(dcs::EXIT_SLEEP_MODE)),
        any::<u8>().prop_map(Event::Command),
    ]
}

proptest! {
    /// Against the rules written down as they are in the datasheet: pairs of events, and the
    /// least time between them.
    #[test]
    fn every_rule_is_kept(events in proptest::collection::vec((event(), 0..200u64), 1..40)) {
        let mut timing = Timing::default();
        let mut now = 0;
        let (mut settle, mut reset, mut sleep_in, mut sleep_out) = (None, None, None, None);
        for (event, pause) in events {
            now += pause * MS;
            match event {
                Event::Reset => {
                    timing.reset(now);
                    settle = Some(now);
                    reset = Some(now);
                    sleep_out = None;
                }
                Event::Command(command) => {
                    let at = now.max(timing.not_before(command));
                    prop_assert!(at - now <= 120 * MS);
                    now = at;
                    let since = |then: Option<u64>| then.map_or(u64::MAX, |then| now - then);
                    prop_assert!(since(settle) >= 5 * MS);
                    match command {
                        dcs::EXIT_SLEEP_MODE => {
                            prop_assert!(since(reset) >= 120 * MS && since(sleep_in) >= 120 * MS);
                            sleep_out = Some(now);
                        }
                        dcs::ENTER_SLEEP_MODE => {
                            prop_assert!(since(sleep_out) >= 120 * MS);
                            sleep_in = Some(now);
                        }
                        dcs::SOFT_RESET => reset = Some(now),
                        _ => (),
                    }
                    if matches!(
                        command,
                        dcs::EXIT_SLEEP_MODE | dcs::ENTER_SLEEP_MODE | dcs::SOFT_RESET
                    ) {
                        settle = Some(now);
                    }
                    timing.sent(command, now);
                }
            }
        }
    }
}
