// SPDX-License-Identifier: GPL-2.0

//! Hardware put into the presence past the managed functions: nobody would take it out again.
//~ E0624 method `arrive` is private

include!("common.rs");

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>, presence: &Presence<Hw>) -> Result {
    unsafe { presence.arrive(spi, hw()?) };
    Ok(())
}
