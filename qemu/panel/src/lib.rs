// SPDX-License-Identifier: GPL-2.0

//! An emulated TFT panel, outside of the guest that drives it.
//!
//! A driver under test believes in the SPI bus and four GPIO lines that QEMU
//! shows it. Behind them is this program: it sees bytes and levels and nothing
//! else, so what it shows is what a real panel would show, and what it
//! complains about is what a real controller would not have accepted. It
//! shares no code with any driver.
//!
//! ```text
//!  guest: drm driver ── spi core ── spi-virtio     gpio-virtio
//!  ─────────────────────────────────────│───────────────│──────
//!  QEMU                       vhost-user-spi   vhost-user-gpio
//!  ─────────────────────────────────────│───────────────│──────
//!  here                     vhost::spi  │   vhost::gpio │
//!                                       └──── bench ────┘─── control ── you
//!                                               │ bus
//!                                          controller ── gram ── picture
//! ```
//!
//! # Try it
//!
//! ```sh
//! tinydrm-panel --spi spi.sock --gpio gpio.sock --control panel.sock &
//! qemu-system-x86_64 -machine q35,memory-backend=mem -m 1G \
//!     -object memory-backend-memfd,id=mem,size=1G,share=on \
//!     -chardev socket,id=gpio,path=gpio.sock -device vhost-user-gpio-pci,chardev=gpio \
//!     -chardev socket,id=spi,path=spi.sock -device vhost-user-spi-pci,chardev=spi ...
//! echo '{"do":"state"}' | socat - UNIX-CONNECT:panel.sock
//! ```
//!
//! The requests of the control socket are [`control::Request`]:
//!
//! | request | answer, beside `"ok":true` |
//! |---|---|
//! | `{"do":"state"}` | what the panel does, has done, and would not have done |
//! | `{"do":"picture","turn":90,"path":"a.png","scale":2}` | `width`, `height`, `crc`, `shown` |
//! | `{"do":"pixel","x":0,"y":0,"turn":90}` | `rgb565` |
//! | `{"do":"fault","mode":"error","after":3,"count":1,"wire":"spi"}` | `fault` |
//! | `{"do":"mount","module":"rh128128t"}` | |
//! | `{"do":"words","bits":[8]}`, `{"do":"interface","wires":3}`, `{"do":"interrupts","on":false}` | |
//! | `{"do":"forget"}`, `{"do":"power-cycle"}` | |
//! | `{"do":"wait","until":{"asleep":true},"timeout_ms":500}` | `timed_out` |
//!
//! Faults are `none`, `error` (requests are refused), `stall` (they are held
//! until the fault is `none`) and `vanish` (the connections are closed, once).
//!
//! # Where to look
//!
//! - [`bus`]: what the wires can do. The seam where hardware would be.
//! - [`controller`]: the display controllers, what they have in common
//!   ([`controller::dcs`]), and the modules that they are mounted on.
//! - [`gram`], [`picture`]: what it remembers, and how that looks.
//! - [`complaints`]: what it would not have accepted.
//! - [`mod@bench`]: the lock, the clock, and everybody who waits.
//! - [`fault`]: what goes wrong on demand.
//! - [`vhost`]: the two virtio devices.
//! - [`control`]: the socket for people and tests.

pub mod bench;
pub mod bus;
pub mod complaints;
pub mod control;
pub mod controller;
pub mod fault;
pub mod gram;
pub mod picture;
pub mod vhost;
