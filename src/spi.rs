// SPDX-License-Identifier: GPL-2.0

//! SPI bus.
//!
//! In the shape of `kernel::i2c`, with one difference: there is no `unbind` callback, and no
//! `remove` is ever installed in the C driver. What has to be undone is undone by the drop of
//! [`Driver::Data`] and then by devres.
//!
//! C header: [`include/linux/spi/spi.h`](srctree/include/linux/spi/spi.h)

use crate::bindings;
use core::{
    marker::PhantomData,
    mem::offset_of,
    ptr::NonNull, //
};
use kernel::{
    acpi,
    alloc::Flags,
    device,
    device_id::{RawDeviceId, RawDeviceIdIndex},
    driver,
    error::{from_result, to_result},
    of,
    prelude::*,
    sync::aref::{ARef, AlwaysRefCounted},
    types::Opaque, //
};

pub mod frames;
mod locked;
mod message;
mod notifier;
mod paged;

pub use self::{
    locked::Locked,
    message::{Message, Transfers},
    notifier::DeletionNotifier,
    paged::Paged, //
};

/// An SPI device id: the name by which a board file or `new_device` asks for a driver.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct DeviceId(bindings::spi_device_id);

impl DeviceId {
    /// Makes an id from a name of at most 31 bytes; a longer one does not compile.
    #[inline(always)]
    pub const fn new(id: &'static CStr) -> Self {
        let src = id.to_bytes_with_nul();
        let mut spi: bindings::spi_device_id = pin_init::zeroed();
        assert!(src.len() <= bindings::SPI_NAME_SIZE as usize);
        let mut i = 0;
        while i < src.len() {
            spi.name[i] = src[i];
            i += 1;
        }
        Self(spi)
    }
}

// SAFETY: `DeviceId` is a transparent wrapper of `spi_device_id` without further invariants.
unsafe impl RawDeviceId for DeviceId {
    type RawType = bindings::spi_device_id;
}

// SAFETY: `DRIVER_DATA_OFFSET` is the offset of the `driver_data` field.
unsafe impl RawDeviceIdIndex for DeviceId {
    const DRIVER_DATA_OFFSET: usize = offset_of!(bindings::spi_device_id, driver_data);
}

/// A table of SPI device ids.
pub type IdTable<T> = &'static dyn kernel::device_id::IdTable<DeviceId, T>;

/// Creates an SPI [`IdTable`] with its alias for modpost.
#[macro_export]
macro_rules! spi_device_table {
    ($($tt:tt)*) => {
        ::kernel::module_device_table!("spi", $crate::spi::DeviceId, $($tt)*);
    };
}

/// Declares a kernel module that is a single SPI driver.
#[macro_export]
macro_rules! module_spi_driver {
    ($($f:tt)*) => {
        ::kernel::module_driver!(<T>, $crate::spi::Adapter<T>, { $($f)* });
    };
}

/// The SPI driver trait.
///
/// # Examples
///
/// ```ignore
/// use kernel::{device::Core, prelude::*};
/// use tinydrm::spi;
///
/// struct Lamp;
///
/// tinydrm::spi_device_table!(SPI_TABLE, (), [(spi::DeviceId::new(c"lamp"), ())]);
///
/// impl spi::Driver for Lamp {
///     type IdInfo = ();
///     type Data<'bound> = ();
///     const SPI_ID_TABLE: spi::IdTable<()> = &SPI_TABLE;
///
///     fn probe<'bound>(
///         spi: &'bound spi::Device<Core<'_>>,
///         _info: Option<&'bound ()>,
///     ) -> impl PinInit<(), Error> + 'bound {
///         let mut buf = spi::Buffer::new(1, GFP_KERNEL)?;
///         buf.as_mut_slice()[0] = 0xff;
///         spi.write(&buf, 1, 8, 1_000_000)
///     }
/// }
/// ```
pub trait Driver {
    /// What the driver knows of each id.
    type IdInfo: 'static;

    /// The driver's data of a bound device, dropped at unbind *before* devres is released.
    ///
    /// Nothing that can be reached from outside the binding, by a DRM callback for instance, may
    /// live here.
    type Data<'bound>: Send + 'bound;

