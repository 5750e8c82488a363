// SPDX-License-Identifier: GPL-2.0

//! Panels with a MIPI DBI type C interface: SPI and a data/command line.
//!
//! A panel is a [`Model`], which is a table, and a line for each name that it goes by: see
//! [`module_panel_driver!`](crate::module_panel_driver). What is here is what they have in common.

#![deny(unsafe_code)]

mod bus;
pub mod dcs;
pub mod difference;
mod flush;
mod model;
mod pipe;
pub mod pixel;
mod staging;
pub mod thrift;
pub mod timing;
pub mod window;
pub mod windows;

pub use self::{
    bus::Hw,
    model::{address_mode, cmd, msleep, Model, Step, MAX_PARAMETERS},
    pipe::Pipe, //
};

use crate::{
    drm::{devm, DriverInfo},
    spi, //
};
use core::marker::PhantomData;
use kernel::{device::Core, of, prelude::*};
use pin_init::pin_init_scope;

/// A panel: its table, and the names that it goes by. Made by
/// [`module_panel_driver!`](crate::module_panel_driver).
#[vtable]
pub trait Panel: Send + Sync + Sized + 'static {
    /// What the panel is.
    const MODEL: &'static Model;
    /// Name and version of its DRM driver.
    const INFO: DriverInfo;
    /// The SPI device ids.
    const SPI_ID_TABLE: spi::IdTable<()>;
    /// The device-tree compatibles.
    const OF_ID_TABLE: of::IdTable<()>;
}

/// The driver of the panel `P`.
pub struct PanelDriver<P: Panel>(PhantomData<P>);

impl<P: Panel> spi::Driver for PanelDriver<P> {
    type IdInfo = ();
    type Data<'bound> = devm::Registration<Self>;

    const SPI_ID_TABLE: spi::IdTable<()> = P::SPI_ID_TABLE;
    const OF_ID_TABLE: Option<of::IdTable<()>> = Some(P::OF_ID_TABLE);

    fn probe<'bound>(
        spi: &'bound spi::Device<Core<'_>>,
        _info: Option<&'bound ()>,
    ) -> impl PinInit<Self::Data<'bound>, Error> + 'bound {
        pin_init_scope(move || {
            let drm = devm::drm_dev_init::<Self>(spi, Pipe::new(spi, P::MODEL)?)?; // drm_dev_put
            let hw = Hw::acquire(spi, P::MODEL)?; // dropped after the shutdown
            let kms = drm.mode_config(Pipe::mode_config_info, Pipe::create)?; // freed with drm
            let kms = devm::drm_poll_enable(kms)?; // poll stopped
            let kms = devm::drm_mode_config_reset(kms, hw)?; // switched off, if it is there
            Ok(devm::drm_dev_register_with_fbdev(kms)) // unplugged
        })
    }

    fn shutdown<'bound>(_spi: &'bound spi::Device<Core<'_>>, this: Pin<&Self::Data<'bound>>) {
        this.shutdown();
    }
}

/// Declares a module that is the driver of one panel.
///
/// # Examples
///
/// ```ignore
/// tinydrm::module_panel_driver! {
///     model: MODEL,
///     info: ("st7735r", "Sitronix ST7735R"),
///     of: [c"jianda,jd-t18003-t01"],
///     spi: [c"jd-t18003-t01"],
///     name: "tinydrm_st7735r",
///     authors: ["A. Author"],
///     description: "DRM driver for Sitronix ST7735R panels",
///     license: "GPL",
/// }
/// ```
#[macro_export]
macro_rules! module_panel_driver {
    (
        model: $model:path,
        info: ($name:literal, $desc:literal),
        of: [$($of:literal),* $(,)?],
        spi: [$($spi:literal),* $(,)?],
        $($module:tt)*
    ) => {
        ::kernel::of_device_table!(OF_TABLE, (), [$((::kernel::of::DeviceId::new($of), ())),*]);
        $crate::spi_device_table!(SPI_TABLE, (), [$(($crate::spi::DeviceId::new($spi), ())),*]);

        struct ThisPanel;

        #[::kernel::macros::vtable]
        impl $crate::mipi_dbi::Panel for ThisPanel {
            const MODEL: &'static $crate::mipi_dbi::Model = &$model;
            const INFO: $crate::drm::DriverInfo = $crate::drm::DriverInfo {
                name: $name,
                desc: $desc,
                major: 1,
                minor: 0,
            };
            const SPI_ID_TABLE: $crate::spi::IdTable<()> = &SPI_TABLE;
            const OF_ID_TABLE: ::kernel::of::IdTable<()> = &OF_TABLE;
        }

        $crate::module_spi_driver! {
            type: $crate::mipi_dbi::PanelDriver<ThisPanel>,
            $($module)*
        }
    };
}
