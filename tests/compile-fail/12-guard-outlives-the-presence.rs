// SPDX-License-Identifier: GPL-2.0
//! A guard that outlives what it guards.
//~ E0515 returns a value referencing data owned by the current function

include!("common.rs");

/// Misuse.
pub fn callback(presence: Pin<KBox<Presence<Hw>>>) -> Option<Guard<'static, Hw>> {
    presence.enter()
}
