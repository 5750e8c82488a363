// SPDX-License-Identifier: GPL-2.0

//! Ioctls that are asleep in the kernel when the device goes. DRM looks once, at the
//! beginning, whether it is there; what an ioctl reads from us after that can take as long
//! as we like, and then it goes on.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use drm::control::property::Value;
use drm::control::{AtomicCommitFlags, Device as _, ResourceHandle};
use drm_ffi::{drm_mode_atomic, drm_mode_create_blob, drm_mode_crtc, drm_mode_fb_dirty_cmd};

use super::{
    atomic::{Atomic, property},
    converse, shown, unknown, verdict,
};
use crate::pattern::{Format, Pattern};
use crate::screen::{Buffer, Screen};
use crate::sys::{self, Late};

/// How long an ioctl may take to fall asleep.
const PATIENCE: Duration = Duration::from_secs(10);

/// An ioctl, on its way.
struct Parked {
    late: Late,
    ioctl: JoinHandle<io::Result<()>>,
}

/// A client with all that the ioctls are about.
struct Client {
    screen: Screen,
    buffers: [Buffer; 2],
    /// What shows the second buffer.
    flip: Setting,
    /// All that turns the screen on, with the second buffer.
    all: Vec<Setting>,
}

/// A value, of an object's property.
#[derive(Clone, Copy)]
struct Setting {
    object: u32,
    property: u32,
    value: u64,
}

/// Answers "park", "still" and "go on", each with an ioctl's name: "parked" when it sleeps
/// for its arguments, the same if it still does, and how it went when it has them.
pub fn keep(screen: Screen, format: Format) -> Result<()> {
    let client = Client::new(screen, format).context("the client")?;
    let mut parked: HashMap<String, Parked> = HashMap::new();
    converse(|request| {
        if let Some(name) = request.strip_prefix("park ") {
            let ioctl = client.park(name)?;
            ioctl.sleeps().context("waiting for it to sleep")?;
            let state = ioctl.state();
            parked.insert(name.into(), ioctl);
            Ok(state.into())
        } else if let Some(name) = request.strip_prefix("still ") {
            Ok(parked.get(name).context("not parked")?.state().into())
        } else if let Some(name) = request.strip_prefix("go on ") {
            let ioctl = parked.remove(name).context("not parked")?;
            Ok(verdict(ioctl.go_on()))
        } else {
            unknown(request)
        }
    })
}

impl Parked {
    /// Waits until it sleeps (or has ended).
    fn sleeps(&self) -> io::Result<()> {
        let end = Instant::now() + PATIENCE;
        while !self.ioctl.is_finished() && !self.late.awaited(Duration::from_millis(10))? {
            if Instant::now() >= end {
                return Err(io::Error::other("it sleeps for something else"));
            }
        }
        Ok(())
    }

    fn state(&self) -> &'static str {
        match self.ioctl.is_finished() {
            true => "back",
            false => "parked",
        }
    }

    /// Gives it what it sleeps for, and waits for its end.
    fn go_on(self) -> io::Result<()> {
        self.late.arrive()?;
        let end = self.ioctl.join();
        end.unwrap_or_else(|_| Err(io::Error::other("a panic")))
    }
}

impl Client {
    fn new(screen: Screen, format: Format) -> io::Result<Self> {
        let Atomic { plane, .. } = Atomic::new(&screen)?;
        let buffers = [
            shown(&screen, format, Pattern::Card)?,
            screen.buffer(format)?,
        ];
        let card = screen.card();
        let (crtc, connector) = (screen.crtc(), screen.connector());
        let Value::Blob(mode) = card.create_property_blob(&screen.mode())? else {
            return Err(io::Error::other("not a blob"));
        };
        let (width, height) = screen.size();
        let (width, height) = (u64::from(width), u64::from(height));
        let framebuffer = u32::from(buffers[1].framebuffer()).into();
        let crtc_id = u32::from(crtc).into();
        let flip = screen.setting(plane, "FB_ID", framebuffer)?;
        let all = vec![
            flip,
            screen.setting(plane, "CRTC_ID", crtc_id)?,
            screen.setting(plane, "SRC_W", width << 16)?,
            screen.setting(plane, "SRC_H", height << 16)?,
            screen.setting(plane, "CRTC_W", width)?,
            screen.setting(plane, "CRTC_H", height)?,
            screen.setting(crtc, "MODE_ID", mode)?,
            screen.setting(crtc, "ACTIVE", 1)?,
            screen.setting(connector, "CRTC_ID", crtc_id)?,
        ];
        Ok(Self {
            screen,
            buffers,
            flip,
            all,
        })
    }

