// SPDX-License-Identifier: GPL-2.0

//! An SPI and a GPIO controller that cost nothing, for a driver to be measured by.
//!
//! What comes over the wires is counted (`counts` in debugfs) and kept (`log`), so that a program
//! can give it to an emulated panel and look at the picture. The time that this takes is counted
//! too, and can be taken off what was measured.

mod bindings;
mod gpio;
mod record;
mod spi;

use self::record::Record;
use kernel::{
    debugfs::Scope,
    faux,
    prelude::*,
    sync::Arc, //
};

module! {
    type: Tally,
    name: "tinydrm_tally",
    authors: ["The tinydrm developers"],
    description: "Controllers that cost nothing and count what comes",
    license: "GPL",
    params: {
        words: u32 {
            default: (1 << 7) | (1 << 8) | (1 << 15),
            description: "The words that can be sent, as SPI_BPW_MASK() has them: 8, 9 and 16 bits",
        },
    },
}

/// The controllers and their parent; what is first goes first.
struct Tally {
    _spi: spi::Controller,
    _gpio: gpio::Controller,
    _files: Pin<KBox<Scope<Arc<Record>>>>,
    _device: faux::Registration,
}

impl kernel::Module for Tally {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let record = Arc::pin_init(Record::new(), GFP_KERNEL)?;
        let device = faux::Registration::new(c"tinydrm_tally", None)?;
        let files = Scope::dir(record.clone(), c"tinydrm_tally", |record, directory| {
            directory.read_callback_file(c"counts", record, &|record, f| record.counts(f));
            directory.read_binary_file(c"log", record);
        });
        let files = KBox::pin_init(files, GFP_KERNEL)?;
        let parent = device.as_ref().as_ref();
        Ok(Self {
            _gpio: gpio::Controller::new(parent, module, record.clone())?,
            _spi: spi::Controller::new(parent, module_parameters::words.value(), record)?,
            _files: files,
            _device: device,
        })
    }
}
