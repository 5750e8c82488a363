// SPDX-License-Identifier: GPL-2.0

//! vhost-user: what the two devices have in common. A device is a function
//! from the bytes of a request to those of its answer.
//!
//! QEMU makes a new connection at every plug. The listener stays, everything
//! else is made anew for each: no state of a queue outlives its guest.

pub mod gpio;
pub mod spi;

use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use vhost::vhost_user::Listener;
use vhost::vhost_user::message::{VhostUserProtocolFeatures, VhostUserVirtioFeatures};
use vhost_user_backend::{VhostUserBackend, VhostUserDaemon, VringMutex, VringT};
use virtio_bindings::virtio_config::VIRTIO_F_VERSION_1;
use virtio_bindings::virtio_ring::{VIRTIO_RING_F_EVENT_IDX, VIRTIO_RING_F_INDIRECT_DESC};
use virtio_queue::{DescriptorChain, QueueT};
use vm_memory::{GuestAddressSpace, GuestMemoryAtomic, GuestMemoryMmap};
use vmm_sys_util::epoll::EventSet;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::bench::{Bench, Busy, Plug};
use crate::fault::Wire;

/// No request has more bytes in either direction: a full frame of the largest
/// panel on such a bus is a sixth of it. What a hostile driver announces is
/// not allocated.
pub const LIMIT: usize = 4 << 20;

type Memory = GuestMemoryAtomic<GuestMemoryMmap>;
type Vring = VringMutex<Memory>;

/// A request, taken out of the guest's memory.
#[derive(Debug)]
pub struct Request {
    /// What the driver wrote.
    pub bytes: Vec<u8>,
    /// How many bytes the device may write.
    pub room: usize,
}

/// What the device writes into the request's room, from `offset` on.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Bytes of the room that are left as they are.
    pub offset: usize,
    /// The bytes that follow.
    pub bytes: Vec<u8>,
}

/// A virtio device with one request queue.
pub trait Device: Send + Sync + 'static {
    /// Which of the two it is.
    const WIRE: Wire;
    /// Queues that the device type has; requests are on the first.
    const QUEUES: usize;

    /// The configuration space.
    fn config(&self) -> Vec<u8>;

    /// Answers a request, in as much time as it takes. `None`: there is
    /// nobody left to answer.
    fn answer(&self, busy: &Busy<'_>, request: &Request) -> Option<Reply>;

    /// Answers a request that has more than [`LIMIT`] bytes, or that is not in
    /// the guest's memory, with room for so many.
    fn refuse(&self, room: usize) -> Reply;
}

struct Backend<D> {
    device: D,
    bench: Bench,
    plug: Plug,
    memory: Memory,
    event_idx: AtomicBool,
}

impl<D: Device> Backend<D> {
    /// Not a queue, and not the one after them, which the framework uses.
    const HANGUP: u16 = D::QUEUES as u16 + 1;

    /// Serves all requests of a queue; false when they are nobody's any more.
    fn drain(&self, vring: &Vring) -> bool {
        let memory = self.memory.memory();
        loop {
            let busy = self.bench.begin(self.plug);
            let chain = vring
                .get_mut()
                .get_queue_mut()
                .pop_descriptor_chain(memory.clone());
            let Some(chain) = chain else { return true };
            let head = chain.head_index();
            let Some(written) = self.serve(&busy, &memory, chain) else {
                // Back to the queue: if it is only paused, it comes again.
                let mut state = vring.get_mut();
                let queue = state.get_queue_mut();
                let next = queue.next_avail().wrapping_sub(1);
                queue.set_next_avail(next);
                return false;
            };
            let mut state = vring.get_mut();
            // A ring that cannot be written is the driver's own doing.
            let used = state.add_used(head, written);
            if used.is_ok() && state.needs_notification().unwrap_or(true) {
                let _ = state.signal_used_queue();
            }
        }
    }

    fn serve<M>(
        &self,
        busy: &Busy<'_>,
        memory: &GuestMemoryMmap,
        chain: DescriptorChain<M>,
    ) -> Option<u32>
    where
        M: std::ops::Deref<Target = GuestMemoryMmap> + Clone,
    {
        let reader = chain.clone().reader(memory);
        let writer = chain.writer(memory);
        let (Ok(mut reader), Ok(mut writer)) = (reader, writer) else {
            return Some(0);
        };
        let room = writer.available_bytes();
        let mut bytes = Vec::new();
        let fits = reader.available_bytes() <= LIMIT && room <= LIMIT;
        let reply = if fits && reader.read_to_end(&mut bytes).is_ok() {
            self.device.answer(busy, &Request { bytes, room })?
        } else {
            self.device.refuse(room)
        };
        let offset = reply.offset.min(room);
        let fitting = &reply.bytes[..reply.bytes.len().min(room - offset)];
        let mut rest = writer.split_at(offset).ok()?;
        let written = rest
            .write_all(fitting)
            .map_or(0, |()| offset + fitting.len());
        Some(written as u32)
    }
}

