// SPDX-License-Identifier: GPL-2.0

//! The steps of an init sequence.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

/// A step of an init sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A command with its parameters.
    Command(u8, &'a [u8]),
    /// The values of registers that follow each other, from this one on.
    Registers(u8, &'a [u16]),
    /// A wait, in milliseconds.
    Sleep(u16),
}

/// A command with at most [`MAX_PARAMETERS`] parameters; more do not compile.
pub const fn cmd(command: u8, parameters: &'static [u8]) -> Step<'static> {
    assert!(parameters.len() <= MAX_PARAMETERS);
    Step::Command(command, parameters)
}

/// The registers from `first` on, of a panel with a `Protocol::Registers`.
pub const fn set(first: u8, values: &'static [u16]) -> Step<'static> {
    Step::Registers(first, values)
}

/// A wait of at least `ms` milliseconds.
pub const fn msleep(ms: u16) -> Step<'static> {
    Step::Sleep(ms)
}

/// The most parameters that a command of a table may have.
pub const MAX_PARAMETERS: usize = 64;
