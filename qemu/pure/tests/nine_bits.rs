// SPDX-License-Identifier: GPL-2.0

//! Words of nine bits: the controller gets what was given, whatever the pieces.

use proptest::prelude::*;
use tinydrm_pure::nine_bits::{BLOCK, PIECE, Packer, pack, pack_commands, pieces, room_for};

/// A word: whether it is data, and the other eight bits.
type Word = (bool, u8);

/// What a controller takes from these bytes: bit by bit, as the wire has them.
fn words(bytes: &[u8]) -> Vec<Word> {
    let bits: Vec<bool> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |i| (byte >> i) & 1 != 0))
        .collect();
    bits.chunks_exact(9)
        .map(|word| {
            let byte = word[1..].iter().fold(0, |b, &bit| (b << 1) | u8::from(bit));
            (word[0], byte)
        })
        .collect()
}

/// What is sent of slices of data, in messages of at most so many blocks.
fn sent(slices: &[Vec<u8>], most: usize) -> Vec<Word> {
    let mut room = vec![0xee; room_for(most)];
    let mut slices = slices.iter().map(Vec::as_slice);
    let mut rest: &[u8] = &[];
    let mut sent = Vec::new();
    loop {
        let mut packer = Packer::new(&mut room, most);
        packer.fill(&mut rest, &mut slices);
        let blocks = packer.finish();
        assert!(blocks <= most);
        if blocks == 0 {
            return sent;
        }
        for piece in pieces(blocks) {
            assert_eq!(piece.len() % BLOCK, 0);
            assert_eq!(piece.start / PIECE, (piece.end - 1) / PIECE);
            sent.extend(words(&room[piece]));
        }
    }
}

#[test]
fn the_last_byte_of_a_block_is_the_last_byte_of_the_last_word() {
    let block = pack([0, 0, 0, 0, 0, 0, 0, 0xa5], 0);
    assert_eq!(block, [0, 0, 0, 0, 0, 0, 0, 0, 0xa5]);
    assert_eq!(pack([0xff; 8], 0xff), [0xff; 9]);
}

#[test]
fn commands_come_last() {
    let mut room = [0xee; 20];
    let commands: [(u8, &[u8]); 2] = [(0x2a, &[0, 5, 0, 9]), (0x2c, &[])];
    assert_eq!(pack_commands(commands.into_iter(), &mut room), Some(BLOCK));
    let wanted = [
        (false, 0),
        (false, 0),
        (false, 0x2a),
        (true, 0),
        (true, 5),
        (true, 0),
        (true, 9),
        (false, 0x2c),
    ];
    assert_eq!(words(&room[..BLOCK]), wanted);
    assert!(room[BLOCK..].iter().all(|&byte| byte == 0xee));
}

#[test]
fn commands_need_room() {
    let parameters = [0; 8];
    let command = std::iter::once((0xe0, &parameters[..]));
    let mut room = [0; 3 * BLOCK];
    assert_eq!(pack_commands(command.clone(), &mut room[..BLOCK]), None);
    assert_eq!(pack_commands(command, &mut room), Some(2 * BLOCK));
}

proptest! {
    #[test]
    fn a_block_is_its_words(given in any::<[Word; 8]>()) {
        let data = given.iter().fold(0, |bits, &(data, _)| (bits << 1) | u8::from(data));
        prop_assert_eq!(words(&pack(given.map(|(_, byte)| byte), data)), given);
    }

    /// However the pixels are cut into slices and messages: only no-operations follow them.
    #[test]
    fn data_arrive(
        slices in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..700), 0..20),
        most in 1..2000_usize,
    ) {
        let sent = sent(&slices, most);
        let data = slices.concat();
        let (got, filling) = sent.split_at(data.len());
        prop_assert!(got.iter().all(|&(is_data, _)| is_data));
        prop_assert!(got.iter().map(|&(_, byte)| byte).eq(data));
        prop_assert!(filling.len() < 8 && filling.iter().all(|&word| word == (false, 0)));
    }

    #[test]
    fn commands_arrive(
        given in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..20)), 1..8),
    ) {
        let mut room = [0; 200];
        let commands = given.iter().map(|(command, parameters)| (*command, &parameters[..]));
        let len = pack_commands(commands, &mut room).unwrap();
        let mut wanted = Vec::new();
        for (command, parameters) in &given {
            wanted.push((false, *command));
            wanted.extend(parameters.iter().map(|&byte| (true, byte)));
        }
        let sent = words(&room[..len]);
        let (filling, sent) = sent.split_at(sent.len() - wanted.len());
        prop_assert_eq!(sent, &wanted[..]);
        prop_assert!(filling.len() < 8 && filling.iter().all(|&word| word == (false, 0)));
    }
}
