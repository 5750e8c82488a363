// SPDX-License-Identifier: GPL-2.0

//! Every ioctl that a client might still call on a card that it holds. While the device
//! is there each of them succeeds, so what they answer later is due to that it is not.

use std::cell::RefCell;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, Result};
use drm::buffer::{Buffer as _, DrmFourcc, DrmModifier, Handle, PlanarBuffer};
use drm::control::dumbbuffer::DumbBuffer;
use drm::control::property::Value;
use drm::control::{AtomicCommitFlags, Device as _, FbCmd2Flags, LeaseId, connector, framebuffer};
use drm::{ClientCapability, Device as _, DriverCapability, VblankWaitFlags, VblankWaitTarget};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::{atomic::Atomic, converse, shown, unknown, verdict};
use crate::pattern::{Format, Pattern};
use crate::screen::{Buffer, Card, Screen};

/// A client with all that the ioctls are about.
struct Client {
    screen: Screen,
    atomic: Atomic,
    buffers: [Buffer; 2],
    dmabuf: OwnedFd,
    blob: u64,
    /// What may be destroyed, once each.
    spares: RefCell<Spares>,
    lessee: Option<(LeaseId, Card)>,
}

/// Objects for the ioctls that take one away.
struct Spares {
    buffers: Vec<DumbBuffer>,
    framebuffers: Vec<framebuffer::Handle>,
    blobs: Vec<u64>,
}

/// How often an ioctl that takes something away can be called.
const SPARES: usize = 8;

type Try = fn(&Client) -> io::Result<()>;

