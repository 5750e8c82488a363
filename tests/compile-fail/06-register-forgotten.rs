// SPDX-License-Identifier: GPL-2.0
//! A probe that forgets to register has nothing to return.
//~ E0308 expected `Registration<Lamp>`, found `Reset<'_, Lamp>`

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Lamp>> {
    Ok(reset(spi)?)
}
