// SPDX-License-Identifier: GPL-2.0

//! Rectangles.

use std::fmt;
use std::str::FromStr;

/// A part of a picture: `x1,y1,x2,y2`, the latter two exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x1: u16,
    /// Top edge.
    pub y1: u16,
    /// Right edge, exclusive.
    pub x2: u16,
    /// Bottom edge, exclusive.
    pub y2: u16,
}

impl Rect {
    /// The rectangle of these edges.
    pub const fn new(x1: u16, y1: u16, x2: u16, y2: u16) -> Self {
        Self { x1, y1, x2, y2 }
    }

    /// The rectangle of that size whose upper left corner is there.
    pub const fn sized(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self::new(x, y, x + width, y + height)
    }

    /// Whether a pixel is within.
    pub fn contains(self, x: u32, y: u32) -> bool {
        (u32::from(self.x1)..u32::from(self.x2)).contains(&x)
            && (u32::from(self.y1)..u32::from(self.y2)).contains(&y)
    }

    /// How many pixels it has.
    pub fn area(self) -> u64 {
        u64::from(self.x2.saturating_sub(self.x1)) * u64::from(self.y2.saturating_sub(self.y1))
    }
}

impl FromStr for Rect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<u16> = text
            .split(',')
            .map_while(|part| part.parse().ok())
            .collect();
        match parts[..] {
            [x1, y1, x2, y2] if text.split(',').count() == 4 => Ok(Self { x1, y1, x2, y2 }),
            _ => Err(format!("{text}: a rectangle is X1,Y1,X2,Y2")),
        }
    }
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x1, self.y1, self.x2, self.y2)
    }
}
