// SPDX-License-Identifier: GPL-2.0
//! A guard sent to another thread: the lock is the holder's.
//~ E0277 cannot be sent between threads safely

include!("common.rs");

fn spawn<F: FnOnce() + Send>(f: F) {
    f()
}

/// Misuse.
pub fn callback(presence: &'static Presence<Hw>) {
    let guard = presence.enter();
    spawn(move || drop(guard));
}
