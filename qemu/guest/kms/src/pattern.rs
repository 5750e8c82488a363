// SPDX-License-Identifier: GPL-2.0

//! What is drawn: patterns that no turn, mirror, shift or swap of colours leaves
//! the same, and what their pixels are on the panel's wire.

use std::fmt;
use std::str::FromStr;

pub use tinydrm_traces::Rect;

/// A colour, as red, green and blue.
pub type Colour = [u8; 3];

/// A pattern. Each is a function of the size, so it fills any picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// The SMPTE bars, pixel for pixel as modetest draws them.
    Smpte,
    /// A test card: corners of four colours, an arrow that points up, a ramp.
    Card,
    /// Red from left to right, green from top to bottom, blue along the diagonal.
    Gradient,
    /// Noise from a seed: every pixel matters.
    Noise(u32),
    /// One colour.
    Solid(Colour),
    /// A frame of an animation: a bar that goes round, on a ground of its own.
    Frame(u32),
}

impl Pattern {
    /// The colour at (`x`, `y`) of a picture of `width` times `height`.
    pub fn colour(self, x: u32, y: u32, width: u32, height: u32) -> Colour {
        match self {
            Self::Smpte => smpte(x, y, width, height),
            Self::Card => card(x, y, width, height),
            Self::Gradient => [
                ramp(x, width),
                ramp(y, height),
                ramp((x + y) % width.max(1), width),
            ],
            Self::Noise(seed) => noise(seed, x, y),
            Self::Solid(colour) => colour,
            Self::Frame(number) => {
                let bar = number % height.max(1);
                if (y + height - bar) % height.max(1) < height.div_ceil(8) {
                    [255, 255, ramp(x, width)]
                } else {
                    [(number * 7 % 256) as u8, (number * 13 % 256) as u8, 64]
                }
            }
        }
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        let number = |default| match value {
            "" => Ok(default),
            value => value.parse().map_err(|e| format!("{text}: {e}")),
        };
        Ok(match name {
            "smpte" => Self::Smpte,
            "card" | "corners" => Self::Card,
            "gradient" => Self::Gradient,
            "noise" => Self::Noise(number(1)?),
            "frame" => Self::Frame(number(0)?),
            "black" => Self::Solid([0; 3]),
            "white" => Self::Solid([255; 3]),
            "red" => Self::Solid([255, 0, 0]),
            "green" => Self::Solid([0, 255, 0]),
            "blue" => Self::Solid([0, 0, 255]),
            "solid" => {
                let value = u32::from_str_radix(value, 16).map_err(|e| format!("{text}: {e}"))?;
                let [_, red, green, blue] = value.to_be_bytes();
                Self::Solid([red, green, blue])
            }
            _ => {
                return Err(format!(
                    "{text}: a pattern is smpte, card, gradient, noise:SEED, frame:N, \
                     solid:RRGGBB, black, white, red, green or blue"
                ));
            }
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// How a buffer holds a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// 32 bits, which the driver converts.
    Xrgb8888,
    /// 16 bits, as the panel has them.
    Rgb565,
    /// 24 bits, as a panel of 18 bits has them.
    Rgb888,
}

impl Format {
    /// Bytes of one pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Xrgb8888 => 4,
            Self::Rgb565 => 2,
            Self::Rgb888 => 3,
        }
    }

    /// Writes a pixel into a buffer.
    pub fn put(self, pixel: &mut [u8], colour: Colour) {
        match self {
            Self::Xrgb8888 => pixel.copy_from_slice(&[colour[2], colour[1], colour[0], 0]),
            Self::Rgb565 => pixel.copy_from_slice(&rgb565(colour).to_le_bytes()),
            Self::Rgb888 => pixel.copy_from_slice(&[colour[2], colour[1], colour[0]]),
        }
    }

    /// What a panel with four greys makes of a colour in such a buffer: brightness as
    /// `drm_fb_xrgb8888_to_gray8()` has it, of which two bits count.
    pub fn grey(self, colour: Colour) -> Colour {
        let [red, green, blue] = match self {
            Self::Xrgb8888 | Self::Rgb888 => colour,
            // The upper bits are the lower ones, too.
            Self::Rgb565 => {
                let [red, green, blue] = colour;
                let five = |c: u8| (c & 0xf8) | (c >> 5);
                [five(red), (green & 0xfc) | (green >> 6), five(blue)]
            }
        }
        .map(u32::from);
        let level = ((3 * red + 6 * green + blue) / 10) >> 6;
        [(level * 85) as u8; 3]
    }

    /// Reads a pixel from a buffer, as the panel has it.
    pub fn get(self, pixel: &[u8]) -> u16 {
        match self {
            Self::Xrgb8888 | Self::Rgb888 => rgb565([pixel[2], pixel[1], pixel[0]]),
            Self::Rgb565 => u16::from_le_bytes([pixel[0], pixel[1]]),
        }
    }
}

/// The pixel as the panel has it: the low bits are cut off.
pub fn rgb565([red, green, blue]: Colour) -> u16 {
    (u16::from(red >> 3) << 11) | (u16::from(green >> 2) << 5) | u16::from(blue >> 3)
}

/// The CRC-32 (of IEEE 802.3) of a picture's pixels, row by row, each as two
/// bytes with the low one first: what the panel emulator tells of its memory.
pub fn crc(width: u32, height: u32, colour: impl Fn(u32, u32) -> Colour) -> u32 {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    crc_of(places.map(|(x, y)| rgb565(colour(x, y))))
}

/// The same of pixels as the panel has them.
pub fn crc_of(pixels: impl IntoIterator<Item = u16>) -> u32 {
    let mut crc = !0u32;
    for pixel in pixels {
        for byte in pixel.to_le_bytes() {
            crc ^= u32::from(byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
            }
        }
    }
    !crc
}

/// `at` of `size` as 0 to 255.
fn ramp(at: u32, size: u32) -> u8 {
    (at * 255 / (size.max(2) - 1)).min(255) as u8
}

fn smpte(x: u32, y: u32, width: u32, height: u32) -> Colour {
    const TOP: [Colour; 7] = [
        [192, 192, 192],
        [192, 192, 0],
        [0, 192, 192],
        [0, 192, 0],
        [192, 0, 192],
        [192, 0, 0],
        [0, 0, 192],
    ];
    const BLACK: Colour = [19, 19, 19];
    const MIDDLE: [Colour; 7] = [TOP[6], BLACK, TOP[4], BLACK, TOP[2], BLACK, TOP[0]];
    const BOTTOM: [Colour; 8] = [
        [0, 33, 76],
        [255, 255, 255],
        [50, 0, 106],
        BLACK,
        [9, 9, 9],
        BLACK,
        [29, 29, 29],
        BLACK,
    ];
    let seventh = (x * 7 / width) as usize;
    let index = if y < height * 6 / 9 {
        return TOP[seventh];
    } else if y < height * 7 / 9 {
        return MIDDLE[seventh];
    } else if x < width * 5 / 7 {
        x * 4 / (width * 5 / 7)
    } else if x < width * 6 / 7 {
        ((x - width * 5 / 7) * 3 / (width / 7) + 4).min(7)
    } else {
        7
    };
    BOTTOM[index as usize]
}

fn card(x: u32, y: u32, width: u32, height: u32) -> Colour {
    const GROUND: Colour = [24, 24, 40];
    let corner = width.min(height) / 6;
    let (left, right) = (x < corner, x >= width - corner);
    let (top, bottom) = (y < corner, y >= height - corner);
    match (left, right, top, bottom) {
        (true, _, true, _) => return [255, 0, 0],
        (_, true, true, _) => return [0, 255, 0],
        (true, _, _, true) => return [0, 0, 255],
        (_, true, _, true) => return [255, 255, 0],
        _ => {}
    }
    // The outermost line, by which a picture shifted by one is seen.
    if x == 0 || y == 0 || x == width - 1 || y == height - 1 {
        return [255, 255, 255];
    }
    // An arrow upwards in the middle: a head of a quarter, and a shaft.
    let (middle, head, tail) = (width / 2, height / 4, height * 3 / 4);
    let aside = x.abs_diff(middle);
    if (head..head + corner).contains(&y) && aside <= y - head {
        return [255, 128, 0];
    }
    if (head + corner..tail).contains(&y) && aside <= corner / 4 {
        return [255, 128, 0];
    }
    // A ramp at the bottom: every level of every channel, one after another.
    if y >= height - corner / 2 {
        let level = ramp(x, width);
        return [level, 255 - level, level / 2];
    }
    GROUND
}

/// The pixel of [`Pattern::Noise`] at (`x`, `y`).
pub fn noise(seed: u32, x: u32, y: u32) -> Colour {
    let mut value = seed
        .wrapping_mul(0x9e37_79b9)
        .wrapping_add(x.wrapping_mul(0x85eb_ca6b))
        .wrapping_add(y.wrapping_mul(0xc2b2_ae35));
    for shift in [16, 13, 16] {
        value ^= value >> shift;
        value = value.wrapping_mul(0x045d_9f3b);
    }
    let [red, green, blue, _] = value.to_le_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Pattern; 5] = [
        Pattern::Smpte,
        Pattern::Card,
        Pattern::Gradient,
        Pattern::Noise(1),
        Pattern::Frame(9),
    ];

