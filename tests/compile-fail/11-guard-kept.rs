// SPDX-License-Identifier: GPL-2.0
//! The wire kept beyond the guard's scope.
//~ - lifetime may not live long enough

include!("common.rs");

/// Misuse.
pub fn callback<'a>(guard: &'a mut Guard<'_, Hw>) -> Result<&'a mut Hw> {
    guard.access(|_wire, hw| Ok(hw))
}
