// SPDX-License-Identifier: GPL-2.0

//! What DRM calls: the mode objects of a pipe.

use super::{debugfs, Pipe};
use crate::{
    drm::{
        self,
        kms::{
            Detect,
            DisplayMode,
            DriverConnector,
            DriverCrtc,
            DriverPlane,
            PlaneUpdate,
            Status, //
        },
        Device,
        Format,
        Presence, //
    },
    mipi_dbi::{
        bus::Hw,
        Panel,
        PanelDriver, //
    },
};
use core::{marker::PhantomData, sync::atomic::Ordering};
use kernel::prelude::*;

/// The mode objects of a [`Pipe`], for the driver of the panel `P`.
pub(super) struct Objects<P>(PhantomData<P>);

impl<P: Panel> DriverPlane for Objects<P> {
    type Driver = PanelDriver<P>;

    fn formats(pipe: &Pipe) -> &'static [Format] {
        pipe.panel.wire_format.formats()
    }

    fn atomic_update(drm: &Device<Self::Driver>, update: PlaneUpdate<'_>) {
        drm.update(drm, update);
    }

    fn dirty(drm: &Device<Self::Driver>, update: PlaneUpdate<'_>) -> Result {
        drm.check()?;
        drm.update(drm, update);
        drm.tell_if_lost(drm);
        Ok(())
    }
}

impl<P: Panel> DriverCrtc for Objects<P> {
    type Driver = PanelDriver<P>;

    fn fixed_mode(pipe: &Pipe) -> &DisplayMode {
        &pipe.mode
    }

    fn atomic_check(drm: &Device<Self::Driver>) -> Result {
        drm.check()
    }

    fn atomic_enable(drm: &Device<Self::Driver>) {
        drm.wake();
    }

    fn atomic_flush(drm: &Device<Self::Driver>) {
        drm.light();
        drm.tell_if_lost(drm);
    }

    fn atomic_disable(drm: &Device<Self::Driver>) {
        drm.sleep();
    }
}

impl<P: Panel> DriverConnector for Objects<P> {
    type Driver = PanelDriver<P>;

    const DETECT: Option<Detect<Self::Driver>> = Some(|drm, detection| {
        let status = drm.detect(drm);
        if status == Status::Connected && drm.blank.load(Ordering::Relaxed) {
            detection.restore()?;
            drm.blank.store(false, Ordering::Relaxed);
        }
        Ok(status)
    });

    fn fixed_mode(pipe: &Pipe) -> &DisplayMode {
        &pipe.mode
    }
}

#[vtable]
impl<P: Panel> drm::Driver for PanelDriver<P> {
    type OwnerModule = P::OwnerModule;
    type Data = Pipe;
    type Hw = Hw;

    const INFO: drm::DriverInfo = P::INFO;
    const DISCONNECT: Option<drm::Disconnect<Hw>> = P::DISCONNECT;

    fn presence(pipe: &Pipe) -> &Presence<Hw> {
        &pipe.presence
    }

    fn debugfs_init(directory: &drm::debugfs::Directory<'_, Self>) {
        let panel = &directory.device().panel;
        debugfs::init(directory, panel.write_only);
    }

    fn work(drm: &Device<Self>) {
        drm.send(&mut drm.sender.lock());
        drm.tell_if_lost(drm);
    }
}
