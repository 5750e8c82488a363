// SPDX-License-Identifier: GPL-2.0

//! A card with one screen, and buffers to show on it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use drm::Device as _;
use drm::buffer::{Buffer as _, DrmFourcc};
use drm::control::dumbbuffer::DumbBuffer;
use drm::control::{ClipRect, Device as _, Mode, PageFlipFlags, connector, crtc, framebuffer};

use crate::pattern::{Colour, Format, Rect};

/// An open device node.
pub struct Card(File);

impl AsFd for Card {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl drm::Device for Card {}
impl drm::control::Device for Card {}

impl Card {
    /// Opens a node, or the one of the panel if none is given.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let path = match path {
            Some(path) => path.to_owned(),
            None => find()?,
        };
        open(&path).with_context(|| format!("{}", path.display()))
    }

    /// Opens the first card whose driver has this name.
    pub fn of_driver(name: &str) -> Result<Self> {
        Self::open(Some(&find_driver(|found| found == name)?))
    }

    /// Takes a descriptor for a card: that of a lease.
    pub fn of_lease(lease: OwnedFd) -> Self {
        Self(lease.into())
    }
}

fn open(path: &Path) -> io::Result<Card> {
    Ok(Card(OpenOptions::new().read(true).write(true).open(path)?))
}

/// The first card that is an SPI device's.
fn find() -> Result<PathBuf> {
    let of_spi = |node: &Path| {
        let name = node.file_name().unwrap_or_default();
        let bus = Path::new("/sys/class/drm")
            .join(name)
            .join("device/subsystem");
        std::fs::read_link(bus).is_ok_and(|bus| bus.ends_with("spi"))
    };
    cards()?
        .into_iter()
        .find(|node| of_spi(node))
        .context("no card is a panel's")
}

/// The first card whose driver's name is wanted.
fn find_driver(wanted: impl Fn(&str) -> bool) -> Result<PathBuf> {
    for node in cards()? {
        let Ok(card) = open(&node) else { continue };
        let Ok(driver) = card.get_driver() else {
            continue;
        };
        if wanted(&driver.name().to_string_lossy()) {
            return Ok(node);
        }
    }
    bail!("no card has such a driver");
}

/// The nodes of all cards, in order.
fn cards() -> Result<Vec<PathBuf>> {
    let mut nodes: Vec<PathBuf> = std::fs::read_dir("/dev/dri")
        .context("there is no DRM device")?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("card"))
        })
        .collect();
    nodes.sort();
    Ok(nodes)
}

/// The screen of a card: its connector, its crtc and its preferred mode.
pub struct Screen {
    card: Card,
    connector: connector::Handle,
    crtc: crtc::Handle,
    mode: Mode,
}

/// A buffer that can be shown.
pub struct Buffer {
    dumb: DumbBuffer,
    framebuffer: framebuffer::Handle,
    format: Format,
    size: (u32, u32),
    shown_from: (u32, u32),
}

impl Buffer {
    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// All of it.
    pub fn rect(&self) -> Rect {
        // Buffers here are hardly larger than a small screen.
        let (width, height) = self.size;
        Rect::new(0, 0, width as u16, height as u16)
    }

    /// The bare buffer.
    pub fn dumb(&self) -> &DumbBuffer {
        &self.dumb
    }

    /// What shows it.
    pub fn framebuffer(&self) -> framebuffer::Handle {
        self.framebuffer
    }
}

