// SPDX-License-Identifier: GPL-2.0

//! The files of `src/` that use `core` alone, compiled as they are for the host.
//!
//! Whatever they promise is tested here, by examples and by properties: the kernel has no place
//! for a million random cases, and no need of one.

#![no_std]

#[path = "../../../src/drm/damage.rs"]
pub mod damage;
#[path = "../../../src/mipi_dbi/dcs.rs"]
pub mod dcs;
#[path = "../../../src/mipi_dbi/pixel.rs"]
pub mod pixel;
#[path = "../../../src/mipi_dbi/timing.rs"]
pub mod timing;
#[path = "../../../src/mipi_dbi/window.rs"]
pub mod window;