/// The ioctls of the card, in an order in which they succeed.
const TRIES: &[(&str, Try)] = &[
    ("atomic commit", |c| {
        let request = c.atomic.flip(c.buffers[1].framebuffer());
        c.card().atomic_commit(AtomicCommitFlags::empty(), request)
    }),
    ("atomic commit, TEST_ONLY", |c| {
        let request = c.atomic.flip(c.buffers[0].framebuffer());
        c.card()
            .atomic_commit(AtomicCommitFlags::TEST_ONLY, request)
    }),
    ("atomic modeset, TEST_ONLY", |c| {
        let request = c.atomic.active(&c.screen, false);
        let flags = AtomicCommitFlags::TEST_ONLY | AtomicCommitFlags::ALLOW_MODESET;
        c.card().atomic_commit(flags, request)
    }),
    ("atomic commit, nonblocking with event", |c| {
        let request = c.atomic.flip(c.buffers[0].framebuffer());
        let flags = AtomicCommitFlags::NONBLOCK | AtomicCommitFlags::PAGE_FLIP_EVENT;
        c.card().atomic_commit(flags, request)?;
        c.card().receive_events().map(drop)
    }),
    ("modeset off", |c| c.screen.off()),
    ("modeset", |c| c.screen.show(&c.buffers[0])),
    ("page flip", |c| c.screen.flip(&c.buffers[1])),
    ("set plane", |c| {
        let (width, height) = c.screen.size();
        c.card().set_plane(
            c.atomic.plane,
            c.screen.crtc(),
            Some(c.buffers[0].framebuffer()),
            0,
            (0, 0, width, height),
            (0, 0, width << 16, height << 16),
        )
    }),
    ("dirtyfb", |c| c.screen.dirty(&c.buffers[0], &[])),
    ("set property", |c| {
        // DPMS on, which it is.
        for (handle, _) in c.card().get_properties(c.screen.connector())? {
            if c.card().get_property(handle)?.name().to_bytes() == b"DPMS" {
                return c.card().set_property(c.screen.connector(), handle, 0);
            }
        }
        Err(io::Error::other("there is no property DPMS"))
    }),
    ("create dumb", |c| {
        let dumb = c
            .card()
            .create_dumb_buffer((16, 16), DrmFourcc::Xrgb8888, 32)?;
        c.card().destroy_dumb_buffer(dumb)
    }),
    ("map dumb", |c| {
        let handle = c.buffers[0].dumb().handle().into();
        drm_ffi::mode::dumbbuffer::map(c.card().as_fd(), handle, 0, 0).map(drop)
    }),
    ("destroy dumb", |c| {
        let dumb = c.spares.borrow_mut().buffers.pop().ok_or_else(none_left)?;
        c.card().destroy_dumb_buffer(dumb)
    }),
    ("gem close", |c| {
        let dumb = c.spares.borrow_mut().buffers.pop().ok_or_else(none_left)?;
        c.card().close_buffer(dumb.handle())
    }),
    ("addfb", |c| {
        let framebuffer = c.card().add_framebuffer(c.buffers[0].dumb(), 24, 32)?;
        c.card().destroy_framebuffer(framebuffer)
    }),
    ("addfb2", |c| {
        let planar = Planar(c.buffers[0].dumb());
        let framebuffer = c
            .card()
            .add_planar_framebuffer(&planar, FbCmd2Flags::empty())?;
        c.card().destroy_framebuffer(framebuffer)
    }),
    ("getfb", |c| {
        let framebuffer = c.buffers[0].framebuffer();
        c.card().get_framebuffer(framebuffer).map(drop)
    }),
    ("rmfb", |c| {
        let mut spares = c.spares.borrow_mut();
        let framebuffer = spares.framebuffers.pop().ok_or_else(none_left)?;
        c.card().destroy_framebuffer(framebuffer)
    }),
    ("prime handle-to-fd", |c| {
        let handle = c.buffers[0].dumb().handle();
        c.card().buffer_to_prime_fd(handle, 0).map(drop)
    }),
    ("prime fd-to-handle", |c| {
        c.card().prime_fd_to_buffer(c.dmabuf.as_fd()).map(drop)
    }),
    ("create lease", |c| {
        let objects = c.atomic.objects(&c.screen);
        c.card().create_lease(&objects, 0).map(drop)
    }),
    ("list lessees", |c| c.card().list_lessees().map(drop)),
    ("get resources", |c| c.card().resource_handles().map(drop)),
    ("get plane resources", |c| {
        c.card().plane_handles().map(drop)
    }),
    ("get connector, probed", |c| c.connector(true)),
    ("get connector, as known", |c| c.connector(false)),
    ("get crtc", |c| c.card().get_crtc(c.screen.crtc()).map(drop)),
    ("get plane", |c| {
        c.card().get_plane(c.atomic.plane).map(drop)
    }),
    ("get properties", |c| {
        c.card().get_properties(c.atomic.plane).map(drop)
    }),
    ("get property", |c| {
        c.card().get_property(c.atomic.out_fence).map(drop)
    }),
    ("create blob", |c| c.blob().map(drop)),
    ("get blob", |c| c.card().get_property_blob(c.blob).map(drop)),
    ("destroy blob", |c| {
        let blob = c.spares.borrow_mut().blobs.pop().ok_or_else(none_left)?;
        c.card().destroy_property_blob(blob)
    }),
    ("set client cap", |c| {
        c.card()
            .set_client_capability(ClientCapability::UniversalPlanes, true)
    }),
    ("get cap", |c| {
        c.card()
            .get_driver_capability(DriverCapability::DumbBuffer)
            .map(drop)
    }),
    ("get version", |c| c.card().get_driver().map(drop)),
    ("get unique", |c| c.card().get_bus_id().map(drop)),
    ("drop master", |c| c.card().release_master_lock()),
    ("set master", |c| c.card().acquire_master_lock()),
    ("wait vblank", |c| {
        let target = VblankWaitTarget::Relative(0);
        let wait = c.card().wait_vblank(target, VblankWaitFlags::empty(), 0, 0);
        match wait {
            // A card may be without.
            Err(e) if Errno::from_io_error(&e) == Some(Errno::OPNOTSUPP) => Ok(()),
            other => other.map(drop),
        }
    }),
];

/// What these are called.
pub fn names() -> impl Iterator<Item = &'static str> {
    TRIES.iter().map(|&(name, _)| name)
}

/// Answers an ioctl's name with how it went. Also "lease", and what can be done with that:
/// "lessee", "get lease", "revoke lease"; and "poll", with what is pending on the card.
pub fn keep(screen: Screen, format: Format) -> Result<()> {
    let mut client = Client::new(screen, format).context("the client")?;
    converse(|request| match request {
        "lease" => Ok(verdict(client.lease())),
        "lessee" => Ok(verdict(client.lessee())),
        "get lease" => Ok(verdict(client.get_lease())),
        "revoke lease" => Ok(verdict(client.revoke_lease())),
        "poll" => Ok(pending(client.card())?),
        _ => match TRIES.iter().find(|(name, _)| *name == request) {
            Some((_, attempt)) => Ok(verdict(attempt(&client))),
            None => unknown(request),
        },
    })
}

