// SPDX-License-Identifier: GPL-2.0

//! Pixels: each colour where the panel expects it, wherever the line begins and ends.

use core::sync::atomic::{AtomicU16, AtomicU32, AtomicU64};
use proptest::prelude::*;
use tinydrm_pure::{
    drm::line::Line,
    pixel::{self, Order, Source},
};

/// A line of `pixels`, the first one `lead` pixels behind a 64-bit boundary.
struct Xrgb8888(Vec<AtomicU32>, Vec<AtomicU64>, Vec<AtomicU32>);

impl Xrgb8888 {
    fn new(pixels: &[u32], lead: bool) -> Self {
        let (head, rest) = pixels.split_at(usize::from(lead).min(pixels.len()));
        let atomics = |p: &[u32]| p.iter().map(|p| p.to_le().into()).collect();
        let pairs = rest.chunks_exact(2);
        let tail = atomics(pairs.remainder());
        let pair = |p: &[u32]| AtomicU64::new((u64::from(p[0]) | (u64::from(p[1]) << 32)).to_le());
        Self(atomics(head), pairs.map(pair).collect(), tail)
    }

    fn line(&self) -> Line<'_, AtomicU32> {
        Line {
            head: &self.0,
            body: &self.1,
            tail: &self.2,
        }
    }
}

/// The same of 16 bits, up to three before the boundary.
struct Rgb565(Vec<AtomicU16>, Vec<AtomicU64>, Vec<AtomicU16>);

impl Rgb565 {
    fn new(pixels: &[u16], lead: usize) -> Self {
        let (head, rest) = pixels.split_at(lead.min(pixels.len()));
        let atomics = |p: &[u16]| p.iter().map(|p| p.to_le().into()).collect();
        let fours = rest.chunks_exact(4);
        let tail = atomics(fours.remainder());
        let four = |p: &[u16]| {
            let bits = p
                .iter()
                .rev()
                .fold(0, |bits, p| (bits << 16) | u64::from(*p));
            AtomicU64::new(bits.to_le())
        };
        Self(atomics(head), fours.map(four).collect(), tail)
    }

    fn line(&self) -> Line<'_, AtomicU16> {
        Line {
            head: &self.0,
            body: &self.1,
            tail: &self.2,
        }
    }
}

/// The pixel that the controller gets from these two bytes.
fn on_the_wire(bytes: &[u8], order: Order) -> u16 {
    let bytes = [bytes[0], bytes[1]];
    match order {
        Order::Native => u16::from_ne_bytes(bytes),
        Order::BigEndian => u16::from_be_bytes(bytes),
        Order::Bgr666 | Order::Grey332 => unreachable!("not two bytes"),
    }
}

/// Converts, with room to see what was.
fn convert<P: Source>(src: Line<'_, P>, dst: &mut [u8], order: Order) {
    let mut seen = vec![0; dst.len() / 2 * P::BYTES];
    pixel::convert(&src, &mut seen, dst, order);
}

fn rgb565(pixel: u32) -> u16 {
    AtomicU32::one(pixel.into())
}

#[test]
fn pure_colours() {
    assert_eq!(rgb565(0x00ff_0000), 0xf800);
    assert_eq!(rgb565(0x0000_ff00), 0x07e0);
    assert_eq!(rgb565(0x0000_00ff), 0x001f);
    assert_eq!(rgb565(0xff00_0000), 0, "x is not a colour");
    assert_eq!(rgb565(0x0012_3456), 0x11aa);
}

#[test]
fn the_most_significant_byte_goes_first() {
    let mut wire = [0; 4];
    let red_then_blue = Xrgb8888::new(&[0x00ff_0000, 0x0000_00ff], false);
    convert(red_then_blue.line(), &mut wire, Order::BigEndian);
    assert_eq!(wire, [0xf8, 0x00, 0x00, 0x1f]);
    convert(
        Rgb565::new(&[0x1234], 0).line(),
        &mut wire[..2],
        Order::BigEndian,
    );
    assert_eq!(wire, [0x12, 0x34, 0x00, 0x1f]);
}

#[test]
fn bytes_of_whole_pixels() {
    let sizes = [0, 1, 2, 3, 4095, 4096];
    let whole = |order: Order| sizes.map(|size| order.whole(size));
    assert_eq!(whole(Order::Native), [2, 2, 2, 2, 4094, 4096]);
    assert_eq!(whole(Order::Bgr666), [3, 3, 3, 3, 4095, 4095]);
}

