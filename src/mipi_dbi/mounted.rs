// SPDX-License-Identifier: GPL-2.0

//! A panel as one device has it: turned, and in its place in the controller's memory.

use super::{
    dcs,
    device_model,
    firmware::Commands,
    model::{DataCommand, Model, Source, WireFormat},
    rotation,
    step::Step,
    windows, //
};
use crate::{
    device::{dev_err_probe, property_u32},
    drm::kms::Mode,
    gpio,
    spi, //
};
use kernel::{
    device::{Bound, Device},
    prelude::*, //
};

/// How its serial interface is wired: an option of MIPI DBI type C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interface {
    /// Words of nine bits (option 1).
    ThreeWire,
    /// Words of eight, and the GPIO of this name (option 3).
    FourWire(&'static CStr),
}

impl Interface {
    fn new(dev: &Device<Bound>, model: &Model) -> Self {
        match model.dc {
            DataCommand::Optional(name) if !gpio::is_given(dev, name) => Self::ThreeWire,
            DataCommand::Optional(name) | DataCommand::Required(name) => Self::FourWire(name),
        }
    }

    /// What a window costs by itself: see [`Windows::new`](windows::Windows::new).
    pub(super) fn window_cost(self) -> u64 {
        match self {
            Self::ThreeWire => windows::THREE_WIRE_COST,
            Self::FourWire(_) => windows::WINDOW_COST,
        }
    }
}

/// A [`Model`], with what the device says of it.
pub struct Mounted {
    /// What does not depend on the device.
    pub(super) model: &'static Model,
    /// How it is wired.
    pub(super) interface: Interface,
    /// The geometry, turned.
    pub(super) mode: Mode,
    /// The lines of a framebuffer are columns of the controller's.
    pub(super) is_transposed: bool,
    /// How it is turned. [`None`]: as the init sequence leaves it.
    pub(super) address_mode: Option<u8>,
    /// The same, where the init sequence says it, too.
    pub(super) scan_mode: u8,
    /// The column and page of its first pixel.
    pub(super) offset: (u16, u16),
    /// How pixels are sent.
    pub(super) wire_format: WireFormat,
    /// It cannot be asked anything.
    pub(super) write_only: bool,
    /// The init sequence, where the device has its own: bytes that [`Commands`] has checked.
    pub(super) firmware: Option<KVec<u8>>,
}

impl Mounted {
    /// A panel of this `model`, rotated as the property `rotation` of the device says: degrees
    /// counter-clockwise, 0, 90, 180 or 270; 0 without the property. May sleep.
    ///
    /// # Errors
    ///
    /// Each is logged. `EINVAL` for another rotation, and for what a [`Source::Device`] describes
    /// wrongly; `ENOENT` and others when there is no firmware file; `ENOMEM`.
    pub fn new(spi: &spi::Device<Bound>, model: &'static Model) -> Result<Self> {
        let dev = spi.as_ref();
        let rotation = property_u32(dev, c"rotation")?.unwrap_or(0);
        let quarters = match rotation {
            0 => 0,
            90 => 1,
            180 => 2,
            270 => 3,
            _ => {
                return Err(dev_err_probe(
                    dev,
                    EINVAL,
                    fmt!("rotation = {rotation}: must be 0, 90, 180 or 270\n"),
                ));
            }
        };
        let mounted = match model.source {
            Source::Table => {
                let address_mode = model.address_mode[quarters];
                Self {
                    model,
                    interface: Interface::new(dev, model),
                    mode: model.mode.turned(quarters),
                    is_transposed: quarters % 2 != 0 && !model.exchanges,
                    address_mode: Some(address_mode),
                    scan_mode: address_mode,
                    offset: model.margins.offset(model.address_mode[0], address_mode),
                    wire_format: model.wire_format,
                    write_only: model.write_only,
                    firmware: None,
                }
            }
            Source::Device => {
                let (mode, margins) = device_model::geometry(dev)?;
                let firmware = device_model::firmware(dev)?;
                // Who gives no address mode gets that of a reset.
                let given = Commands::checked(&firmware).last(dcs::SET_ADDRESS_MODE);
                let upright = given.unwrap_or(0);
                let address_mode = rotation::turned(upright, quarters);
                Self {
                    model,
                    interface: Interface::new(dev, model),
                    mode: mode.turned(quarters),
                    is_transposed: false,
                    address_mode: (quarters != 0).then_some(address_mode),
                    scan_mode: address_mode,
                    offset: margins.offset(upright, address_mode),
                    wire_format: device_model::wire_format(dev)?,
                    write_only: device_model::is_write_only(dev),
                    firmware: Some(firmware),
                }
            }
        };
        Ok(mounted)
    }

    /// The geometry as the controller has it.
    pub(super) fn glass(&self) -> Mode {
        if self.is_transposed {
            self.mode.transposed()
        } else {
            self.mode
        }
    }

    /// The init sequence. `SET_DISPLAY_ON` is not in it: a first picture comes before.
    pub(super) fn init(&self) -> impl Iterator<Item = Step<'_>> {
        let (table, firmware) = match &self.firmware {
            None => (self.model.init, None),
            Some(firmware) => (&[][..], Some(Commands::checked(firmware))),
        };
        let firmware = firmware.into_iter().flat_map(|commands| commands.steps());
        // `chain` is pin_init's too.
        Iterator::chain(table.iter().copied(), firmware)
            .filter(|step| !matches!(step, Step::Command(dcs::SET_DISPLAY_ON, _)))
    }
}
