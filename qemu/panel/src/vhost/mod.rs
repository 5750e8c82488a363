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
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use vhost::vhost_user::Listener;
use vhost::vhost_user::message::{VhostUserProtocolFeatures, VhostUserVirtioFeatures};
use vhost_user_backend::{VhostUserBackend, VhostUserDaemon, VringMutex, VringT};
use virtio_bindings::virtio_config::VIRTIO_F_VERSION_1;
use virtio_bindings::virtio_ring::VIRTIO_RING_F_EVENT_IDX;
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
type Chain = DescriptorChain<<Memory as GuestAddressSpace>::T>;

/// Whose a buffer of the event queue is: a number of the device's own.
pub type Buffer = usize;

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

/// A virtio device with one request queue, and perhaps one for events.
pub trait Device: Send + Sync + 'static {
    /// Which of the two it is.
    const WIRE: Wire;
    /// Queues that the device type has; requests are on the first, events on the second.
    const QUEUES: usize;

    /// Features beside those that both have, as bits.
    fn features(&self) -> u64;

    /// The configuration space.
    fn config(&self) -> Vec<u8>;

    /// Answers a request, in as much time as it takes. `None`: there is
    /// nobody left to answer.
    fn answer(&self, busy: &Busy<'_>, request: &Request) -> Option<Reply>;

    /// Takes a buffer of the event queue, by which something can be told later. `None`: it is not
    /// wanted. Does not wait.
    fn lend(&self, _request: &[u8]) -> Option<Buffer> {
        None
    }

    /// A buffer that is to go back now, and the byte that is to be in it. Does not wait.
    fn event(&self) -> Option<(Buffer, u8)> {
        None
    }

    /// Waits until [`Device::event`] has something, or false when the connection is over.
    fn await_event(&self, _: Plug) -> bool {
        false
    }

    /// All buffers of the event queue were given back.
    fn forget_buffers(&self) {}

    /// Answers a request that has more than [`LIMIT`] bytes, or that is not in
    /// the guest's memory, with room for so many.
    fn refuse(&self, room: usize) -> Reply;
}

/// The event queue, and the buffers of it that are lent to us. Whoever gives one back holds the
/// lock: when a request is answered by which there is to be no event any more, all is said.
#[derive(Default)]
struct Events {
    queue: Option<Vring>,
    buffers: Vec<(Buffer, Chain)>,
}

impl Events {
    /// Gives a buffer back, with this byte.
    fn give_back(&self, chain: Chain, memory: &GuestMemoryMmap, byte: u8) {
        let Some(queue) = &self.queue else { return };
        let head = chain.head_index();
        let writer = chain.writer(memory).ok();
        let written = writer.is_some_and(|mut writer| writer.write_all(&[byte]).is_ok());
        let used = queue.add_used(head, written.into());
        if used.is_ok() && queue.needs_notification().unwrap_or(true) {
            let _ = queue.signal_used_queue();
        }
    }
}

struct Backend<D> {
    device: D,
    bench: Bench,
    plug: Plug,
    memory: Memory,
    event_idx: AtomicBool,
    events: Mutex<Events>,
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
            // What it has ended is told before its own answer.
            self.tell();
            let mut state = vring.get_mut();
            // A ring that cannot be written is the driver's own doing.
            let used = state.add_used(head, written);
            if used.is_ok() && state.needs_notification().unwrap_or(true) {
                let _ = state.signal_used_queue();
            }
        }
    }

    fn events(&self) -> MutexGuard<'_, Events> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the buffers that the event queue has.
    fn collect(&self, vring: &Vring) {
        let memory = self.memory.memory();
        let mut events = self.events();
        events.queue = Some(vring.clone());
        loop {
            let chain = vring
                .get_mut()
                .get_queue_mut()
                .pop_descriptor_chain(memory.clone());
            let Some(chain) = chain else { break };
            let mut request = Vec::new();
            // What cannot be read, or is too long, is nobody's.
            if let Ok(reader) = chain.clone().reader(&*memory) {
                let _ = reader.take(LIMIT as u64).read_to_end(&mut request);
            }
            match self.device.lend(&request) {
                Some(buffer) => events.buffers.push((buffer, chain)),
                None => events.give_back(chain, &memory, 0),
            }
        }
        drop(events);
        // Nobody may want to be told.
        self.tell();
    }

    /// Tells all that there is to be told. Does not wait.
    fn tell(&self) {
        if D::QUEUES < 2 {
            return;
        }
        let memory = self.memory.memory();
        let mut events = self.events();
        while let Some((buffer, byte)) = self.device.event() {
            while let Some(at) = events
                .buffers
                .iter()
                .position(|(whose, _)| *whose == buffer)
            {
                let (_, chain) = events.buffers.swap_remove(at);
                events.give_back(chain, &memory, byte);
            }
        }
    }

    /// Gives back all buffers, with nothing to tell.
    fn give_up(&self) {
        let memory = self.memory.memory();
        let mut events = self.events();
        for (_, chain) in std::mem::take(&mut events.buffers) {
            events.give_back(chain, &memory, 0);
        }
        events.queue = None;
        self.device.forget_buffers();
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
        let bits = [VIRTIO_F_VERSION_1, VIRTIO_RING_F_EVENT_IDX];
        let own: u64 = bits.iter().map(|bit| 1 << bit).sum();
        own | self.device.features() | VhostUserVirtioFeatures::PROTOCOL_FEATURES.bits()
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

    fn stop_vring(&self, queue: u32) -> io::Result<()> {
        self.bench.stop(self.plug);
        if queue == 1 {
            self.give_up();
        }
        Ok(())
    }

    fn handle_event(&self, event: u16, _: EventSet, vrings: &[Vring], _: usize) -> io::Result<()> {
        if event == Self::HANGUP {
            // The one way to end the framework's thread that leaks nothing.
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let Some(vring) = vrings.get(usize::from(event)).filter(|_| event < 2) else {
            return Ok(());
        };
        let drain = || {
            if event == 0 {
                return self.drain(vring);
            }
            self.collect(vring);
            true
        };
        if !self.event_idx.load(Ordering::Relaxed) {
            drain();
            return Ok(());
        }
        loop {
            let _ = vring.disable_notification();
            let more = drain();
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
        events: Mutex::default(),
    });
    let teller = backend.clone();
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
        let tell = move || {
            while teller.device.await_event(plug) {
                teller.tell();
            }
        };
        let teller = thread::Builder::new().name("events".into()).spawn(tell)?;
        // However it ended: the other side is gone.
        let _ = daemon.wait();
        bench.unplug(plug);
        let _ = teller.join();
    }
    hangup.write(1)?;
    drop(daemon);
    started
}

#[cfg(test)]
mod tests;
