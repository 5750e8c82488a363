// SPDX-License-Identifier: GPL-2.0

//! The SPI controller: a message is done as soon as it comes.

use super::{
    bindings,
    record::{Entry, Inner, Record}, //
};
use core::{mem::offset_of, ptr::NonNull};
use kernel::{
    device::{Bound, Device},
    error::to_result,
    prelude::*,
    sync::Arc, //
};

/// A registered controller.
///
/// # Invariants
///
/// `ctlr` is registered, and its driver data is the [`Record`] of `_record`.
pub(crate) struct Controller {
    ctlr: NonNull<bindings::spi_controller>,
    _record: Arc<Record>,
}

// SAFETY: A controller may be unregistered by any task.
unsafe impl Send for Controller {}
// SAFETY: There is nothing to be done with a shared one.
unsafe impl Sync for Controller {}

impl Controller {
    /// Registers a controller with one chip select, for words of the sizes whose bits are set in
    /// `words`, as in `SPI_BPW_MASK()`.
    pub(crate) fn new(dev: &Device<Bound>, words: u32, record: Arc<Record>) -> Result<Self> {
        // CAST: `Device` is a transparent wrapper of `struct device`.
        let dev: *mut bindings::device = core::ptr::from_ref(dev).cast_mut().cast();
        // SAFETY: `dev` is a valid device.
        let ctlr = unsafe { bindings::__spi_alloc_controller(dev, 0, false) };
        let ctlr = NonNull::new(ctlr).ok_or(ENOMEM)?;

        // What is mapped for DMA is mapped for the parent.
        // SAFETY: It is valid, and nobody else sets these.
        unsafe {
            (*dev).dma_mask = &raw mut (*dev).coherent_dma_mask;
            (*dev).coherent_dma_mask = u64::MAX;
        }

        // SAFETY: It is not registered yet, so its fields are ours to set.
        unsafe {
            let ctlr = ctlr.as_ptr();
            (*ctlr).bus_num = -1;
            (*ctlr).num_chipselect = 1;
            (*ctlr).mode_bits = bindings::SPI_MODE_X_MASK;
            (*ctlr).bits_per_word_mask = words;
            (*ctlr).transfer_one_message = Some(transfer_one_message);
            (*ctlr).can_dma = Some(can_dma);
            (*ctlr).dev.driver_data = core::ptr::from_ref(&*record).cast_mut().cast();
        }
        // SAFETY: It has all that a controller needs.
        to_result(unsafe { bindings::spi_register_controller(ctlr.as_ptr()) }).inspect_err(
            |_| {
                // SAFETY: This is the reference that we were given.
                unsafe { bindings::put_device(&raw mut (*ctlr.as_ptr()).dev) };
            },
        )?;
        // INVARIANT: It is registered, with the data set above.
        Ok(Self {
            ctlr,
            _record: record,
        })
    }
}

impl Drop for Controller {
    fn drop(&mut self) {
        // SAFETY: By the type invariant it is registered. It is freed with the last reference.
        unsafe { bindings::spi_unregister_controller(self.ctlr.as_ptr()) };
    }
}

/// Most controllers have room for some bytes of their own, and use DMA for more.
const FIFO_BYTES: u32 = 64;

/// Whether the SPI core has to prepare a transfer for DMA, as it has to for hardware.
extern "C" fn can_dma(
    _: *mut bindings::spi_controller,
    _: *mut bindings::spi_device,
    transfer: *mut bindings::spi_transfer,
) -> bool {
    // SAFETY: The SPI core calls this with a valid transfer.
    unsafe { (*transfer).len > FIFO_BYTES }
}

/// Records a message, and finishes it.
extern "C" fn transfer_one_message(
    ctlr: *mut bindings::spi_controller,
    msg: *mut bindings::spi_message,
) -> c_int {
    // SAFETY: The driver data of our controller is a record that outlives the registration.
    let record = unsafe { &*(*ctlr).dev.driver_data.cast::<Record>() };

    record.write(|record| {
        record.message();
        // SAFETY: The SPI core gives us a valid message, which is ours until it is finished.
        unsafe { record_transfers(record, msg) };
    });
    // SAFETY: As above; it is the message that we were given last.
    unsafe {
        (*msg).status = 0;
        bindings::spi_finalize_current_message(ctlr);
    }
    0
}

/// Records the transfers of a message. Nobody answers on this wire: what is read is zeroes.
///
/// # Safety
///
/// `msg` must be a valid message that nobody else uses.
unsafe fn record_transfers(record: &mut Inner, msg: *mut bindings::spi_message) {
    // SAFETY: By our own requirements; the list's entries are transfers of the message, whose
    // buffers have the length that they say.
    unsafe {
        let head = &raw mut (*msg).transfers;
        let mode = ((*(*msg).spi).mode & bindings::SPI_MODE_X_MASK) as u8;
        let mut node = (*head).next;
        while node != head {
            let transfer = node
                .byte_sub(offset_of!(bindings::spi_transfer, transfer_list))
                .cast::<bindings::spi_transfer>();
            let len = (*transfer).len;
            node = (*node).next;

            // After the last one chip select is released, unless it is to be changed.
            let changes = (*transfer).cs_change() != 0;
            let entry = Entry::Transfer(
                (*transfer).bits_per_word,
                mode,
                changes != (node == head),
                bindings::is_vmalloc_addr((*transfer).tx_buf),
            );
            if (*transfer).tx_buf.is_null() {
                record.transfer(entry, &[]);
            } else {
                let tx = (*transfer).tx_buf.cast();
                record.transfer(entry, core::slice::from_raw_parts(tx, len as usize));
            }
            if !(*transfer).rx_buf.is_null() {
                (*transfer).rx_buf.cast::<u8>().write_bytes(0, len as usize);
            }
            (*msg).actual_length += len;
        }
    }
}