impl Client {
    fn new(screen: Screen, format: Format) -> io::Result<Self> {
        let atomic = Atomic::new(&screen)?;
        let buffers = [
            shown(&screen, format, Pattern::Card)?,
            screen.buffer(format)?,
        ];
        let card = screen.card();
        let dmabuf = card.buffer_to_prime_fd(buffers[1].dumb().handle(), 0)?;
        let small = || card.create_dumb_buffer((16, 16), DrmFourcc::Xrgb8888, 32);
        let spares = Spares {
            buffers: (0..2 * SPARES).map(|_| small()).collect::<Result<_, _>>()?,
            framebuffers: (0..SPARES)
                .map(|_| card.add_framebuffer(buffers[0].dumb(), 24, 32))
                .collect::<Result<_, _>>()?,
            blobs: Vec::new(),
        };
        let mut client = Self {
            screen,
            atomic,
            buffers,
            dmabuf,
            blob: 0,
            spares: RefCell::new(spares),
            lessee: None,
        };
        client.blob = client.blob()?;
        for _ in 0..SPARES {
            let blob = client.blob()?;
            client.spares.borrow_mut().blobs.push(blob);
        }
        Ok(client)
    }

    fn card(&self) -> &Card {
        self.screen.card()
    }

    fn blob(&self) -> io::Result<u64> {
        match self.card().create_property_blob(&[0u32; 4])? {
            Value::Blob(blob) => Ok(blob),
            _ => Err(io::Error::other("not a blob")),
        }
    }

    fn connector(&self, probe: bool) -> io::Result<()> {
        let info = self.card().get_connector(self.screen.connector(), probe)?;
        match info.state() {
            connector::State::Connected => Ok(()),
            _ => Err(io::Error::other("disconnected")),
        }
    }

    /// Leases the screen, to be used by `lessee`.
    fn lease(&mut self) -> io::Result<()> {
        let objects = self.atomic.objects(&self.screen);
        let (id, lease) = self.card().create_lease(&objects, 0)?;
        self.lessee = Some((id, Card::of_lease(lease)));
        self.lessee()
    }

    /// What a lessee would do first.
    fn lessee(&self) -> io::Result<()> {
        let (_, lessee) = self.lessee.as_ref().ok_or_else(none_left)?;
        lessee.get_crtc(self.screen.crtc()).map(drop)
    }

    /// What the lessee has.
    fn get_lease(&self) -> io::Result<()> {
        let (_, lessee) = self.lessee.as_ref().ok_or_else(none_left)?;
        drm_ffi::mode::get_lease(lessee.as_fd(), None).map(drop)
    }

    /// Takes it back.
    fn revoke_lease(&self) -> io::Result<()> {
        let (id, _) = self.lessee.as_ref().ok_or_else(none_left)?;
        self.card().revoke_lease(*id)
    }
}

fn none_left() -> io::Error {
    io::Error::other("none left")
}

/// What poll() says at once, asked for all that it can say.
fn pending(card: &Card) -> io::Result<String> {
    let wanted = PollFlags::IN | PollFlags::PRI | PollFlags::RDNORM;
    let mut fds = [PollFd::new(card, wanted)];
    match poll(&mut fds, Some(&Timespec::default()))? {
        0 => Ok("nothing".into()),
        _ => Ok(format!("{:?}", fds[0].revents())),
    }
}

/// A dumb buffer as the only plane of a framebuffer.
struct Planar<'a>(&'a DumbBuffer);

impl PlanarBuffer for Planar<'_> {
    fn size(&self) -> (u32, u32) {
        self.0.size()
    }

    fn format(&self) -> DrmFourcc {
        self.0.format()
    }

    fn modifier(&self) -> Option<DrmModifier> {
        None
    }

    fn pitches(&self) -> [u32; 4] {
        [self.0.pitch(), 0, 0, 0]
    }

    fn handles(&self) -> [Option<Handle>; 4] {
        [Some(self.0.handle()), None, None, None]
    }

    fn offsets(&self) -> [u32; 4] {
        [0; 4]
    }
}
