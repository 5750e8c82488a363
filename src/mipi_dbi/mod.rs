// SPDX-License-Identifier: GPL-2.0

//! Panels with a MIPI DBI type C interface: SPI and a data/command line.
//!
//! A panel is a [`Model`], which is a table, and a line for each name that it goes by: see
//! [`module_panel_driver!`](crate::module_panel_driver). What is here is what they have in common.

#![deny(unsafe_code)]

mod bus;
pub mod dcs;
mod device_model;
pub mod diagnosis;
pub mod difference;
pub mod entry_mode;
pub mod firmware;
mod flush;
pub mod hex;
mod model;
mod mounted;
pub mod nine_bits;
mod pipe;
pub mod pixel;
pub mod rotation;
pub mod scan;
mod staging;
pub mod step;
mod tearing;
mod three_wire;
pub mod thrift;
pub mod timing;
pub mod transpose;
pub mod window;
pub mod windows;

pub use self::{
    bus::Hw,
    dcs::address_mode,
    model::{DataCommand, Model, Protocol, Registers, Reset, Source, WireFormat, Words},
    mounted::Mounted,
    pipe::Pipe,
    rotation::Margins,
    step::{cmd, msleep, set, Step, MAX_PARAMETERS}, //
};

/// What the table of a panel is written with.
pub mod prelude {
    pub use super::{
        address_mode::{BGR, MV, MX, MY},
        cmd, dcs,
        entry_mode::{AM, ID0, ID1},
        msleep, set, DataCommand, Margins, Model, Protocol, Registers, Reset, Source, WireFormat,
        Words,
    };
    pub use crate::drm::kms::Mode;
}

use crate::{
    drm::{devm, Disconnect, DriverInfo},
    spi, //
};
use core::marker::PhantomData;
use kernel::{device::Core, of, prelude::*, sync::Arc};
use pin_init::pin_init_scope;

/// A panel: its table, and the names that it goes by. Made by
/// [`module_panel_driver!`](crate::module_panel_driver).
#[vtable]
pub trait Panel: Send + Sync + Sized + 'static {
    /// What the panel is, where its name says no more.
    const MODEL: &'static Model;
    /// Name and version of its DRM driver.
    const INFO: DriverInfo;
    /// The SPI device ids.
    const SPI_ID_TABLE: spi::IdTable<Model>;
    /// The device-tree compatibles.
    const OF_ID_TABLE: of::IdTable<Model>;
    /// What to do to the panel at the very end, when it is asleep already: see
    /// [`drm::Driver::DISCONNECT`](crate::drm::Driver::DISCONNECT).
    const DISCONNECT: Option<Disconnect<Hw>> = None;
}

/// The driver of the panel `P`.
pub struct PanelDriver<P: Panel>(PhantomData<P>);

impl<P: Panel> spi::Driver for PanelDriver<P> {
    type IdInfo = Model;
    type Data<'bound> = devm::Registration<Self>;

    const SPI_ID_TABLE: spi::IdTable<Model> = P::SPI_ID_TABLE;
    const OF_ID_TABLE: Option<of::IdTable<Model>> = Some(P::OF_ID_TABLE);

    fn probe<'bound>(
        spi: &'bound spi::Device<Core<'_>>,
        model: Option<&'static Model>,
    ) -> impl PinInit<Self::Data<'bound>, Error> + 'bound {
        pin_init_scope(move || {
            let panel = Arc::new(Mounted::new(spi, model.unwrap_or(P::MODEL))?, GFP_KERNEL)?;
            let drm = devm::drm_dev_init::<Self>(spi, Pipe::new(spi, panel.clone())?)?; // drm_dev_put
            let hw = Hw::acquire(spi, &panel)?; // dropped after the shutdown
            let kms = drm.mode_config(Pipe::mode_config_info, Pipe::create)?; // freed with drm
            let kms = devm::drm_poll_enable(kms)?; // poll stopped
            let kms = devm::drm_mode_config_reset(kms, hw)?; // switched off, if it is there
            let format = panel.wire_format.console();
            Ok(devm::drm_dev_register_with_fbdev(kms, format)) // unplugged
        })
    }

    fn shutdown<'bound>(_spi: &'bound spi::Device<Core<'_>>, this: Pin<&Self::Data<'bound>>) {
        this.shutdown();
    }

    fn suspend<'bound>(
        _spi: &'bound spi::Device<Core<'_>>,
        this: Pin<&Self::Data<'bound>>,
    ) -> Result {
        this.suspend()
    }

    fn resume<'bound>(
        _spi: &'bound spi::Device<Core<'_>>,
        this: Pin<&Self::Data<'bound>>,
    ) -> Result {
        this.resume()
    }
}

/// Declares a module that is the driver of one panel, or of some with one controller: a name that
/// says so (`=>`) has a model of its own.
///
/// Every compatible has its SPI id, by which the module is loaded also where a device tree is.
///
/// Between `spi` and `name` there may be `disconnect: FUNCTION`, see [`Panel::DISCONNECT`].
///
/// # Examples
///
/// ```ignore
/// tinydrm::module_panel_driver! {
///     model: JD_T18003_T01,
///     info: (c"st7735r", c"Sitronix ST7735R"),
///     of: [c"jianda,jd-t18003-t01", c"okaya,rh128128t" => RH128128T],
///     spi: [c"jd-t18003-t01", c"rh128128t" => RH128128T],
///     name: "tinydrm_st7735r",
///     authors: ["A. Author"],
///     description: "DRM driver for Sitronix ST7735R panels",
///     license: "GPL",
/// }
/// ```
#[macro_export]
macro_rules! module_panel_driver {
    (@model $model:path $(, $_default:path)?) => {
        $model
    };
    (
        model: $model:path,
        info: ($name:literal, $desc:literal),
        of: [$($of:literal $(=> $of_model:path)?),* $(,)?],
        spi: [$($spi:literal $(=> $spi_model:path)?),* $(,)?],
        $(disconnect: $disconnect:path,)?
        name: $module_name:literal,
        $($module:tt)*
    ) => {
        ::kernel::of_device_table!(OF_TABLE, $crate::mipi_dbi::Model, [$((
            ::kernel::of::DeviceId::new($of),
            $crate::module_panel_driver!(@model $($of_model,)? $model),
        )),*]);
        $crate::spi_device_table!(SPI_TABLE, $crate::mipi_dbi::Model, [$((
            $crate::spi::DeviceId::new($spi),
            $crate::module_panel_driver!(@model $($spi_model,)? $model),
        )),*]);

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
            const SPI_ID_TABLE: $crate::spi::IdTable<$crate::mipi_dbi::Model> =
                &SPI_TABLE;
            const OF_ID_TABLE: ::kernel::of::IdTable<$crate::mipi_dbi::Model> = &OF_TABLE;
            $(
                const DISCONNECT: Option<$crate::drm::Disconnect<$crate::mipi_dbi::Hw>> =
                    Some($disconnect);
            )?
        }

        $crate::module_spi_driver! {
            type: $crate::mipi_dbi::PanelDriver<ThisPanel>,
            name: $module_name,
            $($module)*
        }
    };
}
