// SPDX-License-Identifier: GPL-2.0
//! The wire made up by a callback that has no guard, from a device that may not be bound.
//~ E0308 expected `&Device<Bound>`, found `&Device`

include!("common.rs");

/// Misuse.
pub fn callback(spi: &spi::Device, hw: &mut Hw) -> Result {
    tinydrm::drm::presence::Wire::in_probe(spi).write(&hw.buf, 1, 8, 0)
}
