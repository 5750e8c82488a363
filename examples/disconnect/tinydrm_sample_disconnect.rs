// SPDX-License-Identifier: GPL-2.0

//! A panel driver that touches the hardware itself when it is disconnected: the other driver of
//! the thread of 2019.
//!
//! Some panels want more than to be dark and asleep. A display that keeps its picture without a
//! supply is to be wiped; a controller that is shared with a boot loader, as this one, is to be left
//! as its reset leaves it.

use kernel::{prelude::*, time::Delta};
use tinydrm::drm::{kms::Mode, presence::Guard};
use tinydrm::mipi_dbi::{
    address_mode::{BGR, MV, MX, MY},
    dcs, Hw, Model,
};

const MODEL: Model = Model {
    mode: Mode::fixed(240, 320).millimetres(37, 49),
    address_mode: [BGR | MX, BGR | MV, BGR | MY, BGR | MV | MY | MX],
    ..Model::MIPI_DBI
};

/// Called with the panel dark and asleep, and not at all when it is gone.
fn disconnect(hw: &mut Guard<'_, Hw>) {
    pr_info!("leaving the panel as its reset does\n");
    // An error has been logged, and the panel is gone.
    let _ = hw.switch_off(|wire, hw| {
        hw.command(wire, dcs::SOFT_RESET, &[])?;
        wire.sleep(Delta::from_millis(5))
    });
}

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"sample", c"Sample with a disconnect hook"),
    of: [c"tinydrm,sample-disconnect"],
    spi: [c"sample-disconnect"],
    disconnect: disconnect,
    name: "tinydrm_sample_disconnect",
    authors: ["The tinydrm developers"],
    description: "Sample: a panel driver with a disconnect hook",
    license: "GPL",
}
