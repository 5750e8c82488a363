// SPDX-License-Identifier: GPL-2.0
//! Hardware that borrows from the binding.
//~ E0261 use of undeclared lifetime name `'bound`

include!("common.rs");

/// Misuse.
pub struct Borrower;

#[vtable]
impl drm::Driver for Borrower {
    type Data = Data;
    type Hw = &'bound spi::Device<Bound>;
    const INFO: drm::DriverInfo = <Lamp as drm::Driver>::INFO;
    fn presence(_data: &Data) -> &Presence<Self::Hw> {
        todo!()
    }
}
