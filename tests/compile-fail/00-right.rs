// SPDX-License-Identifier: GPL-2.0
//! The right order compiles. (Else none of the others would prove a thing.)
//~ ok

include!("common.rs");

/// As it should be.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    let kms = configured(spi)?;
    let kms = devm::drm_poll_enable(kms)?;
    let kms = devm::drm_mode_config_reset(kms, hw()?)?;
    devm::drm_dev_register_with_fbdev(kms, Format::Rgb565)
}

/// As it should be.
pub fn switch_off(presence: &Presence<Hw>) -> Result {
    let Some(mut guard) = presence.enter() else {
        return Ok(());
    };
    guard.switch_off(|wire, hw| wire.write(&hw.buf, 1, 8, 0))
}
