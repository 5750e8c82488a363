// SPDX-License-Identifier: GPL-2.0

//! What a client may leave behind: a picture that nobody has a name for any more.

use anyhow::{Context, Result};
use drm::buffer::Buffer as _;
use drm::control::atomic::AtomicModeReq;
use drm::control::property::Value;
use drm::control::{AtomicCommitFlags, Device as _};

use super::{
    atomic::{Atomic, property},
    converse, shown, unknown, verdict,
};
use crate::pattern::{Format, Pattern};
use crate::screen::Screen;
use crate::sys;

/// Answers, with how it went, "close handle", of the buffer whose framebuffer is shown on;
/// "close both", of which neither leaves the screen; and "no plane", a screen that is on
/// with nothing to show.
pub fn keep(screen: Screen, format: Format) -> Result<()> {
    let Atomic { plane, .. } = Atomic::new(&screen).context("an atomic client")?;
    let fb_id = property(screen.card(), plane, "FB_ID")?;
    let crtc_id = property(screen.card(), plane, "CRTC_ID")?;
    let buffer = shown(&screen, format, Pattern::Card)?;
    let card = screen.card();
    converse(|request| {
        let result = match request {
            "close handle" => card.close_buffer(buffer.dumb().handle()),
            "close both" => card
                .close_buffer(buffer.dumb().handle())
                .and_then(|()| sys::close_framebuffer(card, buffer.framebuffer())),
            "no plane" => {
                let mut request = AtomicModeReq::new();
                request.add_property(plane, fb_id, Value::Framebuffer(None));
                request.add_property(plane, crtc_id, Value::CRTC(None));
                card.atomic_commit(AtomicCommitFlags::ALLOW_MODESET, request)
            }
            _ => return unknown(request),
        };
        Ok(verdict(result))
    })
}
