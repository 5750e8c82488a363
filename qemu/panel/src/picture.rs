// SPDX-License-Identifier: GPL-2.0

//! Pictures: turning them, their checksum, and what an eye would see, as PNG.

use std::io;
use std::path::Path;

use image::{ImageFormat, Rgb, RgbImage};
use serde::{Deserialize, Serialize};

/// Width of the frame around the glass in a PNG, in pixels: without it a black
/// glass on a black page would not be seen.
pub const BEZEL: u32 = 8;

const FRAME: Rgb<u8> = Rgb([0x38, 0x38, 0x38]);
const GLASS: Rgb<u8> = Rgb([0, 0, 0]);

/// By how many degrees, counter-clockwise, the viewer turns the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub enum Turn {
    /// Upright.
    #[default]
    None,
    /// A quarter turn to the left.
    Left,
    /// Upside down.
    Over,
    /// A quarter turn to the right.
    Right,
}

impl TryFrom<u16> for Turn {
    type Error = String;

    fn try_from(degrees: u16) -> Result<Self, String> {
        match degrees {
            0 => Ok(Self::None),
            90 => Ok(Self::Left),
            180 => Ok(Self::Over),
            270 => Ok(Self::Right),
            _ => Err(format!("turn is 0, 90, 180 or 270, not {degrees}")),
        }
    }
}

/// What an eye sees of the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// The picture.
    Picture,
    /// Nothing: the controller sleeps or its display is off.
    Black,
    /// Hardly anything: the backlight is off.
    Dark,
}

/// How the glass looks, whatever the memory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether there is a picture.
    pub shown: Shown,
    /// Every colour is its opposite.
    pub inverted: bool,
    /// Only the top bit of every colour is used.
    pub idle: bool,
}

/// Pixels in rows from the top left corner, RGB565 each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    pixels: Vec<u16>,
}

impl Picture {
    /// A picture whose pixels are what `pixel` says of each x and y.
    pub fn from_fn(width: u16, height: u16, mut pixel: impl FnMut(u16, u16) -> u16) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self {
            width,
            height,
            pixels: places.map(|(x, y)| pixel(x, y)).collect(),
        }
    }

    /// Pixels in a row.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The pixel at x, y, if it is on the picture.
    pub fn pixel(&self, x: u16, y: u16) -> Option<u16> {
        (x < self.width && y < self.height)
            .then(|| self.pixels[usize::from(y) * usize::from(self.width) + usize::from(x)])
    }

    /// What is upright when the module is turned.
    pub fn turned(&self, turn: Turn) -> Self {
        let (w, h) = (self.width, self.height);
        let at = |x, y| {
            self.pixel(x, y)
                .expect("inside, because the turned picture is as big")
        };
        match turn {
            Turn::None => self.clone(),
            Turn::Left => Self::from_fn(h, w, |x, y| at(w - 1 - y, x)),
            Turn::Over => Self::from_fn(w, h, |x, y| at(w - 1 - x, h - 1 - y)),
            Turn::Right => Self::from_fn(h, w, |x, y| at(y, h - 1 - x)),
        }
    }

    /// CRC-32 (IEEE) of the pixels in rows, two bytes each, the lower first.
    pub fn crc(&self) -> u32 {
        let bytes: Vec<u8> = self.pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
        crc32fast::hash(&bytes)
    }

    /// What an eye would see, in a frame, every pixel a square of `scale`.
    pub fn seen(&self, look: Look, scale: u8) -> RgbImage {
        let scale = u32::from(scale.max(1));
        let (w, h) = (u32::from(self.width), u32::from(self.height));
        RgbImage::from_fn((w + 2 * BEZEL) * scale, (h + 2 * BEZEL) * scale, |x, y| {
            let (x, y) = (
                (x / scale).wrapping_sub(BEZEL),
                (y / scale).wrapping_sub(BEZEL),
            );
            if x >= w || y >= h {
                return FRAME;
            }
            let rgb565 = self.pixels[(y * w + x) as usize];
            match look.shown {
                Shown::Black => GLASS,
                Shown::Picture => colour(rgb565, look),
                Shown::Dark => Rgb(colour(rgb565, look).0.map(|c| c / 12)),
            }
        })
    }

    /// Writes [`Picture::seen`] to a PNG file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self, path: &Path, look: Look, scale: u8) -> io::Result<()> {
        let image = self.seen(look, scale);
        image
            .save_with_format(path, ImageFormat::Png)
            .map_err(io::Error::other)
    }
}

fn colour(rgb565: u16, look: Look) -> Rgb<u8> {
    let widen = |value: u16, bits: u32| {
        let max = (1 << bits) - 1;
        let value = value & max;
        let value = if look.idle {
            (value >> (bits - 1)) * max
        } else {
            value
        };
        let value = if look.inverted { max - value } else { value };
        (u32::from(value) * 255 / u32::from(max)) as u8
    };
    Rgb([
        widen(rgb565 >> 11, 5),
        widen(rgb565 >> 5, 6),
        widen(rgb565, 5),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered() -> Picture {
        Picture::from_fn(3, 2, |x, y| y * 3 + x)
    }

    #[test]
    fn a_quarter_turn_to_the_left() {
        // Its top row is the right column of the upright picture.
        let turned = numbered().turned(Turn::Left);
        assert_eq!((turned.width(), turned.height()), (2, 3));
        assert_eq!(
            turned,
            Picture {
                width: 2,
                height: 3,
                pixels: vec![2, 5, 1, 4, 0, 3]
            }
        );
    }

    #[test]
    fn turns_add_up() {
        let left = numbered().turned(Turn::Left);
        assert_eq!(left.turned(Turn::Left), numbered().turned(Turn::Over));
        assert_eq!(left.turned(Turn::Over), numbered().turned(Turn::Right));
        assert_eq!(left.turned(Turn::Right), numbered());
    }

    #[test]
    fn the_checksum_is_the_usual_one() {
        // "123456789" less its last digit; python: zlib.crc32(b"12345678").
        let digits = Picture {
            width: 4,
            height: 1,
            pixels: vec![0x3231, 0x3433, 0x3635, 0x3837],
        };
        assert_eq!(digits.crc(), 0x9ae0_daaf);
    }

    #[test]
    fn an_eye_sees_a_frame_and_black_glass() {
        let look = Look {
            shown: Shown::Black,
            inverted: false,
            idle: false,
        };
        let white = Picture::from_fn(2, 2, |_, _| 0xffff);
        let seen = white.seen(look, 2);
        assert_eq!(seen.dimensions(), (36, 36));
        assert_eq!(seen.get_pixel(0, 0), &FRAME);
        assert_eq!(seen.get_pixel(16, 16), &GLASS);
        let seen = white.seen(
            Look {
                shown: Shown::Picture,
                ..look
            },
            1,
        );
        assert_eq!(seen.get_pixel(8, 8), &Rgb([255, 255, 255]));
        assert_eq!(seen.get_pixel(10, 8), &FRAME);
        let seen = white.seen(
            Look {
                shown: Shown::Picture,
                inverted: true,
                ..look
            },
            1,
        );
        assert_eq!(seen.get_pixel(8, 8), &Rgb([0, 0, 0]));
    }
}
