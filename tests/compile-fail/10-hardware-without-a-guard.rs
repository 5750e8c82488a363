// SPDX-License-Identifier: GPL-2.0
//! The hardware taken out of the presence, past its lock.
//~ E0616 field `inner` of struct `Presence` is private

include!("common.rs");

/// Misuse.
pub fn callback(presence: &Presence<Hw>) -> bool {
    presence.inner.lock().is_some()
}
