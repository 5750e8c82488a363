// SPDX-License-Identifier: GPL-2.0
//! Reset twice: two shutdown actions, and hardware that replaces hardware.
//~ E0308 expected `Configured<'_, _, _>`, found `Reset<'_, Lamp>`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    let kms = devm::drm_mode_config_reset(reset(spi)?, hw()?)?;
    devm::drm_dev_register(kms)
}