    /// The SPI ids. Not optional: the SPI core dereferences the table of whatever driver is bound
    /// by `driver_override`, and autoloading needs it for device-tree devices too.
    const SPI_ID_TABLE: IdTable<Self::IdInfo>;

    /// The device-tree compatibles, if any.
    const OF_ID_TABLE: Option<of::IdTable<Self::IdInfo>> = None;

    /// Binds the driver to a device. `info` is that of the id by which it was matched. May sleep.
    fn probe<'bound>(
        spi: &'bound Device<device::Core<'_>>,
        info: Option<&'static Self::IdInfo>,
    ) -> impl PinInit<Self::Data<'bound>, Error> + 'bound;

    /// Makes the device safe for a reboot, power-off or kexec. The binding stays. May sleep.
    fn shutdown<'bound>(spi: &'bound Device<device::Core<'_>>, this: Pin<&Self::Data<'bound>>) {
        let _ = (spi, this);
    }

    /// Quiets the device before the system sleeps, or is written to disk. The binding stays, and
    /// userspace is frozen. May sleep.
    ///
    /// # Errors
    ///
    /// Any is logged by the driver core, and keeps the system awake. [`Driver::resume`] is not
    /// called then.
    fn suspend<'bound>(
        spi: &'bound Device<device::Core<'_>>,
        this: Pin<&Self::Data<'bound>>,
    ) -> Result {
        let _ = (spi, this);
        Ok(())
    }

    /// Brings the device back to what it was before [`Driver::suspend`]; it may have lost its
    /// supply meanwhile. Not called where the device is unbound before the system is awake. May
    /// sleep.
    ///
    /// # Errors
    ///
    /// Any is logged by the driver core, and has no other effect.
    fn resume<'bound>(
        spi: &'bound Device<device::Core<'_>>,
        this: Pin<&Self::Data<'bound>>,
    ) -> Result {
        let _ = (spi, this);
        Ok(())
    }
}

/// Connects a [`Driver`] to the driver core.
pub struct Adapter<T: Driver>(T);

// SAFETY: `spi_driver` is a C struct that embeds a `struct device_driver` at
// `DEVICE_DRIVER_OFFSET`; `T::Data` is the private data that `probe_callback` stores.
unsafe impl<T: Driver> driver::DriverLayout for Adapter<T> {
    type DriverType = bindings::spi_driver;
    type DriverData<'bound> = T::Data<'bound>;
    const DEVICE_DRIVER_OFFSET: usize = offset_of!(Self::DriverType, driver);
}

// SAFETY: A driver that `register` registered can be unregistered.
unsafe impl<T: Driver> driver::RegistrationOps for Adapter<T> {
    unsafe fn register(
        sdrv: &Opaque<Self::DriverType>,
        name: &'static CStr,
        module: &'static ThisModule,
    ) -> Result {
        let of_table = match T::OF_ID_TABLE {
            Some(table) => table.as_ptr(),
            None => core::ptr::null(),
        };

        // SAFETY: The driver is not registered yet, so its fields are ours to set.
        unsafe {
            (*sdrv.get()).driver.name = name.as_char_ptr();
            (*sdrv.get()).driver.of_match_table = of_table;
            (*sdrv.get()).driver.pm = const { &Self::PM_OPS };
            (*sdrv.get()).id_table = T::SPI_ID_TABLE.as_ptr();
            (*sdrv.get()).probe = Some(Self::probe_callback);
            (*sdrv.get()).shutdown = Some(Self::shutdown_callback);
        }

        // SAFETY: `sdrv` stays valid and pinned until `unregister`, by our own requirements.
        to_result(unsafe { bindings::__spi_register_driver(module.as_ptr(), sdrv.get()) })
    }

    unsafe fn unregister(sdrv: &Opaque<Self::DriverType>) {
        // SAFETY: `sdrv` is registered, by our own requirements.
        unsafe { bindings::driver_unregister(&raw mut (*sdrv.get()).driver) };
    }
}

impl<T: Driver> driver::Adapter for Adapter<T> {
    type IdInfo = T::IdInfo;

    fn of_id_table() -> Option<of::IdTable<Self::IdInfo>> {
        T::OF_ID_TABLE
    }

