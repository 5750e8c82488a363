// SPDX-License-Identifier: GPL-2.0

// What every misuse has around it: a driver that would be right. Included by the cases.

use core::marker::PhantomData;
use kernel::{device::Bound, prelude::*};
use tinydrm::{
    drm::{self, devm, kms::ModeConfigInfo, presence::Guard, Format, Presence},
    spi, //
};

module! {
    type: Case,
    name: "case",
    authors: ["The tinydrm developers"],
    description: "A misuse that must not compile",
    license: "GPL",
}

/// The module.
pub struct Case;

impl kernel::Module for Case {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        Ok(Self)
    }
}

/// The hardware.
pub struct Hw {
    /// Something that a transfer needs.
    pub buf: spi::Buffer,
}

/// The data.
#[pin_data]
pub struct Data {
    #[pin]
    presence: Presence<Hw>,
}

/// The driver.
pub struct Lamp;

#[vtable]
impl drm::Driver for Lamp {
    type Data = Data;
    type Hw = Hw;
    const INFO: drm::DriverInfo = drm::DriverInfo {
        name: c"lamp",
        desc: c"A lamp",
        major: 1,
        minor: 0,
    };
    fn presence(data: &Data) -> &Presence<Hw> {
        &data.presence
    }
}

/// Its limits.
pub const INFO: ModeConfigInfo = ModeConfigInfo {
    min: (1, 1),
    max: (1, 1),
    preferred_depth: 16,
};

/// A device that can only be configured.
pub fn init(spi: &spi::Device<Bound>) -> Result<devm::UnregisteredDevice<'_, Lamp>> {
    devm::drm_dev_init::<Lamp>(spi, try_pin_init!(Data { presence <- Presence::new() }))
}

/// A device that can only be given its hardware.
pub fn configured(spi: &spi::Device<Bound>) -> Result<devm::Configured<'_, Lamp, false>> {
    init(spi)?.mode_config(|_| &INFO, |_| Ok(()))
}

/// A device that can only be registered.
pub fn reset(spi: &spi::Device<Bound>) -> Result<devm::Reset<'_, Lamp>> {
    devm::drm_mode_config_reset(configured(spi)?, hw()?)
}

/// The hardware, acquired.
pub fn hw() -> Result<Hw> {
    Ok(Hw { buf: spi::Buffer::new(1, GFP_KERNEL)? })
}

/// Keeps the imports used in every case.
pub struct Used<'a>(PhantomData<Guard<'a, Hw>>, Format);
