// SPDX-License-Identifier: GPL-2.0

//! Lines of framebuffers, and what is sent of them.

use std::sync::atomic::{AtomicU64, Ordering};
use tinydrm_pure::{
    drm::line::{Line, Rgb565, Xrgb8888},
    pixel::{Order, Source, convert},
};

/// The words that hold these bytes, and something else behind them.
fn words(bytes: &[u8]) -> Vec<AtomicU64> {
    let word = |bytes: &[u8]| {
        let mut word = [0xa5; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_ne_bytes(word).into()
    };
    bytes.chunks(8).map(word).collect()
}

/// What is sent of a line of the format `P` with these bytes. What was seen of it is kept, and
/// nothing is written behind it.
fn sent<P: Source>(bytes: &[u8], order: Order) -> Vec<u8> {
    let words = words(bytes);
    let line = Line::<P>::new(&words, bytes.len() / P::BYTES);
    let mut seen = vec![0; words.len()];
    let room = order.columns(line.len()) * order.bytes();
    let mut wire = vec![0xa5; room + 3];
    convert(&line, &mut seen, &mut wire, order);
    assert_eq!(wire.split_off(room), [0xa5; 3], "nothing behind the line");
    let load = |word: &AtomicU64| u64::from_le(word.load(Ordering::Relaxed));
    let as_it_was: Vec<u64> = words.iter().map(load).collect();
    assert_eq!(seen, as_it_was, "what was seen is kept");
    wire
}

/// What is sent of these pixels.
pub fn xrgb8888(pixels: &[u32], order: Order) -> Vec<u8> {
    let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
    sent::<Xrgb8888>(&bytes, order)
}

/// What is sent of these pixels.
pub fn rgb565(pixels: &[u16], order: Order) -> Vec<u8> {
    let bytes: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
    sent::<Rgb565>(&bytes, order)
}
