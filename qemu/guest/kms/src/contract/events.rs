// SPDX-License-Identifier: GPL-2.0

//! Flips and commits that are on their way when the device goes: whoever asked for an
//! event or a fence gets it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use drm::control::{AtomicCommitFlags, Device as _, Event, PageFlipFlags};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::{atomic::Atomic, converse, shown, unknown, verdict};
use crate::pattern::{Format, Pattern};
use crate::say;
use crate::screen::{Buffer, Screen};
use crate::sys;

/// How long to wait for what has been asked for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client that does not wait.
struct Client {
    screen: Screen,
    atomic: Atomic,
    buffers: [Buffer; 2],
    /// Of what it has asked for.
    requested: usize,
    /// Of those that have come.
    received: usize,
    /// Of those that were not signalled yet.
    fences: Vec<OwnedFd>,
}

/// How a picture is shown without waiting.
#[derive(Clone, Copy)]
enum Way {
    Flip,
    Commit,
}

/// Answers "flip" and "commit" with how the ioctl went, "count" and "wait" with what was
/// asked for and has come. "hammer" answers twice: when it is at it, and when the card does
/// not want any more.
pub fn keep(screen: Screen, format: Format) -> Result<()> {
    let atomic = Atomic::new(&screen).context("an atomic client")?;
    let buffers = [
        shown(&screen, format, Pattern::Card)?,
        screen.buffer(format)?,
    ];
    let mut client = Client {
        screen,
        atomic,
        buffers,
        requested: 0,
        received: 0,
        fences: Vec::new(),
    };
    converse(|request| match request {
        "flip" => Ok(verdict(client.show(Way::Flip))),
        "commit" => Ok(verdict(client.show(Way::Commit))),
        "hammer flip" => Ok(client.hammer(Way::Flip)?),
        "hammer commit" => Ok(client.hammer(Way::Commit)?),
        "count" => {
            client.collect(Duration::ZERO)?;
            Ok(client.counted())
        }
        "wait" => {
            client.wait()?;
            Ok(client.counted())
        }
        _ => unknown(request),
    })
}

impl Client {
    /// Asks for the other buffer to be shown, and for an event when it is.
    fn show(&mut self, way: Way) -> io::Result<()> {
        let framebuffer = self.buffers[(self.requested + 1) % 2].framebuffer();
        let (card, crtc) = (self.screen.card(), self.screen.crtc());
        match way {
            Way::Flip => card.page_flip(crtc, framebuffer, PageFlipFlags::EVENT, None)?,
            Way::Commit => {
                let flags = AtomicCommitFlags::NONBLOCK | AtomicCommitFlags::PAGE_FLIP_EVENT;
                let request = self.atomic.flip(framebuffer);
                let fence = self.atomic.out_fence;
                let fence = sys::commit_with_fence(card, flags, request, crtc, fence)?;
                self.fences.push(fence);
            }
        }
        self.requested += 1;
        Ok(())
    }

    /// Shows picture after picture as fast as the card takes them, until it refuses.
    fn hammer(&mut self, way: Way) -> io::Result<String> {
        let mut at_it = false;
        loop {
            match self.show(way) {
                Ok(()) => {}
                Err(e) if Errno::from_io_error(&e) == Some(Errno::BUSY) => {
                    self.collect(PATIENCE)?
                }
                other => {
                    self.wait()?;
                    return Ok(format!("{}, {}", verdict(other), self.counted()));
                }
            }
            if self.received > 0 && !at_it {
                at_it = true;
                say("hammering")?;
            }
        }
    }

    /// Takes what has come, and waits for `limit` at most if nothing has.
    fn collect(&mut self, limit: Duration) -> io::Result<()> {
        if ready(self.screen.card().as_fd(), limit)? {
            for event in self.screen.card().receive_events()? {
                if let Event::PageFlip(_) = event {
                    self.received += 1;
                }
            }
        }
        let mut left = Vec::new();
        for fence in self.fences.drain(..) {
            if !ready(fence.as_fd(), Duration::ZERO)? {
                left.push(fence);
            }
        }
        self.fences = left;
        Ok(())
    }

    /// Waits until all has come, if it does.
    fn wait(&mut self) -> io::Result<()> {
        let end = Instant::now() + PATIENCE;
        let left = || end.saturating_duration_since(Instant::now());
        while self.received < self.requested && !left().is_zero() {
            self.collect(left())?;
        }
        for fence in &self.fences {
            ready(fence.as_fd(), left())?;
        }
        self.collect(Duration::ZERO)
    }

    fn counted(&self) -> String {
        let (received, requested, fences) = (self.received, self.requested, self.fences.len());
        format!("{received} of {requested} events, {fences} fences pending")
    }
}

/// Whether something can be read: of a fence, that it is signalled.
fn ready(file: BorrowedFd<'_>, limit: Duration) -> io::Result<bool> {
    let limit = Timespec::try_from(limit).map_err(io::Error::other)?;
    let mut fds = [PollFd::from_borrowed_fd(file, PollFlags::IN)];
    Ok(poll(&mut fds, Some(&limit))? > 0)
}
