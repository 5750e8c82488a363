// SPDX-License-Identifier: GPL-2.0
//! Configured twice.
//~ E0382 use of moved value

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result {
    let drm = init(spi)?;
    let _kms = drm.mode_config(|_| &INFO, |_| Ok(()))?;
    let _again = drm.mode_config(|_| &INFO, |_| Ok(()))?;
    Ok(())
}