    fn acpi_id_table() -> Option<acpi::IdTable<Self::IdInfo>> {
        None
    }
}

impl<T: Driver> Adapter<T> {
    /// `DEFINE_SIMPLE_DEV_PM_OPS`: to sleep and to be written to disk are the same.
    const PM_OPS: bindings::dev_pm_ops = bindings::dev_pm_ops {
        suspend: Some(Self::suspend_callback),
        resume: Some(Self::resume_callback),
        freeze: Some(Self::suspend_callback),
        thaw: Some(Self::resume_callback),
        poweroff: Some(Self::suspend_callback),
        restore: Some(Self::resume_callback),
        ..pin_init::zeroed()
    };

    extern "C" fn probe_callback(spi: *mut bindings::spi_device) -> c_int {
        // SAFETY: The SPI bus calls probe with a valid device.
        let spi = unsafe { &*spi.cast::<Device<device::CoreInternal<'_>>>() };

        let info = Self::spi_id_info(spi).or_else(|| {
            // SAFETY: The data of the matched entry is of type `T::IdInfo`.
            unsafe { <Self as driver::Adapter>::id_info(spi.as_ref()) }
        });

        from_result(|| {
            spi.as_ref().set_drvdata(T::probe(spi, info))?;
            Ok(0)
        })
    }

    extern "C" fn shutdown_callback(spi: *mut bindings::spi_device) {
        // SAFETY: The SPI bus calls shutdown with a valid device that is bound to this driver.
        let spi = unsafe { &*spi.cast::<Device<device::CoreInternal<'_>>>() };

        // SAFETY: The device is bound, so `probe_callback` stored the data.
        let data = unsafe { spi.as_ref().drvdata_borrow::<T::Data<'_>>() };

        T::shutdown(spi, data);
    }

    extern "C" fn suspend_callback(dev: *mut bindings::device) -> c_int {
        // SAFETY: The driver core calls this with a device that is bound to this driver, and locked.
        unsafe { Self::pm_callback(dev, T::suspend) }
    }

    extern "C" fn resume_callback(dev: *mut bindings::device) -> c_int {
        // SAFETY: as above.
        unsafe { Self::pm_callback(dev, T::resume) }
    }

    /// # Safety
    ///
    /// `dev` must be the `struct device` of an SPI device that is bound to this driver for the
    /// duration of the call, with its lock held.
    unsafe fn pm_callback(
        dev: *mut bindings::device,
        callback: for<'bound> fn(&'bound Device<device::Core<'_>>, Pin<&T::Data<'bound>>) -> Result,
    ) -> c_int {
        // SAFETY: By the caller's promise `dev` is the field of a valid `struct spi_device`.
        let spi = unsafe {
            &*dev
                .byte_sub(offset_of!(bindings::spi_device, dev))
                .cast::<Device<device::CoreInternal<'_>>>()
        };
        // SAFETY: The device is bound, so `probe_callback` stored the data.
        let data = unsafe { spi.as_ref().drvdata_borrow::<T::Data<'_>>() };

        from_result(|| callback(spi, data).map(|()| 0))
    }

    fn spi_id_info(spi: &Device) -> Option<&'static T::IdInfo> {
        // SAFETY: `spi` is bound to a driver whose id table is never NULL.
        let id = unsafe { bindings::spi_get_device_id(spi.as_raw()) };
        if id.is_null() {
            return None;
        }
        // SAFETY: `DeviceId` is a transparent wrapper of `spi_device_id`.
        let id = unsafe { &*id.cast::<DeviceId>() };
        // SAFETY: The id comes from `T::SPI_ID_TABLE`, whose data is of type `T::IdInfo`.
        Some(unsafe { id.info_unchecked::<T::IdInfo>() })
    }
}

/// Memory that may be given to an SPI controller: from the heap, so safe for DMA.
///
/// # Examples
///
/// ```ignore
/// let mut buf = Buffer::new(4096, GFP_KERNEL)?;
/// buf.as_mut_slice().fill(0);
/// ```
pub struct Buffer(KVec<u8>);

impl Buffer {
    /// Allocates `size` bytes of zeroes, physically contiguous.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn new(size: usize, flags: Flags) -> Result<Self> {
        Ok(Self(KVec::from_elem(0, size, flags)?))
    }

    /// The size in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the size is zero.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes, as they were sent or received.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be filled.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// The transfer that sends the first `len` bytes: of heap memory, which is this buffer's.
    fn transfer(
        &self,
        len: usize,
        bits_per_word: u8,
        speed_hz: u32,
    ) -> Result<bindings::spi_transfer> {
        let bytes = self.0.get(..len).ok_or(EINVAL)?;
        Ok(bindings::spi_transfer {
            tx_buf: bytes.as_ptr().cast(),
            len: u32::try_from(len)?,
            bits_per_word,
            speed_hz,
            ..Default::default()
        })
    }
}

/// An SPI device (`struct spi_device`).
///
/// # Invariants
///
/// An instance is a valid `struct spi_device` that the C side created.
#[repr(transparent)]
pub struct Device<Ctx: device::DeviceContext = device::Normal>(
    Opaque<bindings::spi_device>,
    PhantomData<Ctx>,
);

impl<Ctx: device::DeviceContext> Device<Ctx> {
    pub(crate) fn as_raw(&self) -> *mut bindings::spi_device {
        self.0.get()
    }

