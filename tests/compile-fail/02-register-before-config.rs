// SPDX-License-Identifier: GPL-2.0
//! Registered without mode objects.
//~ E0308 expected `Reset<'_, Lamp>`, found `UnregisteredDevice<'_, Lamp>`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    devm::drm_dev_register(init(spi)?)
}
