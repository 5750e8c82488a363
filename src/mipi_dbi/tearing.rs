// SPDX-License-Identifier: GPL-2.0

//! The tearing effect line: the panel says where its scan is, and who writes waits for that.

use super::{
    dcs::address_mode,
    model::Protocol,
    mounted::{Interface, Mounted},
    pixel::Order,
    scan::{Scan, Start},
};
use crate::{
    drm::{damage::Rect, presence::Wire},
    gpio::{
        self,
        pulses::{Edge, Pulses}, //
    },
};
use kernel::{
    device::{Bound, Device},
    prelude::*,
    time::Delta, //
};

/// A panel that has not blanked for so long, so often, does not say when it does: each time are three
/// scans at 30 Hz. A machine that stands still does so for one of them, and then hears of the pulse.
const PATIENCE: Delta = Delta::from_millis(100);
const TIMES: u32 = 5;

/// The name of the line (property `te-gpios`).
const LINE: &CStr = c"te";

/// The line of a panel, and when it is waited for.
pub(super) struct Tearing {
    pulses: Pulses,
    scan: Scan,
    /// Of a column on the wire.
    bits: u64,
    /// There are pulses, as far as is known.
    is_on: bool,
    /// It was said that there are none.
    is_told: bool,
}

impl Tearing {
    /// The line of a `panel` that sends its pixels in this `order`, if it has one that is of use.
    ///
    /// May sleep.
    ///
    /// # Errors
    ///
    /// As for [`Pulses::get_optional`].
    pub(super) fn get(dev: &Device<Bound>, panel: &Mounted, order: Order) -> Result<Option<Self>> {
        if !gpio::is_given(dev, LINE) {
            return Ok(None);
        }
        if !follows_scan(panel) {
            dev_info!(
                dev,
                "te-gpios is not used: pixels are not sent in the order in which this panel, turned so, is scanned\n"
            );
            return Ok(None);
        }
        let word = match panel.interface {
            Interface::FourWire(_) => 8,
            Interface::ThreeWire => 9,
        };
        let margins = u32::from(panel.model.margins.top) + u32::from(panel.model.margins.bottom);
        let scan = Scan::new(
            u32::from(panel.glass().vdisplay) + margins,
            panel.model.scans_hz,
        );
        Ok(Pulses::get_optional(dev, LINE)?.map(|pulses| Self {
            pulses,
            scan,
            bits: word * order.bytes() as u64,
            is_on: false,
            is_told: false,
        }))
    }

    /// The panel was told to send pulses, or will not.
    pub(super) fn set_on(&mut self, is_on: bool) {
        self.is_on = is_on;
    }

    /// Waits until the pixels of `window` may be written. Sleeps.
    ///
    /// # Errors
    ///
    /// `ECANCELED` as [`Wire::wait`].
    pub(super) fn wait(&mut self, wire: &Wire<'_>, window: &Rect) -> Result {
        if !self.is_on {
            return Ok(());
        }
        let lines = window.y1.try_into()?..window.y2.try_into()?;
        let bits = u64::from(window.width()) * u64::from(window.height()) * self.bits;
        let ns = bits * 1_000_000_000 / u64::from(wire.max_speed_hz().max(1));
        let edge = match self.scan.start(&lines, ns) {
            Start::Now => return Ok(()),
            Start::Blank => Edge::Begin,
            Start::AfterBlank => Edge::End,
        };
        let mut has_come = false;
        if let Ok(listening) = self.pulses.listen(edge) {
            for _ in 0..TIMES {
                has_come = wire.wait(listening.event(), PATIENCE)?;
                if has_come {
                    break;
                }
            }
        }
        if !has_come {
            self.is_on = false;
            if !self.is_told {
                self.is_told = true;
                dev_warn!(
                    wire.as_ref(),
                    "no pulse on te-gpios in {} ms: frames do not wait for it\n",
                    i64::from(TIMES) * PATIENCE.as_millis()
                );
            }
        }
        Ok(())
    }
}

/// Whether pixels are sent in the order in which a panel is scanned: by rows, from the first one on.
fn follows_scan(panel: &Mounted) -> bool {
    panel.model.protocol == Protocol::Dcs
        && panel.scan_mode & (address_mode::MV | address_mode::MY) == 0
}