    /// The highest clock of the device, in Hz.
    pub fn max_speed_hz(&self) -> u32 {
        // SAFETY: By the type invariant this is a valid device.
        unsafe { (*self.as_raw()).max_speed_hz }
    }
}

impl Device<device::Bound> {
    /// Sends the first `len` bytes of `buf` as one message of one transfer, and waits for its end.
    ///
    /// `bits_per_word` is 8, 9 or 16, where the controller can do it (see
    /// [`Device::is_bpw_supported`]); words of more than 8 bits are `u16` in the byte order of the
    /// CPU. `speed_hz` of 0 is the device's own maximum. May sleep; how long is up to the
    /// controller's driver.
    ///
    /// # Errors
    ///
    /// `EINVAL` when `len` is longer than the buffer or than
    /// [`max_transfer_size`](Device::max_transfer_size), or not a multiple of the word's size;
    /// `ENODEV` or `ESHUTDOWN` when the controller is gone; else what its driver answers (`EIO`,
    /// `ETIMEDOUT`, ...).
    pub fn write(&self, buf: &Buffer, len: usize, bits_per_word: u8, speed_hz: u32) -> Result {
        let mut transfer = buf.transfer(len, bits_per_word, speed_hz)?;
        // SAFETY: The device is bound, hence registered with its controller. The transfer and its
        // buffer, which is heap memory of `len` bytes, live until the call returns, and that is
        // when the controller is done with them.
        to_result(unsafe { bindings::tinydrm_spi_sync_transfer(self.as_raw(), &mut transfer, 1) })
    }

    /// Sends the first `len` bytes of `tx`, and reads the first `answer_len` of `rx` in return: one
    /// message of two transfers, the latter of which has words of 8 bits.
    ///
    /// `bits_per_word` and `speed_hz` as for [`Device::write`]. May sleep.
    ///
    /// # Errors
    ///
    /// As for [`Device::write`]; `EINVAL` too when the device [cannot be read](Device::can_read).
    pub fn write_then_read(
        &self,
        tx: &Buffer,
        len: usize,
        rx: &mut Buffer,
        answer_len: usize,
        bits_per_word: u8,
        speed_hz: u32,
    ) -> Result {
        let bytes = tx.0.get(..len).ok_or(EINVAL)?;
        let answer = rx.0.get_mut(..answer_len).ok_or(EINVAL)?;
        let mut transfers = [
            bindings::spi_transfer {
                tx_buf: bytes.as_ptr().cast(),
                len: u32::try_from(len)?,
                bits_per_word,
                speed_hz,
                ..Default::default()
            },
            bindings::spi_transfer {
                rx_buf: answer.as_mut_ptr().cast(),
                len: u32::try_from(answer_len)?,
                bits_per_word: 8,
                speed_hz,
                ..Default::default()
            },
        ];
        // SAFETY: The device is bound, hence registered with its controller. The transfers and
        // their buffers, which are heap memory of these lengths, live until the call returns, and
        // that is when the controller is done with them; nobody else has `answer`.
        to_result(unsafe {
            bindings::tinydrm_spi_sync_transfer(self.as_raw(), transfers.as_mut_ptr(), 2)
        })
    }

