// SPDX-License-Identifier: GPL-2.0

//! Modules: a controller, and how a board maker mounted its glass. What is
//! here no datasheet of a controller tells, and every driver has to know.

use super::dcs::Chip;
use super::serial::Interface;
use super::{gc9a01, hx8357d, ili9163, ili9341, ili9486, ili9488, st7586, st7735r, st7789v};

/// A display that one can buy.
#[derive(Debug)]
pub struct Module {
    /// The name that selects it: its SPI device id.
    pub name: &'static str,
    /// The controller.
    pub chip: &'static Chip,
    /// Columns and rows of the memory, as the controller is strapped.
    pub memory: (u16, u16),
    /// Width and height of the glass, upright.
    pub glass: (u16, u16),
    /// The first column and row of the memory that the glass shows.
    pub origin: (u16, u16),
    /// Pixels of a column.
    pub pixels: u16,
    /// Columns of the memory are rows of the glass.
    pub transposed: bool,
    /// The glass's first column is its right edge (its lower edge if it is
    /// transposed).
    pub mirrored: bool,
    /// The glass's first row is its lower edge (its right edge if it is
    /// transposed).
    pub flipped: bool,
    /// The colour filter is blue, green, red.
    pub bgr: bool,
    /// The glass is bright where it gets no voltage: the controller has to
    /// invert.
    pub inverted: bool,
    /// What it is strapped for.
    pub interface: Interface,
    /// The controller's answers are wired.
    pub readable: bool,
    /// What is read where nobody drives that line.
    pub pull: u8,
}

/// A module that is like most; size and controller are missing.
const USUAL: Module = Module {
    name: "",
    chip: &ili9341::CHIP,
    memory: (240, 320),
    glass: (240, 320),
    origin: (0, 0),
    pixels: 1,
    transposed: false,
    mirrored: false,
    flipped: false,
    bgr: false,
    inverted: false,
    interface: Interface::FourWire,
    readable: true,
    pull: 0x00,
};

/// Those that are known. The first is the usual one.
pub static MODULES: &[Module] = &[
    Module {
        name: "yx240qv29",
        chip: &ili9341::CHIP,
        mirrored: true,
        bgr: true,
        ..USUAL
    },
    Module {
        name: "mi0283qt",
        chip: &ili9341::CHIP,
        glass: (320, 240),
        transposed: true,
        mirrored: true,
        flipped: true,
        bgr: true,
        ..USUAL
    },
    Module {
        name: "nhd-1.8-128160EF",
        chip: &ili9163::CHIP,
        memory: (128, 160),
        glass: (128, 160),
        mirrored: true,
        flipped: true,
        bgr: true,
        ..USUAL
    },
    Module {
        name: "rpi-lcd-35",
        chip: &ili9486::CHIP,
        memory: (320, 480),
        glass: (480, 320),
        transposed: true,
        mirrored: true,
        flipped: true,
        bgr: true,
        interface: Interface::Converter,
        readable: false,
        ..USUAL
    },
    Module {
        name: "yx350hv15",
        chip: &hx8357d::CHIP,
        memory: (320, 480),
        glass: (320, 480),
        mirrored: true,
        bgr: true,
        ..USUAL
    },
    Module {
        name: "jd-t18003-t01",
        chip: &st7735r::CHIP,
        memory: (128, 160),
        glass: (128, 160),
        mirrored: true,
        flipped: true,
        readable: false,
        pull: 0xff,
        ..USUAL
    },
    Module {
        name: "rh128128t",
        chip: &st7735r::CHIP,
        memory: (132, 132),
        glass: (128, 128),
        origin: (2, 1),
        mirrored: true,
        flipped: true,
        bgr: true,
        ..USUAL
    },
    Module {
        name: "lh133k",
        chip: &st7789v::CHIP,
        glass: (240, 240),
        inverted: true,
        ..USUAL
    },
    Module {
        name: "gc9a01",
        chip: &gc9a01::CHIP,
        memory: (240, 240),
        glass: (240, 240),
        bgr: true,
        inverted: true,
        ..USUAL
    },
    Module {
        name: "ev3-lcd",
        chip: &st7586::CHIP,
        memory: (128, 160),
        glass: (178, 128),
        pixels: 3,
        readable: false,
        ..USUAL
    },
    Module {
        name: "ili9488",
        chip: &ili9488::CHIP,
        memory: (320, 480),
        glass: (320, 480),
        mirrored: true,
        bgr: true,
        ..USUAL
    },
];

impl Module {
    /// The module of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        MODULES.iter().find(|module| module.name == name)
    }

    /// The column and row of the memory that drive a place of the upright glass.
    pub fn cell(&self, x: u16, y: u16) -> (u16, u16) {
        let (w, h) = self.glass;
        let ((x, y), (w, h)) = if self.transposed {
            ((y, x), (h, w))
        } else {
            ((x, y), (w, h))
        };
        let column = if self.mirrored { w - 1 - x } else { x };
        let row = if self.flipped { h - 1 - y } else { y };
        (self.origin.0 + column / self.pixels, self.origin.1 + row)
    }

    /// Width and height of the glass in pixels.
    pub fn size(&self) -> (u16, u16) {
        self.glass
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_glass_is_in_its_memory() {
        for module in MODULES {
            let (w, h) = module.glass;
            let (columns, rows) = module.memory;
            for (x, y) in [(0, 0), (w - 1, 0), (0, h - 1), (w - 1, h - 1)] {
                let (column, row) = module.cell(x, y);
                assert!(column < columns && row < rows, "{}: {x},{y}", module.name);
            }
            assert!(std::ptr::eq(Module::find(module.name).unwrap(), module));
        }
    }

    #[test]
    fn a_landscape_module_is_turned_and_mirrored() {
        let module = Module::find("mi0283qt").unwrap();
        assert_eq!(module.cell(0, 0), (239, 319));
        assert_eq!(module.cell(319, 0), (239, 0));
        assert_eq!(module.cell(0, 239), (0, 319));
        assert_eq!(Module::find("rh128128t").unwrap().cell(0, 0), (129, 128));
    }
}
