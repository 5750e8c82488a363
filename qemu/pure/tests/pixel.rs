// SPDX-License-Identifier: GPL-2.0

//! Pixels: each colour where the panel expects it, whatever the line's length.

use proptest::prelude::*;
use tinydrm_pure::pixel::{Order, from_rgb565, from_xrgb8888, rgb565};

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
    let mut wire = [0; 2];
    from_xrgb8888(&0x00ff_0000u32.to_le_bytes(), &mut wire, Order::BigEndian);
    assert_eq!(wire, [0xf8, 0x00]);
    from_rgb565(&0x1234u16.to_le_bytes(), &mut wire, Order::BigEndian);
    assert_eq!(wire, [0x12, 0x34]);
    from_rgb565(&0x1234u16.to_le_bytes(), &mut wire, Order::Native);
    assert_eq!(u16::from_ne_bytes(wire), 0x1234);
}

/// The arithmetic of drm_format_helper.c, written down another way: truncation of each channel.
fn reference(pixel: u32) -> u16 {
    let [blue, green, red, _] = pixel.to_le_bytes();
    (u16::from(red) / 8) * 2048 + (u16::from(green) / 4) * 32 + u16::from(blue) / 8
}

proptest! {
    #[test]
    fn every_pixel_of_a_line(pixels in proptest::collection::vec(any::<u32>(), 0..500)) {
        let src: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
        let mut wire = vec![0xa5; pixels.len() * 2 + 3];
        from_xrgb8888(&src, &mut wire[..pixels.len() * 2], Order::BigEndian);
        for (pixel, bytes) in pixels.iter().zip(wire.chunks_exact(2)) {
            prop_assert_eq!(u16::from_be_bytes([bytes[0], bytes[1]]), reference(*pixel));
        }
        prop_assert_eq!(&wire[pixels.len() * 2..], [0xa5; 3], "nothing behind the line");
    }

    #[test]
    fn rgb565_only_changes_its_order(pixels in proptest::collection::vec(any::<u16>(), 0..500)) {
        let src: Vec<u8> = pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
        for order in [Order::Native, Order::BigEndian] {
            let mut wire = vec![0; src.len()];
            from_rgb565(&src, &mut wire, order);
            for (pixel, bytes) in pixels.iter().zip(wire.chunks_exact(2)) {
                let bytes = [bytes[0], bytes[1]];
                let got = match order {
                    Order::Native => u16::from_ne_bytes(bytes),
                    Order::BigEndian => u16::from_be_bytes(bytes),
                };
                prop_assert_eq!(got, *pixel);
            }
        }
    }

    /// Odd lengths on either side: what does not fit is left alone.
    #[test]
    fn any_lengths(src in proptest::collection::vec(any::<u8>(), 0..64), room in 0..64usize) {
        let mut wire = vec![0; room];
        from_xrgb8888(&src, &mut wire, Order::BigEndian);
        from_rgb565(&src, &mut wire, Order::Native);
    }
}
