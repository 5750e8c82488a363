// SPDX-License-Identifier: GPL-2.0

//! A dma-buf that outlives the device that exported it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use anyhow::{Context, Result};
use drm::buffer::{Buffer as _, DrmFourcc, Handle};
use drm::control::Device as _;

use super::memory::place;
use super::{check, converse, shown, unknown, verdict};
use crate::pattern::{Format, Pattern};
use crate::screen::{Card, Screen};
use crate::sys::Mapping;

/// What is in the buffer: a picture that no test draws otherwise.
const PICTURE: Pattern = Pattern::Noise(77);

/// A buffer that has been exported.
struct Exported {
    dmabuf: OwnedFd,
    size: (u32, u32),
    pitch: u32,
    /// What it holds.
    contents: Vec<u8>,
}

/// Exports a buffer with a picture. Answers "map" and "import DRIVER" with how it went,
/// "show CARD" too, which stays until "unshow"; and lets go of the card ("close") and of
/// the dma-buf ("drop").
pub fn keep(screen: Screen, format: Format) -> Result<()> {
    let exported = Exported::new(&screen, format).context("exporting a buffer")?;
    let mut exported = Some(exported);
    let mut screen = Some(screen);
    let mut shows: Option<Screen> = None;
    converse(|request| {
        match request {
            "close" => screen = None,
            "drop" => exported = None,
            "unshow" => shows = None,
            _ => {
                let exported = exported.as_ref().context("there is no dma-buf")?;
                return match request.split_once(' ') {
                    None if request == "map" => Ok(check(exported.map())),
                    Some(("import", driver)) => {
                        Ok(verdict(exported.import(&Card::of_driver(driver)?)))
                    }
                    Some(("show", card)) => {
                        let screen = Screen::new(Card::open(Some(Path::new(card)))?)?;
                        Ok(verdict(exported.show(shows.insert(screen))))
                    }
                    _ => unknown(request),
                };
            }
        }
        Ok("ok".into())
    })
}

impl Exported {
    fn new(screen: &Screen, format: Format) -> io::Result<Self> {
        let buffer = shown(screen, format, PICTURE)?;
        let (offset, length) = place(screen, &buffer)?;
        let mapping = Mapping::new(screen.card(), offset, length)?;
        let dumb = buffer.dumb();
        let flags = drm::CLOEXEC | drm::RDWR;
        Ok(Self {
            dmabuf: screen.card().buffer_to_prime_fd(dumb.handle(), flags)?,
            size: dumb.size(),
            pitch: dumb.pitch(),
            contents: (0..length).map(|at| mapping.read(at)).collect(),
        })
    }

    /// Maps it, and uses all of it.
    fn map(&self) -> Result<(), String> {
        let mapping = Mapping::new(&self.dmabuf, 0, self.contents.len())
            .map_err(|e| verdict::<()>(Err(e)))?;
        for (at, &was) in self.contents.iter().enumerate() {
            let is = mapping.read(at);
            if is != was {
                return Err(format!("at {at:#x} there is {is:#x}, not {was:#x}"));
            }
        }
        for at in mapping.pages() {
            mapping.write(at, !self.contents[at]);
            if mapping.read(at) != !self.contents[at] {
                return Err(format!("what is written at {at:#x} is not there"));
            }
            mapping.write(at, self.contents[at]);
        }
        Ok(())
    }

    /// Imports it, and lets go of it.
    fn import(&self, card: &Card) -> io::Result<()> {
        let handle = card.prime_fd_to_buffer(self.dmabuf.as_fd())?;
        card.close_buffer(handle)
    }

    /// Imports it, and shows it.
    fn show(&self, screen: &Screen) -> io::Result<()> {
        let card = screen.card();
        let imported = Imported {
            handle: card.prime_fd_to_buffer(self.dmabuf.as_fd())?,
            exported: self,
        };
        let framebuffer = card.add_framebuffer(&imported, 24, 32)?;
        screen.show_framebuffer(framebuffer, (0, 0))
    }
}

/// A buffer of another device's, as its importer has to describe it.
struct Imported<'a> {
    handle: Handle,
    exported: &'a Exported,
}

impl drm::buffer::Buffer for Imported<'_> {
    fn size(&self) -> (u32, u32) {
        self.exported.size
    }

    fn format(&self) -> DrmFourcc {
        DrmFourcc::Xrgb8888
    }

    fn pitch(&self) -> u32 {
        self.exported.pitch
    }

    fn handle(&self) -> Handle {
        self.handle
    }
}
