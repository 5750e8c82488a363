// SPDX-License-Identifier: GPL-2.0

//! What a device says of a panel that no driver knows: the binding `panel-mipi-dbi-spi`.
//!
//! Firmware nodes of every kind are read, not only those of a device tree.

use super::{
    firmware::Commands,
    model::WireFormat,
    rotation::Margins, //
};
use crate::{
    device::{dev_err_probe, property_u32},
    drm::kms::Mode, //
};
use kernel::{
    device::{property::FwNode, Device},
    firmware::Firmware,
    fmt,
    prelude::*,
    str::CString, //
};

fn invalid(dev: &Device, what: fmt::Arguments<'_>) -> Error {
    dev_err_probe(dev, EINVAL, what)
}

/// The node `panel-timing` and the properties `width-mm` and `height-mm`.
///
/// The back porches are margins, as in the C driver. The front porches are too, which matters where
/// the panel is turned; the C driver does not accept them.
pub(super) fn geometry(dev: &Device) -> Result<(Mode, Margins)> {
    let timing = dev
        .fwnode()
        .and_then(|node| node.get_child_by_name(c"panel-timing"))
        .ok_or_else(|| invalid(dev, fmt!("panel-timing: there is no such node\n")))?;
    let read = |name| timing_value(dev, &timing, name);

    let (width, height) = (read(c"hactive")?, read(c"vactive")?);
    if width == 0 || height == 0 {
        return Err(invalid(
            dev,
            fmt!("panel-timing: hactive and vactive must be there, and not 0\n"),
        ));
    }
    for name in [c"hsync-len", c"vsync-len"] {
        if read(name)? != 0 {
            return Err(invalid(
                dev,
                fmt!("panel-timing: {name} must be 0: the panel has its own timing\n"),
            ));
        }
    }
    let margins = Margins {
        left: read(c"hback-porch")?,
        top: read(c"vback-porch")?,
        right: read(c"hfront-porch")?,
        bottom: read(c"vfront-porch")?,
    };
    let fits = |before: u16, shown: u16, after: u16| {
        u32::from(before) + u32::from(shown) + u32::from(after) <= u32::from(u16::MAX)
    };
    if !fits(margins.left, width, margins.right) || !fits(margins.top, height, margins.bottom) {
        return Err(invalid(
            dev,
            fmt!("panel-timing: the panel cannot address more than 65535 pixels\n"),
        ));
    }
    let millimetres = |name| -> Result<u16> {
        let given = property_u32(dev, name)?.unwrap_or(0);
        // What is not known need not be right.
        Ok(given.try_into().unwrap_or(0))
    };
    let mode = Mode::fixed(width, height)
        .millimetres(millimetres(c"width-mm")?, millimetres(c"height-mm")?);
    Ok((mode, margins))
}

/// 0 where it is not given.
fn timing_value(dev: &Device, timing: &FwNode, name: &CStr) -> Result<u16> {
    if !timing.property_present(name) {
        return Ok(0);
    }
    timing
        .property_read::<u32>(name)
        .optional()
        .and_then(|value| value.try_into().ok())
        .ok_or_else(|| invalid(dev, fmt!("panel-timing: {name} must be 0 to 65535\n")))
}

/// The property `format`; `r5g6b5` without.
pub(super) fn wire_format(dev: &Device) -> Result<WireFormat> {
    let Some(format) = string(dev, c"format") else {
        return Ok(WireFormat::Rgb565);
    };
    match format.to_bytes() {
        b"r5g6b5" => Ok(WireFormat::Rgb565),
        b"b6x2g6x2r6x2" => Ok(WireFormat::Bgr666),
        _ => Err(invalid(
            dev,
            fmt!(
                "format = '{}': r5g6b5 and b6x2g6x2r6x2 are supported\n",
                &*format
            ),
        )),
    }
}

/// The property `write-only`.
pub(super) fn is_write_only(dev: &Device) -> bool {
    dev.fwnode()
        .is_some_and(|node| node.property_present(c"write-only"))
}

/// The commands of the file `<compatible>.bin`. May sleep.
pub(super) fn firmware(dev: &Device) -> Result<KVec<u8>> {
    let compatible = string(dev, c"compatible").ok_or_else(|| {
        invalid(
            dev,
            fmt!("compatible: not there, and it names the firmware file\n"),
        )
    })?;
    let name = CString::try_from_fmt(fmt!("{}.bin", &*compatible))?;
    let file = Firmware::request_nowarn(&name, dev).map_err(|e| {
        let why = match e {
            ENOENT => "no such firmware file with the panel's init sequence",
            // What kernel_read_file() says of a file of no bytes.
            EINVAL => "it is empty",
            _ => "the firmware file cannot be read",
        };
        dev_err_probe(dev, e, fmt!("{}: {why}\n", &*name))
    })?;
    let commands = Commands::parse(file.data())
        .map_err(|e| invalid(dev, fmt!("{}: {}\n", &*name, core::format_args!("{e}"))))?;
    let mut copy = KVec::new();
    copy.extend_from_slice(commands.as_bytes(), GFP_KERNEL)?;
    Ok(copy)
}

/// The first string of a property.
fn string(dev: &Device, name: &CStr) -> Option<CString> {
    dev.fwnode()?.property_read::<CString>(name).optional()
}