    /// Calls the ioctl of that name.
    fn park(&self, name: &str) -> Result<Parked> {
        Ok(match name {
            "atomic commit" => self.commit(&[self.flip], false)?,
            // With the first value it takes the plane's lock, and sleeps for the second.
            "atomic commit with locks" => self.commit(&[self.flip; 2], true)?,
            "atomic modeset" => self.commit(&self.all, false)?,
            "dirtyfb" => self.dirty()?,
            "page flip" => self.page_flip()?,
            "create blob" => self.create_blob()?,
            // It looks for its connectors when it has all locks.
            "modeset with locks" => self.set_crtc()?,
            _ => return unknown(name),
        })
    }

    /// An ioctl in a thread of its own, which finds some of its arguments late.
    fn call<F>(&self, late: Late, ioctl: F) -> io::Result<Parked>
    where
        F: FnOnce(File) -> io::Result<()> + Send + 'static,
    {
        let card = File::from(self.screen.card().as_fd().try_clone_to_owned()?);
        let ioctl = thread::spawn(move || ioctl(card));
        Ok(Parked { late, ioctl })
    }

    /// A commit that finds its objects late, or else all values but the first.
    fn commit(&self, settings: &[Setting], values_late: bool) -> io::Result<Parked> {
        let objects: Vec<u32> = settings.iter().map(|s| s.object).collect();
        let counts = vec![1_u32; settings.len()];
        let properties: Vec<u32> = settings.iter().map(|s| s.property).collect();
        let values: Vec<u64> = settings.iter().map(|s| s.value).collect();
        let late = if values_late {
            let (first, others) = values.split_at(1);
            Late::new(&bytes_of_u64(first), &bytes_of_u64(others))?
        } else {
            Late::new(&[], &bytes_of_u32(&objects))?
        };
        let address = late.address();
        self.call(late, move |card| {
            let arguments = drm_mode_atomic {
                flags: AtomicCommitFlags::ALLOW_MODESET.bits(),
                count_objs: objects.len() as u32,
                objs_ptr: if values_late {
                    address_of(&objects)
                } else {
                    address
                },
                count_props_ptr: address_of(&counts),
                props_ptr: address_of(&properties),
                prop_values_ptr: if values_late {
                    address
                } else {
                    address_of(&values)
                },
                ..Default::default()
            };
            sys::commit(card, arguments)
        })
    }

    /// A changed corner that is told late.
    fn dirty(&self) -> io::Result<Parked> {
        let clip = [0_u16, 0, 16, 16].map(u16::to_ne_bytes).concat();
        let late = Late::new(&[], &clip)?;
        let arguments = drm_mode_fb_dirty_cmd {
            fb_id: self.buffers[0].framebuffer().into(),
            num_clips: 1,
            clips_ptr: late.address(),
            ..Default::default()
        };
        self.call(late, move |card| sys::dirty(card, arguments))
    }

    /// A flip that is late as a whole: the only ioctl here that DRM finds out itself.
    fn page_flip(&self) -> io::Result<Parked> {
        let crtc = self.screen.crtc().into();
        let flip = [crtc, self.buffers[1].framebuffer().into(), 0, 0, 0, 0];
        let late = Late::new(&[], &bytes_of_u32(&flip))?;
        let address = late.address();
        self.call(late, move |card| sys::page_flip(card, address))
    }

    fn create_blob(&self) -> io::Result<Parked> {
        let late = Late::new(&[], &[1; 16])?;
        let arguments = drm_mode_create_blob {
            data: late.address(),
            length: 16,
            ..Default::default()
        };
        self.call(late, move |card| sys::create_blob(card, arguments))
    }

    /// A mode for a connector that is told late.
    fn set_crtc(&self) -> io::Result<Parked> {
        let late = Late::new(&[], &bytes_of_u32(&[self.screen.connector().into()]))?;
        let arguments = drm_mode_crtc {
            set_connectors_ptr: late.address(),
            count_connectors: 1,
            crtc_id: self.screen.crtc().into(),
            fb_id: self.buffers[1].framebuffer().into(),
            mode_valid: 1,
            mode: self.screen.mode().into(),
            ..Default::default()
        };
        self.call(late, move |card| sys::set_crtc(card, arguments))
    }
}

impl Screen {
    /// A value for the property of that name.
    fn setting<T: ResourceHandle + Into<u32>>(
        &self,
        object: T,
        name: &str,
        value: u64,
    ) -> io::Result<Setting> {
        Ok(Setting {
            object: object.into(),
            property: property(self.card(), object, name)?.into(),
            value,
        })
    }
}

fn bytes_of_u32(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_ne_bytes()).collect()
}

fn bytes_of_u64(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_ne_bytes()).collect()
}

fn address_of<T>(numbers: &[T]) -> u64 {
    numbers.as_ptr().expose_provenance() as u64
}
