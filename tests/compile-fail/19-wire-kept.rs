// SPDX-License-Identifier: GPL-2.0

//! The wire itself kept, to be used when the guard is gone.
//~ - lifetime may not live long enough

include!("common.rs");

/// Misuse.
pub fn callback(presence: &Presence<Hw>) -> Result {
    let Some(mut guard) = presence.enter() else {
        return Ok(());
    };
    let wire = guard.access(|wire, _hw| Ok(wire))?;
    drop(guard);
    wire.sleep(kernel::time::Delta::from_millis(1))
}
