// SPDX-License-Identifier: GPL-2.0
//! Polling enabled twice: its work would be initialised while it is queued.
//~ E0308 expected `false`, found `true`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    let kms = devm::drm_poll_enable(devm::drm_poll_enable(configured(spi)?)?)?;
    devm::drm_dev_register(devm::drm_mode_config_reset(kms, hw()?)?)
}
