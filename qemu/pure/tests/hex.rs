// SPDX-License-Identifier: GPL-2.0

//! Bytes that people write: what is one is read, and nothing else is taken for one.

use proptest::prelude::*;
use tinydrm_pure::hex::{Malformed, read};

fn bytes(text: &str) -> Result<Vec<u8>, Malformed> {
    let mut room = [0; 5];
    read(text.as_bytes(), &mut room).map(|count| room[..count].to_vec())
}

#[test]
fn what_people_write() {
    assert_eq!(bytes("36 48\n"), Ok(vec![0x36, 0x48]));
    assert_eq!(bytes("  0x2a\t0X0 f\r\n"), Ok(vec![0x2a, 0, 0xf]));
    assert_eq!(bytes(""), Ok(vec![]));
    assert_eq!(bytes(" \n"), Ok(vec![]));
}

#[test]
fn what_is_no_byte() {
    for text in [
        "100", "0x100", "g", "0x", "x1", "+1", "-1", "1,2", "3 \u{e9}", "0x0x1",
    ] {
        assert_eq!(bytes(text), Err(Malformed::NoByte), "{text}");
    }
}

#[test]
fn there_is_an_end() {
    assert_eq!(bytes("1 2 3 4 5"), Ok(vec![1, 2, 3, 4, 5]));
    assert_eq!(bytes("1 2 3 4 5 6"), Err(Malformed::TooMany));
}

proptest! {
    #[test]
    fn whatever_is_written_is_read(wanted in proptest::collection::vec(any::<u8>(), 0..5)) {
        let words: Vec<_> = wanted.iter().map(|byte| format!("{byte:x}")).collect();
        prop_assert_eq!(bytes(&words.join(" ")), Ok(wanted));
    }

    #[test]
    fn nothing_goes_wrong(text in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = read(&text, &mut [0; 5]);
    }
}
