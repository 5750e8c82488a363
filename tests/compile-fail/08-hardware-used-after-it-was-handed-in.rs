// SPDX-License-Identifier: GPL-2.0
//! The hardware used directly, beside the guard.
//~ E0382 borrow of moved value: `hw`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    let hw = hw()?;
    let kms = devm::drm_mode_config_reset(configured(spi)?, hw)?;
    spi.write(&hw.buf, 1, 8, 0)?;
    devm::drm_dev_register(kms)
}
