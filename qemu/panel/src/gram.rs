// SPDX-License-Identifier: GPL-2.0

//! The graphics RAM: columns and rows of 18 bits each.

/// One pixel, 6 bits a colour, in the order in which the colours were sent:
/// which one is red is up to the glass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rgb666 {
    /// First colour, 0 to 63.
    pub r: u8,
    /// Second colour, 0 to 63.
    pub g: u8,
    /// Third colour, 0 to 63.
    pub b: u8,
}

impl Rgb666 {
    /// A pixel of 16 bits on the wire (datasheet 7.6.8). The 5-bit colours get
    /// their top bit again as the lowest, the controller's default (EPF = 00).
    pub fn from_565(value: u16) -> Self {
        let five = |v: u16| (((v & 31) << 1) | ((v & 31) >> 4)) as u8;
        Self {
            r: five(value >> 11),
            g: ((value >> 5) & 63) as u8,
            b: five(value),
        }
    }

    /// A pixel of three bytes on the wire, the upper six bits of each.
    pub fn from_bytes([r, g, b]: [u8; 3]) -> Self {
        Self {
            r: r >> 2,
            g: g >> 2,
            b: b >> 2,
        }
    }

    /// The three bytes in which a memory read sends it.
    pub fn to_bytes(self) -> [u8; 3] {
        [self.r << 2, self.g << 2, self.b << 2]
    }

    /// Without the lowest bit of the first and the last colour.
    pub fn to_565(self) -> u16 {
        let [r, g, b] = [self.r >> 1, self.g, self.b >> 1].map(u16::from);
        (r << 11) | (g << 5) | b
    }

    /// The same with first and last colour exchanged, if they are.
    pub fn to_565_swapped(self, swap: bool) -> u16 {
        let (r, b) = if swap {
            (self.b, self.r)
        } else {
            (self.r, self.b)
        };
        Self { r, b, ..self }.to_565()
    }
}

/// The memory itself. It keeps its contents through sleep and software reset.
#[derive(Clone)]
pub struct Gram {
    columns: u16,
    rows: u16,
    cells: Vec<Rgb666>,
}

impl Gram {
    /// A memory of that size that has just been given power: noise, the same
    /// every time.
    pub fn noise((columns, rows): (u16, u16)) -> Self {
        let mut state = 0x2545_f491_u32;
        let cells = (0..usize::from(columns) * usize::from(rows))
            .map(|_| {
                // Marsaglia's xorshift32.
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                Rgb666::from_565((state >> 16) as u16)
            })
            .collect();
        Self {
            columns,
            rows,
            cells,
        }
    }

    /// The pixel at a physical place, if there is one.
    pub fn get(&self, column: u16, row: u16) -> Option<Rgb666> {
        self.index(column, row).map(|i| self.cells[i])
    }

    /// Writes the pixel at a physical place. Outside of the memory nothing
    /// happens, as in the controller.
    pub fn set(&mut self, column: u16, row: u16, pixel: Rgb666) {
        if let Some(i) = self.index(column, row) {
            self.cells[i] = pixel;
        }
    }

    fn index(&self, column: u16, row: u16) -> Option<usize> {
        (column < self.columns && row < self.rows)
            .then(|| usize::from(row) * usize::from(self.columns) + usize::from(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_survive_the_memory() {
        for value in 0..=u16::MAX {
            assert_eq!(Rgb666::from_565(value).to_565(), value);
        }
    }

    #[test]
    fn white_is_white() {
        assert_eq!(
            Rgb666::from_565(0xffff),
            Rgb666 {
                r: 63,
                g: 63,
                b: 63
            }
        );
        assert_eq!(Rgb666::from_bytes([0xff; 3]), Rgb666::from_565(0xffff));
        assert_eq!(Rgb666::from_565(0xffff).to_bytes(), [0xfc; 3]);
    }

    #[test]
    fn outside_is_nowhere() {
        let mut gram = Gram::noise((132, 162));
        gram.set(132, 0, Rgb666::default());
        gram.set(0, 162, Rgb666::default());
        assert_eq!(gram.get(132, 0), None);
        assert_eq!(gram.get(0, 162), None);
        assert!(gram.get(131, 161).is_some());
    }
}
