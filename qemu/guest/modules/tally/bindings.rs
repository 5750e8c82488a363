// SPDX-License-Identifier: GPL-2.0

//! C as it is: what `bindgen` makes of `bindings.h`, over what the kernel crate binds already.

#![allow(
    clippy::all,
    clippy::cast_lossless,
    clippy::ptr_as_ptr,
    clippy::ref_as_ptr,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    improper_ctypes,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_op_in_unsafe_fn
)]

use kernel::ffi;
use pin_init::MaybeZeroable;

// Names bound below take precedence over these.
pub(crate) use kernel::bindings::*;

// bindgen leaves this one to the kernel crate, which keeps its own private.
type __kernel_size_t = usize;

include!(concat!(env!("TALLY_OBJ"), "/tally/bindings_generated.rs"));
