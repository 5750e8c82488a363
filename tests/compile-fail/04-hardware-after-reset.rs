// SPDX-License-Identifier: GPL-2.0
//! Hardware acquired after the reset: devres would give it back before the panel is switched off.
//~ E0061 argument #2 of type `Hw` is missing

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    let kms = devm::drm_mode_config_reset(configured(spi)?)?;
    let _hw = hw()?;
    devm::drm_dev_register(kms)
}
