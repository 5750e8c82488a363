// SPDX-License-Identifier: GPL-2.0
//! Polling enabled after the reset: it would end before the hardware is taken out, and who still has
//! that can ask for one more poll.
//~ E0308 expected `Configured<'_, _, false>`, found `Reset<'_, Lamp>`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    let kms = devm::drm_poll_enable(reset(spi)?)?;
    devm::drm_dev_register(devm::drm_mode_config_reset(kms, hw()?)?)
}
