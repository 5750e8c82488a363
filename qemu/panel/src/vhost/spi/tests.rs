// SPDX-License-Identifier: GPL-2.0

use proptest::prelude::*;

use super::*;
use crate::bus::Time;
use crate::controller::by_name;
use crate::fault::{Fault, Mode as FaultMode};

fn head(bits: u8, mode: u32, hz: u32) -> Vec<u8> {
    let mut head = vec![0, bits, 0, 1, 1, 0, 0, 0];
    head.extend_from_slice(&mode.to_le_bytes());
    head.extend_from_slice(&hz.to_le_bytes());
    head.resize(HEAD, 0);
    head
}

fn bench() -> Bench {
    Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), false)
}

fn ask(bench: &Bench, bytes: Vec<u8>, room: usize) -> Option<Reply> {
    let plug = bench.issue(Wire::Spi);
    Spi::new(bench).answer(&bench.begin(plug), &Request { bytes, room })
}

fn result(reply: Option<Reply>) -> u8 {
    *reply.unwrap().bytes.last().unwrap()
}

#[test]
fn the_configuration_space_is_that_of_the_header() {
    let config = Spi::new(&bench()).config();
    assert_eq!(config.len(), 32);
    assert_eq!(config[..4], [1, 1, 0, 0]);
    assert_eq!(config[4..8], 0x8180_u32.to_le_bytes());
    assert_eq!(config[8..12], [0x0f, 0, 0, 0]);
    assert_eq!(config[12..16], 100_000_000_u32.to_le_bytes());
}

#[test]
fn a_controller_may_know_words_of_one_size_only() {
    let bench = bench();
    bench.set_words(vec![8]);
    assert_eq!(Spi::new(&bench).config()[4..8], 0x0080_u32.to_le_bytes());
}

#[test]
fn a_question_and_its_answer() {
    let bench = bench();
    let mut asks = head(8, 0, 1_000_000);
    asks.push(0x0a);
    assert_eq!(
        ask(&bench, asks, 1),
        Some(Reply {
            offset: 0,
            bytes: vec![TRANS_OK]
        })
    );
    let listens = ask(&bench, head(8, 0, 1_000_000), 2);
    assert_eq!(
        listens,
        Some(Reply {
            offset: 0,
            bytes: vec![0x08, TRANS_OK]
        })
    );
    assert_eq!(bench.state()["messages"], 2);
}

#[test]
fn what_is_not_offered_is_a_parameter_error() {
    let bench = bench();
    let good = || head(8, 0, 1_000_000);
    let with = |at: usize, value: u8| {
        let mut bad = good();
        bad[at] = value;
        bad
    };
    let mut lengths = good();
    lengths.extend([0; 3]);
    let mut odd = head(16, 0, 1);
    odd.extend([0; 3]);
    let cases = [
        (vec![], 1),
        (good()[..31].to_vec(), 1),
        (with(0, 1), 1),
        (with(1, 12), 1),
        (with(1, 0), 1),
        (with(3, 2), 1),
        (with(4, 4), 1),
        (head(8, 4, 1), 1),
        (head(8, 8, 1), 1),
        (head(8, 0, 0), 1),
        (head(8, 0, u32::MAX), 1),
        (lengths, 3),
        (odd, 1),
    ];
    for (bytes, room) in cases {
        assert_eq!(
            result(ask(&bench, bytes.clone(), room)),
            PARAM_ERR,
            "{bytes:?}"
        );
    }
    assert_eq!(bench.state()["messages"], 0);
    assert_eq!(ask(&bench, good(), 0), Some(Reply::default()));
}

#[test]
fn a_fault_is_a_transfer_error() {
    let bench = bench();
    bench.set_fault(Fault {
        mode: FaultMode::Error,
        count: Some(1),
        ..Fault::default()
    });
    let reply = ask(&bench, head(8, 0, 1), 5);
    assert_eq!(
        reply,
        Some(Reply {
            offset: 4,
            bytes: vec![TRANS_ERR]
        })
    );
    assert_eq!(result(ask(&bench, head(8, 0, 1), 5)), TRANS_OK);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_reply_fits_its_room(
        bytes in prop::collection::vec(any::<u8>(), 0..80),
        bits in prop::sample::select(vec![8_u8, 9, 16, 17]),
        room in 0..80_usize,
    ) {
        let bench = bench();
        let good = [head(bits, 0, 1_000), bytes.clone()].concat();
        for bytes in [bytes, good] {
            let reply = ask(&bench, bytes, room).unwrap();
            prop_assert!(reply.offset + reply.bytes.len() <= room);
        }
    }
}
