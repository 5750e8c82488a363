// SPDX-License-Identifier: GPL-2.0

//! Hardware that borrows from the device: nobody says how long that will be there.
//~ E0521 borrowed data escapes outside of function

include!("common.rs");

/// Hardware that knows whose it is.
pub struct Borrower {
    /// The device's name.
    pub name: &'static CStr,
}

/// Its data.
#[pin_data]
pub struct BorrowerData {
    #[pin]
    presence: Presence<Borrower>,
}

#[vtable]
impl drm::Driver for Borrower {
    type Data = BorrowerData;
    type Hw = Borrower;
    const INFO: drm::DriverInfo = <Lamp as drm::Driver>::INFO;
    fn presence(data: &BorrowerData) -> &Presence<Borrower> {
        &data.presence
    }
}

/// Misuse.
pub fn probe(spi: &spi::Device<Bound>) -> Result<devm::Registration<Borrower>> {
    let data = try_pin_init!(BorrowerData { presence <- Presence::new() });
    let kms = devm::drm_dev_init::<Borrower>(spi, data)?.mode_config(|_| &INFO, |_| Ok(()))?;
    let dev: &kernel::device::Device<Bound> = spi.as_ref();
    let hw = Borrower { name: dev.name() };
    devm::drm_dev_register(devm::drm_mode_config_reset(kms, hw)?)
}
