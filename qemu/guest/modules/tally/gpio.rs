// SPDX-License-Identifier: GPL-2.0

//! The GPIO controller: three lines, with the names that the panel's have.

use super::{bindings, record::Record};
use kernel::{
    device::{Bound, Device},
    error::to_result,
    prelude::*,
    sync::Arc,
    types::Opaque, //
};

/// In the order of the emulated panel's controller.
const NAMES: [&CStr; 3] = [c"reset", c"dc", c"backlight"];

/// A registered controller.
///
/// # Invariants
///
/// `chip` is registered, and its data is the [`Record`] of `_record`.
pub(crate) struct Controller {
    chip: KBox<Opaque<bindings::gpio_chip>>,
    _names: KBox<[*const c_char; NAMES.len()]>,
    _record: Arc<Record>,
}

// SAFETY: A controller may be unregistered by any task.
unsafe impl Send for Controller {}
// SAFETY: There is nothing to be done with a shared one.
unsafe impl Sync for Controller {}

impl Controller {
    /// Registers the controller. Its lines may sleep, as those of the emulated panel do.
    pub(crate) fn new(
        dev: &Device<Bound>,
        module: &'static ThisModule,
        record: Arc<Record>,
    ) -> Result<Self> {
        let names = KBox::new(NAMES.map(|name| name.as_char_ptr()), GFP_KERNEL)?;
        let chip = bindings::gpio_chip {
            label: c"tinydrm_tally".as_char_ptr(),
            // CAST: `Device` is a transparent wrapper of `struct device`.
            parent: core::ptr::from_ref(dev).cast_mut().cast(),
            owner: module.as_ptr(),
            get_direction: Some(get_direction),
            direction_output: Some(set),
            set: Some(set),
            base: -1,
            ngpio: NAMES.len() as u16,
            names: names.as_ptr(),
            can_sleep: true,
            ..pin_init::zeroed()
        };
        let chip = KBox::new(Opaque::new(chip), GFP_KERNEL)?;
        // SAFETY: The chip has all that it needs, and stays where it is until it is removed; so
        // do its names and its data. Lock classes are for controllers with interrupts.
        to_result(unsafe {
            bindings::gpiochip_add_data_with_key(
                chip.get(),
                core::ptr::from_ref(&*record).cast_mut().cast(),
                core::ptr::null_mut(),
                core::ptr::null_mut(),
            )
        })?;
        // INVARIANT: It is registered, with that data.
        Ok(Self {
            chip,
            _names: names,
            _record: record,
        })
    }
}

impl Drop for Controller {
    fn drop(&mut self) {
        // SAFETY: By the type invariant it is registered.
        unsafe { bindings::gpiochip_remove(self.chip.get()) };
    }
}

extern "C" fn get_direction(_chip: *mut bindings::gpio_chip, _offset: c_uint) -> c_int {
    bindings::GPIO_LINE_DIRECTION_OUT as c_int
}

extern "C" fn set(chip: *mut bindings::gpio_chip, offset: c_uint, value: c_int) -> c_int {
    // SAFETY: The data of our chip is a record that outlives the registration.
    let record = unsafe { &*bindings::gpiochip_get_data(chip).cast::<Record>() };

    record.write(|record| record.line(offset as u8, value != 0));
    0
}