/// Every value of every channel, beside neighbours that are all ones or all zeroes: nothing of a
/// colour gets into another one, and nothing of a pixel into the next.
#[test]
fn no_colour_spills() {
    for value in 0..=255u32 {
        for around in [0u32, 0xffff_ffff] {
            for shift in [0, 8, 16, 24] {
                let pixel = (around & !(0xff << shift)) | (value << shift);
                for pixels in [[pixel, around], [around, pixel]] {
                    let mut wire = [0; 4];
                    convert(
                        Xrgb8888::new(&pixels, false).line(),
                        &mut wire,
                        Order::Native,
                    );
                    assert_eq!(on_the_wire(&wire, Order::Native), reference(pixels[0]));
                    assert_eq!(on_the_wire(&wire[2..], Order::Native), reference(pixels[1]));
                }
            }
        }
    }
}

/// The arithmetic of drm_format_helper.c, written down another way: truncation of each channel.
fn reference(pixel: u32) -> u16 {
    let [blue, green, red, _] = pixel.to_le_bytes();
    (u16::from(red) / 8) * 2048 + (u16::from(green) / 4) * 32 + u16::from(blue) / 8
}

proptest! {
    #[test]
    fn every_pixel_of_a_line(
        pixels in proptest::collection::vec(any::<u32>(), 0..500),
        lead: bool,
    ) {
        let src = Xrgb8888::new(&pixels, lead);
        let room = pixels.len();
        for order in [Order::Native, Order::BigEndian] {
            let mut wire = vec![0xa5; pixels.len() * 2 + 3];
            convert(src.line(), &mut wire[..room * 2], order);
            for (pixel, bytes) in pixels[..room].iter().zip(wire.chunks_exact(2)) {
                prop_assert_eq!(on_the_wire(bytes, order), reference(*pixel));
            }
            prop_assert!(wire[room * 2..].iter().all(|b| *b == 0xa5), "nothing behind the line");
        }
    }

    #[test]
    fn rgb565_only_changes_its_order(
        pixels in proptest::collection::vec(any::<u16>(), 0..500),
        lead in 0..4usize,
    ) {
        let src = Rgb565::new(&pixels, lead);
        let room = pixels.len();
        for order in [Order::Native, Order::BigEndian] {
            let mut wire = vec![0xa5; pixels.len() * 2 + 3];
            convert(src.line(), &mut wire[..room * 2], order);
            for (pixel, bytes) in pixels[..room].iter().zip(wire.chunks_exact(2)) {
                prop_assert_eq!(on_the_wire(bytes, order), *pixel);
            }
            prop_assert!(wire[room * 2..].iter().all(|b| *b == 0xa5), "nothing behind the line");
        }
    }

    /// What was seen is the bytes in memory, of as many pixels as were converted.
    #[test]
    fn what_was_seen_is_kept(pixels in proptest::collection::vec(any::<u32>(), 0..64), lead: bool) {
        let src = Xrgb8888::new(&pixels, lead);
        let mut seen = vec![0xa5; pixels.len() * 4 + 5];
        let mut wire = vec![0; pixels.len() * 2];
        pixel::convert(&src.line(), &mut seen[..pixels.len() * 4], &mut wire, Order::Native);
        let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect();
        prop_assert_eq!(&seen[..bytes.len()], &bytes[..]);
        prop_assert!(seen[bytes.len()..].iter().all(|b| *b == 0xa5));
    }

    /// A part has all that was asked for, at the place that it says.
    #[test]
    fn parts_of_a_line(
        pixels in proptest::collection::vec(any::<u16>(), 1..64),
        lead in 0..4usize,
        ends in (0..64usize, 0..64usize),
    ) {
        let src = Rgb565::new(&pixels, lead);
        let (a, b) = (ends.0 % pixels.len(), ends.1 % pixels.len());
        let wanted = a.min(b)..a.max(b) + 1;
        let (start, part) = src.line().part(&wanted);
        let len = part.head.len() + part.body.len() * 4 + part.tail.len();
        prop_assert!(start <= wanted.start && start + len >= wanted.end);
        prop_assert!(wanted.start - start < 4 && start + len - wanted.end < 4, "{start} {len}");
        let mut wire = vec![0; len * 2];
        convert(part, &mut wire, Order::BigEndian);
        for (pixel, bytes) in pixels[start..].iter().zip(wire.chunks_exact(2)) {
            prop_assert_eq!(on_the_wire(bytes, Order::BigEndian), *pixel);
        }
    }

    /// A target that is too small, or too large: nothing but that some pixels are missing.
    #[test]
    fn any_lengths(pixels in proptest::collection::vec(any::<u32>(), 0..16), room in 0..64usize) {
        let mut wire = vec![0xa5; room];
        convert(Xrgb8888::new(&pixels, true).line(), &mut wire, Order::BigEndian);
        let written = wire.len().min(pixels.len() * 2);
        prop_assert!(wire[written..].iter().all(|b| *b == 0xa5));
    }
}
