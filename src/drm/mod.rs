// SPDX-License-Identifier: GPL-2.0

//! DRM for tiny drivers.
//!
//! [`devm`] is where a driver starts: the managed functions, and the order that they keep.

pub mod damage;
pub mod debugfs;
pub mod device;
pub mod devm;
pub mod driver;
pub mod framebuffer;
pub mod kms;
pub mod line;
pub mod presence;

mod client;
mod gem;
mod leaving;

pub use self::{
    device::Device,
    driver::{Disconnect, Driver, DriverInfo},
    framebuffer::{Block, Format, Framebuffer, Scratch},
    presence::Presence, //
};