    #[test]
    fn the_crc_is_that_of_ethernet() {
        // Four pixels, whose bytes are 31 32 33 34 35 36 37 38: CRC-32 of "12345678".
        let words = [0x3231u16, 0x3433, 0x3635, 0x3837];
        let colour = |x: u32, _| {
            let word = words[x as usize];
            [
                (word >> 11 << 3) as u8,
                (word >> 5 << 2) as u8,
                (word << 3) as u8,
            ]
        };
        assert_eq!(crc(4, 1, colour), 0x9ae0_daaf);
    }

    #[test]
    fn no_symmetry_and_no_swap_of_colours_goes_unseen() {
        for pattern in ALL {
            let (width, height) = (24, 32);
            let own = crc(width, height, |x, y| pattern.colour(x, y, width, height));
            let mirrored = crc(width, height, |x, y| {
                pattern.colour(width - 1 - x, y, width, height)
            });
            let flipped = crc(width, height, |x, y| {
                pattern.colour(x, height - 1 - y, width, height)
            });
            let turned = crc(width, height, |x, y| {
                pattern.colour(width - 1 - x, height - 1 - y, width, height)
            });
            let swapped = crc(width, height, |x, y| {
                let [red, green, blue] = pattern.colour(x, y, width, height);
                [blue, green, red]
            });
            for other in [mirrored, flipped, turned, swapped] {
                assert_ne!(own, other, "{pattern}");
            }
        }
    }

    #[test]
    fn patterns_fill_every_size() {
        for pattern in ALL {
            for (width, height) in [(240, 320), (320, 240), (128, 160), (8, 8)] {
                crc(width, height, |x, y| pattern.colour(x, y, width, height));
            }
        }
    }

    #[test]
    fn names_are_read() {
        assert_eq!("noise:7".parse(), Ok(Pattern::Noise(7)));
        assert_eq!("solid:102030".parse(), Ok(Pattern::Solid([16, 32, 48])));
        assert!("nois".parse::<Pattern>().is_err());
        assert_eq!(
            "1,2,3,4".parse(),
            Ok(Rect {
                x1: 1,
                y1: 2,
                x2: 3,
                y2: 4
            })
        );
        assert!("1,2,3,4,x".parse::<Rect>().is_err());
    }
}
