// SPDX-License-Identifier: GPL-2.0

//! tinydrm: display drivers for SPI panels that need no remove callback.
//!
//! Where to look:
//!
//! | you want                                  | read                                        |
//! |-------------------------------------------|---------------------------------------------|
//! | to write a panel driver                   | [`mipi_dbi`], then any file of `src/panels` |
//! | to see how detach works                   | [`drm::devm`]                               |
//! | to know when hardware may be touched      | [`drm::presence`]                           |
//! | to drive something that is not MIPI DBI   | [`drm::kms`], [`spi`], [`gpio`]             |
//!
//! Three layers, each with one rule. `bindings` is C as it is. [`spi`], [`gpio`], [`backlight`],
//! [`device`], [`completion`] and [`drm`] are unsafe inside and safe outside. [`mipi_dbi`] and the panels have no
//! unsafe code at all.

mod bindings;

pub mod backlight;
pub mod completion;
pub mod device;
pub mod drm;
pub mod gpio;
mod lock;
pub mod mipi_dbi;
pub mod spi;

use kernel::prelude::*;

module! {
    type: Library,
    name: "tinydrm",
    authors: ["The tinydrm developers"],
    description: "Library for DRM drivers of SPI panels",
    license: "GPL",
}

/// A library does nothing by itself.
struct Library;

impl kernel::Module for Library {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        Ok(Self)
    }
}
