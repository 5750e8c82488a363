// SPDX-License-Identifier: GPL-2.0

//! Diagnoses: each says what to check, and a panel that is well has none.

use proptest::prelude::*;
use tinydrm_pure::diagnosis::Diagnosis;

fn words(diagnosis: Option<Diagnosis<'_>>) -> String {
    diagnosis.map_or_else(String::new, |diagnosis| diagnosis.to_string())
}

#[test]
fn a_panel_that_is_well() {
    // With the booster on, as the ILI9341 says, and without.
    assert_eq!(Diagnosis::of_power_mode(0x9c), None);
    assert_eq!(Diagnosis::of_power_mode(0x1c), None);
    assert_eq!(
        Diagnosis::of_id(&[0x85, 0x85, 0x52], &[0x85, 0x85, 0x52]),
        None
    );
}

#[test]
fn a_panel_that_says_nothing() {
    for (mode, byte) in [(0x00, "(0x00)"), (0xff, "(0xff)")] {
        let said = words(Diagnosis::of_power_mode(mode));
        assert!(said.starts_with(&format!("no answer {byte}: ")), "{said}");
        assert!(
            said.contains("supply, reset, chip select and D/C"),
            "{said}"
        );
        // Not a word of its id then.
        assert_eq!(Diagnosis::of_id(&[mode; 3], &[1, 2, 3]), None);
    }
}

#[test]
fn bits_that_have_slipped() {
    assert_eq!(
        words(Diagnosis::of_power_mode(0x4e)),
        "it answers 0x4e, which is no power mode: check the clock, and the SPI mode"
    );
}

#[test]
fn a_panel_that_does_not_wake() {
    for mode in [0x08, 0x0c, 0x98] {
        let said = words(Diagnosis::of_power_mode(mode));
        assert!(
            said.starts_with("it answers, but is not on (power mode 0x"),
            "{said}"
        );
    }
}

#[test]
fn another_controller() {
    assert_eq!(
        words(Diagnosis::of_id(&[0x00, 0x80, 0x00], &[0x85, 0x85, 0x52])),
        "it is [00, 80, 00], not [85, 85, 52]: check its compatible or SPI id"
    );
}

proptest! {
    /// What is no trouble is a panel that is awake, on, in normal mode, and sends no bit that is
    /// always 0.
    #[test]
    fn only_what_is_lit_is_well(mode: u8) {
        prop_assert_eq!(
            Diagnosis::of_power_mode(mode).is_none(),
            mode & 0b0001_1111 == 0b0001_1100
        );
    }
}