impl Screen {
    /// Looks at what the card has.
    pub fn new(card: Card) -> io::Result<Self> {
        let resources = card.resource_handles()?;
        let missing =
            |what: &str| io::Error::new(io::ErrorKind::NotFound, format!("the card has no {what}"));
        for &handle in resources.connectors() {
            let connector = card.get_connector(handle, true)?;
            if let Some(&mode) = connector.modes().first() {
                let crtc = *resources.crtcs().first().ok_or_else(|| missing("crtc"))?;
                return Ok(Self {
                    card,
                    connector: handle,
                    crtc,
                    mode,
                });
            }
        }
        Err(missing("connector with a mode"))
    }

    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        let (width, height) = self.mode.size();
        (width.into(), height.into())
    }

    /// The card that has it.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Its connector.
    pub fn connector(&self) -> connector::Handle {
        self.connector
    }

    /// Its crtc.
    pub fn crtc(&self) -> crtc::Handle {
        self.crtc
    }

    /// The mode that is set.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// A buffer of the screen's size.
    pub fn buffer(&self, format: Format) -> io::Result<Buffer> {
        self.larger_buffer(format, 0, (0, 0))
    }

    /// A buffer larger than the screen by `margin` each way, which is shown from
    /// `shown_from` on.
    pub fn larger_buffer(
        &self,
        format: Format,
        margin: u32,
        shown_from: (u32, u32),
    ) -> io::Result<Buffer> {
        let (fourcc, depth, bits) = match format {
            Format::Xrgb8888 => (DrmFourcc::Xrgb8888, 24, 32),
            Format::Rgb565 => (DrmFourcc::Rgb565, 16, 16),
            Format::Rgb888 => (DrmFourcc::Rgb888, 24, 24),
        };
        let (width, height) = self.size();
        let size = (width + margin, height + margin);
        let dumb = self.card.create_dumb_buffer(size, fourcc, bits)?;
        let framebuffer = self.card.add_framebuffer(&dumb, depth, bits)?;
        Ok(Buffer {
            dumb,
            framebuffer,
            format,
            size,
            shown_from,
        })
    }

    /// Fills the parts of a buffer that `colour` has something for.
    pub fn fill(
        &self,
        buffer: &mut Buffer,
        colour: impl Fn(u32, u32) -> Option<Colour>,
    ) -> io::Result<()> {
        self.fill_rect(buffer, buffer.rect(), colour)
    }

    /// The same within a rectangle.
    pub fn fill_rect(
        &self,
        buffer: &mut Buffer,
        rect: Rect,
        colour: impl Fn(u32, u32) -> Option<Colour>,
    ) -> io::Result<()> {
        let pitch = buffer.dumb.pitch() as usize;
        let format = buffer.format;
        let mut mapping = self.card.map_dumb_buffer(&mut buffer.dumb)?;
        let rows = (0..).zip(mapping.as_mut().chunks_mut(pitch));
        for (y, row) in rows.take(rect.y2.into()).skip(rect.y1.into()) {
            let pixels = (0..).zip(row.chunks_exact_mut(format.bytes()));
            for (x, pixel) in pixels.take(rect.x2.into()).skip(rect.x1.into()) {
                if let Some(colour) = colour(x, y) {
                    format.put(pixel, colour);
                }
            }
        }
        Ok(())
    }

    /// What a buffer holds, row by row, each pixel as the panel has it.
    pub fn pixels(&self, buffer: &mut Buffer) -> io::Result<Vec<u16>> {
        let pitch = buffer.dumb.pitch() as usize;
        let format = buffer.format;
        let (width, height) = (buffer.size.0 as usize, buffer.size.1 as usize);
        let width = width * format.bytes();
        let mapping = self.card.map_dumb_buffer(&mut buffer.dumb)?;
        Ok(mapping
            .as_ref()
            .chunks(pitch)
            // The mapping is of whole pages.
            .take(height)
            .flat_map(|row| row[..width].chunks_exact(format.bytes()))
            .map(|pixel| format.get(pixel))
            .collect())
    }

    /// Sets the mode, and shows the buffer.
    pub fn show(&self, buffer: &Buffer) -> io::Result<()> {
        self.show_framebuffer(buffer.framebuffer, buffer.shown_from)
    }

    /// Sets the mode, and shows a framebuffer from a point on.
    pub fn show_framebuffer(
        &self,
        framebuffer: framebuffer::Handle,
        from: (u32, u32),
    ) -> io::Result<()> {
        self.card.set_crtc(
            self.crtc,
            Some(framebuffer),
            from,
            &[self.connector],
            Some(self.mode),
        )
    }

    /// Turns the screen off.
    pub fn off(&self) -> io::Result<()> {
        self.card.set_crtc(self.crtc, None, (0, 0), &[], None)
    }

    /// Tells that parts of the buffer shown have changed; none given: all of it.
    pub fn dirty(&self, buffer: &Buffer, parts: &[Rect]) -> io::Result<()> {
        // The crate cannot say "no clips", which would mean all, without a bad pointer.
        let all = [buffer.rect()];
        let parts = if parts.is_empty() { &all } else { parts };
        let clip = |r: &Rect| ClipRect::new(r.x1, r.y1, r.x2, r.y2);
        let clips: Vec<ClipRect> = parts.iter().map(clip).collect();
        self.card.dirty_framebuffer(buffer.framebuffer, &clips)
    }

    /// Shows another buffer, and waits until it is shown.
    pub fn flip(&self, buffer: &Buffer) -> io::Result<()> {
        self.card
            .page_flip(self.crtc, buffer.framebuffer, PageFlipFlags::EVENT, None)?;
        self.card.receive_events().map(drop)
    }
}
