// SPDX-License-Identifier: GPL-2.0

//! Atomic commits to a screen.

use std::io;

use drm::ClientCapability;
use drm::Device as _;
use drm::control::atomic::AtomicModeReq;
use drm::control::property::{self, Value};
use drm::control::{Device as _, RawResourceHandle, ResourceHandle, framebuffer, plane};

use crate::screen::{Card, Screen};

/// A screen's plane, and the properties that a commit needs.
pub struct Atomic {
    /// The primary plane.
    pub plane: plane::Handle,
    /// Where a commit puts its fence.
    pub out_fence: property::Handle,
    fb_id: property::Handle,
    active: property::Handle,
}

impl Atomic {
    /// Makes the client an atomic one.
    pub fn new(screen: &Screen) -> io::Result<Self> {
        let card = screen.card();
        card.set_client_capability(ClientCapability::UniversalPlanes, true)?;
        card.set_client_capability(ClientCapability::Atomic, true)?;
        let planes = card.plane_handles()?;
        let &plane = planes
            .first()
            .ok_or_else(|| io::Error::other("the card has no plane"))?;
        Ok(Self {
            plane,
            fb_id: property(card, plane, "FB_ID")?,
            active: property(card, screen.crtc(), "ACTIVE")?,
            out_fence: property(card, screen.crtc(), "OUT_FENCE_PTR")?,
        })
    }

    /// What shows another framebuffer on a screen that is on.
    pub fn flip(&self, framebuffer: framebuffer::Handle) -> AtomicModeReq {
        let mut request = AtomicModeReq::new();
        let value = Value::Framebuffer(Some(framebuffer));
        request.add_property(self.plane, self.fb_id, value);
        request
    }

    /// What turns a screen on or off that has a mode.
    pub fn active(&self, screen: &Screen, active: bool) -> AtomicModeReq {
        let mut request = AtomicModeReq::new();
        request.add_property(screen.crtc(), self.active, Value::Boolean(active));
        request
    }

    /// All that a lease of the screen must have.
    pub fn objects(&self, screen: &Screen) -> [RawResourceHandle; 3] {
        [
            screen.connector().into(),
            screen.crtc().into(),
            self.plane.into(),
        ]
    }
}

/// The property of that name.
pub fn property(card: &Card, of: impl ResourceHandle, name: &str) -> io::Result<property::Handle> {
    for (handle, _) in card.get_properties(of)? {
        if card.get_property(handle)?.name().to_bytes() == name.as_bytes() {
            return Ok(handle);
        }
    }
    Err(io::Error::other(format!("there is no property {name}")))
}
