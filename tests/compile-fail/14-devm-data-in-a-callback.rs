// SPDX-License-Identifier: GPL-2.0
//! The driver's data borrows from the binding, so a DRM callback could reach what devres has freed.
//~ E0478 lifetime bound not satisfied

include!("common.rs");

/// Misuse.
pub struct Borrower<'bound>(PhantomData<&'bound spi::Device<Bound>>);

#[vtable]
impl<'bound> drm::Driver for Borrower<'bound> {
    type Data = Data;
    type Hw = Hw;
    const INFO: drm::DriverInfo = <Lamp as drm::Driver>::INFO;
    fn presence(data: &Data) -> &Presence<Hw> {
        &data.presence
    }
}