impl<D: Device> VhostUserBackend for Backend<D> {
    type Bitmap = ();
    type Vring = Vring;

    fn num_queues(&self) -> usize {
        D::QUEUES
    }

    fn max_queue_size(&self) -> usize {
        1024
    }

    fn features(&self) -> u64 {
        let bits = [
            VIRTIO_F_VERSION_1,
            VIRTIO_RING_F_INDIRECT_DESC,
            VIRTIO_RING_F_EVENT_IDX,
        ];
        let own: u64 = bits.iter().map(|bit| 1 << bit).sum();
        own | VhostUserVirtioFeatures::PROTOCOL_FEATURES.bits()
    }

    fn protocol_features(&self) -> VhostUserProtocolFeatures {
        VhostUserProtocolFeatures::CONFIG | VhostUserProtocolFeatures::MQ
    }

    fn set_event_idx(&self, enabled: bool) {
        self.event_idx.store(enabled, Ordering::Relaxed);
    }

    fn get_config(&self, offset: u32, size: u32) -> Vec<u8> {
        let config = self.device.config();
        let range = (offset as usize).min(config.len())..config.len();
        let mut bytes = config[range].to_vec();
        // An answer of another size would end the connection.
        bytes.resize((size as usize).min(LIMIT), 0);
        bytes
    }

    fn update_memory(&self, _: Memory) -> io::Result<()> {
        // It is the one that we have.
        Ok(())
    }

    fn stop_vring(&self, _: u32) -> io::Result<()> {
        self.bench.stop(self.plug);
        Ok(())
    }

    fn handle_event(&self, event: u16, _: EventSet, vrings: &[Vring], _: usize) -> io::Result<()> {
        if event == Self::HANGUP {
            // The one way to end the framework's thread that leaks nothing.
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let Some(vring) = vrings.get(usize::from(event)).filter(|_| event == 0) else {
            return Ok(());
        };
        if !self.event_idx.load(Ordering::Relaxed) {
            self.drain(vring);
            return Ok(());
        }
        loop {
            let _ = vring.disable_notification();
            let more = self.drain(vring);
            // Something that came since the queue was seen empty rings no bell.
            if !vring.enable_notification().unwrap_or(false) || !more {
                return Ok(());
            }
        }
    }
}

/// Binds `path` and serves `device` to whoever connects, one after the other,
/// on a thread of its own.
///
/// # Errors
/// The socket cannot be made.
pub fn listen<D: Device + Clone>(path: &Path, device: D, bench: &Bench) -> io::Result<()> {
    let mut listener = Listener::new(path, true).map_err(io::Error::other)?;
    let (bench, name) = (bench.clone(), format!("{:?}", D::WIRE).to_lowercase());
    thread::Builder::new().name(name.clone()).spawn(move || {
        loop {
            if let Err(error) = connection(&mut listener, &name, device.clone(), &bench) {
                eprintln!("tinydrm-panel: {name}: {error}");
                // Out of files or memory: not as fast as we can.
                thread::sleep(Duration::from_millis(100));
            }
        }
    })?;
    Ok(())
}

/// Waits for a connection and serves it to its end.
fn connection<D: Device>(
    listener: &mut Listener,
    name: &str,
    device: D,
    bench: &Bench,
) -> io::Result<()> {
    let plug = bench.issue(D::WIRE);
    let memory = Memory::new(GuestMemoryMmap::new());
    let backend = Arc::new(Backend {
        device,
        bench: bench.clone(),
        plug,
        memory: memory.clone(),
        event_idx: AtomicBool::new(false),
    });
    let other = |error: vhost_user_backend::Error| io::Error::other(error.to_string());
    let mut daemon = VhostUserDaemon::new(name.to_owned(), backend, memory).map_err(other)?;
    let hangup = EventFd::new(EFD_NONBLOCK)?;
    for worker in daemon.get_epoll_handlers() {
        let event = u64::from(Backend::<D>::HANGUP);
        worker.register_listener(hangup.as_raw_fd(), EventSet::IN, event)?;
    }

    let started = daemon.start(listener).map_err(other);
    if let Some(handle) = daemon.shutdown_handle() {
        bench.plug(plug, Box::new(move || handle.shutdown()));
        // However it ended: the other side is gone.
        let _ = daemon.wait();
        bench.unplug(plug);
    }
    hangup.write(1)?;
    drop(daemon);
    started
}

#[cfg(test)]
mod tests;
