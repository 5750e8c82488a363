// SPDX-License-Identifier: GPL-2.0
//! Registered before the shutdown action exists: unbind would leave the panel lit.
//~ E0308 expected `Reset<'_, Lamp>`, found `Configured<'_, Lamp, false>`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    devm::drm_dev_register(configured(spi)?)
}
