// SPDX-License-Identifier: GPL-2.0

//! Messages of several transfers, of memory that is in several pieces.
//!
//! C header: [`include/linux/spi/spi.h`](srctree/include/linux/spi/spi.h)

use super::{Buffer, Device};
use crate::bindings;
use core::{marker::PhantomData, ops::Range, ptr::NonNull};
use kernel::{device::Bound, error::to_result, prelude::*};

/// Room to describe the transfers of a message.
pub struct Transfers {
    room: KVec<bindings::spi_transfer>,
    max: usize,
    takes_vmalloc: bool,
}

// SAFETY: The pointers in it are those of a message, and of no use without one.
unsafe impl Send for Transfers {}

impl Transfers {
    /// Room for transfers to `spi` of up to `max` bytes each: see [`Device::max_transfer_size`]. It
    /// grows when it has to.
    pub fn new(spi: &Device<Bound>, max: usize) -> Self {
        Self {
            room: KVec::new(),
            max,
            takes_vmalloc: spi.takes_vmalloc(),
        }
    }

    /// Begins a message.
    pub fn message(&mut self) -> Message<'_> {
        self.room.clear();
        Message {
            transfers: self,
            speed_hz: 0,
            _memory: PhantomData,
        }
    }
}

/// A message that is being made: memory that is to be sent, and that stays as it is meanwhile.
///
/// # Examples
///
/// ```ignore
/// let mut message = transfers.message();
/// message.at(10_000_000).push(&header, 0..header.len())?;
/// message.at(0).push(&pixels, 0..pixels.len())?;
/// spi.write_message(message, 8)?;
/// ```
///
/// # Invariants
///
/// The transfers are of memory that a controller may be given for `'m`.
pub struct Message<'m> {
    transfers: &'m mut Transfers,
    speed_hz: u32,
    _memory: PhantomData<&'m Buffer>,
}

impl<'m> Message<'m> {
    /// What is added from now on goes at a clock of so many Hz; 0 is the device's own maximum, as
    /// without this.
    pub fn at(&mut self, speed_hz: u32) -> &mut Self {
        self.speed_hz = speed_hz;
        self
    }

    /// Adds a part of a buffer, in bytes.
    ///
    /// # Errors
    ///
    /// `EINVAL` when the buffer is shorter; `ENOMEM`.
    pub fn push(&mut self, buf: &'m Buffer, part: Range<usize>) -> Result {
        let bytes = buf.as_slice().get(part).ok_or(EINVAL)?;
        // SAFETY: This is heap memory, borrowed for `'m`.
        unsafe { self.push_raw(NonNull::from(bytes).cast(), bytes.len()) }
    }

    /// Whether memory of `vmalloc()` can be added at its own address.
    pub(crate) fn takes_vmalloc(&self) -> bool {
        self.transfers.takes_vmalloc
    }

    /// Adds `len` bytes at `start`: to the last transfer, if they follow it.
    ///
    /// # Errors
    ///
    /// `ENOMEM`; `EINVAL` for transfers of nothing.
    ///
    /// # Safety
    ///
    /// They must be in the kernel's linear mapping, or of `vmalloc()` if that is taken; and stay there
    /// for `'m`.
    pub(crate) unsafe fn push_raw(&mut self, mut start: NonNull<u8>, mut len: usize) -> Result {
        let speed_hz = self.speed_hz;
        let Transfers { room, max, .. } = &mut *self.transfers;
        if *max == 0 {
            return Err(EINVAL);
        }
        while len > 0 {
            let end = |last: &bindings::spi_transfer| {
                last.tx_buf.cast::<u8>().wrapping_add(last.len as usize)
            };
            let open = room.last_mut().filter(|last| {
                end(last) == start.as_ptr()
                    && last.speed_hz == speed_hz
                    && (last.len as usize) < *max
            });
            let now = match open {
                Some(last) => {
                    let now = len.min(*max - last.len as usize);
                    last.len += u32::try_from(now)?;
                    now
                }
                None => {
                    let now = len.min(*max);
                    let transfer = bindings::spi_transfer {
                        tx_buf: start.as_ptr().cast(),
                        len: u32::try_from(now)?,
                        speed_hz,
                        ..Default::default()
                    };
                    room.push(transfer, GFP_KERNEL)?;
                    now
                }
            };
            // SAFETY: `now` is at most `len`, so this is inside the memory or at its end.
            start = unsafe { start.add(now) };
            len -= now;
        }
        Ok(())
    }
}

impl Device<Bound> {
    /// Sends a message, and waits for its end. Its words are as those of [`Device::write`]. May sleep.
    ///
    /// # Errors
    ///
    /// As for [`Device::write`].
    pub fn write_message(&self, message: Message<'_>, bits_per_word: u8) -> Result {
        let transfers = &mut message.transfers.room;
        for transfer in transfers.iter_mut() {
            transfer.bits_per_word = bits_per_word;
        }
        // SAFETY: The device is bound, hence registered with its controller. By the type invariant
        // the memory is good for a controller until the call returns, and that is when it is done.
        to_result(unsafe {
            bindings::tinydrm_spi_sync_transfer(
                self.as_raw(),
                transfers.as_mut_ptr(),
                transfers.len().try_into()?,
            )
        })
    }
}