    /// Whether there is a line by which the device can answer, as far as its controller and its
    /// firmware node know.
    pub fn can_read(&self) -> bool {
        // SAFETY: The device is bound, hence its controller is valid; both fields are constant.
        let (mode, flags) =
            unsafe { ((*self.as_raw()).mode, (*(*self.as_raw()).controller).flags) };
        mode & bindings::SPI_NO_RX == 0 && flags & bindings::SPI_CONTROLLER_NO_RX == 0
    }

    /// Whether the controller can send words of `bits` bits.
    pub fn is_bpw_supported(&self, bits: u8) -> bool {
        // SAFETY: The device is bound, hence its controller is valid.
        unsafe { bindings::tinydrm_spi_is_bpw_supported(self.as_raw(), bits.into()) }
    }

    /// The most bytes that one message may have, in however many transfers.
    pub fn max_message_size(&self) -> usize {
        // SAFETY: The device is bound, hence its controller is valid.
        unsafe { bindings::tinydrm_spi_max_message_size(self.as_raw()) }
    }

    /// Whether the SPI core prepares buffers for the controller's DMA (`can_dma`): it can for memory of
    /// `vmalloc()`. Other controllers' drivers do it themselves, and few of them can.
    pub(crate) fn takes_vmalloc(&self) -> bool {
        // SAFETY: The device is bound, hence its controller is valid, and what it can does not change.
        unsafe { (*(*self.as_raw()).controller).can_dma.is_some() }
    }

    /// The most bytes that one transfer may have.
    pub fn max_transfer_size(&self) -> usize {
        // SAFETY: The device is bound, hence its controller is valid.
        unsafe { bindings::tinydrm_spi_max_transfer_size(self.as_raw()) }
    }
}

// SAFETY: `Device` is a transparent wrapper of `struct spi_device`, which embeds a `struct device`
// at that offset.
unsafe impl<Ctx: device::DeviceContext> device::AsBusDevice<Ctx> for Device<Ctx> {
    const OFFSET: usize = offset_of!(bindings::spi_device, dev);
}

// SAFETY: `Device` is a transparent wrapper of a type that does not depend on its context.
kernel::impl_device_context_deref!(unsafe { Device });
kernel::impl_device_context_into_aref!(Device);

// SAFETY: SPI devices are reference-counted by their `struct device`.
unsafe impl AlwaysRefCounted for Device {
    fn inc_ref(&self) {
        // SAFETY: `self` exists, so its reference count is not zero.
        unsafe { bindings::get_device(&raw mut (*self.as_raw()).dev) };
    }

    unsafe fn dec_ref(obj: NonNull<Self>) {
        // SAFETY: The caller gives up a reference.
        unsafe { bindings::put_device(&raw mut (*obj.as_ref().as_raw()).dev) };
    }
}

impl<Ctx: device::DeviceContext> AsRef<device::Device<Ctx>> for Device<Ctx> {
    fn as_ref(&self) -> &device::Device<Ctx> {
        // SAFETY: By the type invariant this is a valid `struct spi_device`.
        let dev = unsafe { &raw mut (*self.as_raw()).dev };
        // SAFETY: `dev` is a valid `struct device` that lives as long as `self`.
        unsafe { device::Device::from_raw(dev) }
    }
}

impl Device {
    /// Vouches that the device is bound.
    ///
    /// # Safety
    ///
    /// It must be bound for as long as the reference returned exists.
    pub(crate) unsafe fn as_bound(&self) -> &Device<device::Bound> {
        // CAST: The context is a marker only, the layout does not depend on it.
        let ptr = core::ptr::from_ref(self).cast::<Device<device::Bound>>();
        // SAFETY: `ptr` comes from a reference, and the caller vouches for the context.
        unsafe { &*ptr }
    }

    /// A reference that keeps the `struct spi_device` allocated, and no more.
    pub fn get(&self) -> ARef<Self> {
        self.into()
    }
}

// SAFETY: A device is reference-counted and can be released from any thread.
unsafe impl Send for Device {}

// SAFETY: The methods of `Device` are thread safe.
unsafe impl Sync for Device {}
