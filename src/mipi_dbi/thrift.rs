// SPDX-License-Identifier: GPL-2.0

//! Whether it pays to look for what has changed.
//!
//! A frame that can be sent from where it is costs nothing to send whole, and much to compare. Who
//! shows a film wants the one, who has a clock redrawn wants the other.
//!
//! Pure: this file uses `core` alone, and is tested on the host (`qemu/pure`).

/// Frames in a row in which nearly all has changed, before it is believed.
const FUTILE: u32 = 3;
/// So many frames are then sent without a look.
const REST: u32 = 60;

/// Decides for each frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Thrift {
    /// Frames in a row for which the look was in vain.
    futile: u32,
    /// Frames to come for which there is none.
    rest: u32,
}

impl Thrift {
    /// Whether to look at the next frame.
    pub fn look(&mut self) -> bool {
        let look = self.rest == 0;
        self.rest = self.rest.saturating_sub(1);
        look
    }

    /// What came of it: so many bytes are sent of `whole`.
    pub fn looked(&mut self, sent: u64, whole: u64) {
        if sent < whole / 4 * 3 {
            self.futile = 0;
            return;
        }
        self.futile += 1;
        if self.futile >= FUTILE {
            // The first look after the rest has nothing to compare with, the second decides.
            self.futile = FUTILE - 2;
            self.rest = REST;
        }
    }
}
