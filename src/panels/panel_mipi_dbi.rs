// SPDX-License-Identifier: GPL-2.0

//! Panels with MIPI DBI controllers of any kind: the device says what it is, and a firmware file how
//! it is initialised.

use tinydrm::mipi_dbi::prelude::*;

const MODEL: Model = Model {
    source: Source::Device,
    ..Model::MIPI_DBI
};

tinydrm::module_panel_driver! {
    model: MODEL,
    info: (c"panel-mipi-dbi", c"MIPI DBI compatible display panel"),
    of: [c"panel-mipi-dbi-spi"],
    spi: [c"panel-mipi-dbi-spi"],
    name: "tinydrm_panel_mipi_dbi",
    authors: ["The tinydrm developers"],
    description: "DRM driver for MIPI DBI compatible panels",
    license: "GPL",
}
