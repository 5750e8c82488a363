// SPDX-License-Identifier: GPL-2.0

//! The files of `src/` that use `core` alone, compiled as they are for the host.
//!
//! Whatever they promise is tested here, by examples and by properties: the kernel has no place
//! for a million random cases, and no need of one.

#![no_std]

/// The pure files of `src/drm`.
#[path = "../../../src/drm"]
pub mod drm {
    pub mod damage;
    pub mod line;
}

/// The pure files of `src/mipi_dbi`.
#[path = "../../../src/mipi_dbi"]
pub mod mipi_dbi {
    pub mod dcs;
    pub mod diagnosis;
    pub mod difference;
    pub mod entry_mode;
    pub mod firmware;
    pub mod hex;
    pub mod nine_bits;
    pub mod pixel;
    pub mod rotation;
    pub mod scan;
    pub mod step;
    pub mod thrift;
    pub mod timing;
    pub mod transpose;
    pub mod window;
    pub mod windows;
}

pub use self::drm::damage;
pub use self::mipi_dbi::{
    dcs, diagnosis, difference, entry_mode, firmware, hex, nine_bits, pixel, rotation, scan, step,
    thrift, timing, transpose, window, windows,
};
