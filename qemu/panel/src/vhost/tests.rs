// SPDX-License-Identifier: GPL-2.0

//! A driver that puts hostile descriptors on the queue, and a host that comes
//! and goes.

use std::os::unix::net::UnixStream;

use proptest::prelude::*;
use virtio_bindings::virtio_ring::{VRING_DESC_F_INDIRECT, VRING_DESC_F_NEXT, VRING_DESC_F_WRITE};
use vm_memory::{Bytes, GuestAddress};

use super::gpio::Gpio;
use super::spi::{HEAD, Spi};
use super::*;
use crate::bench::Until;
use crate::bus::Time;
use crate::controller::by_name;
use crate::fault::{Fault, Mode};

const SIZE: u16 = 16;
const TABLE: u64 = 0x1000;
const AVAIL: u64 = 0x2000;
const USED: u64 = 0x3000;
const DATA: u64 = 0x4000;
const END: u64 = 0x1_0000;

/// Address, length, flags, next.
type Descriptor = (u64, u32, u16, u16);

/// A guest's memory with a table of these descriptors.
fn guest(descriptors: &[Descriptor]) -> GuestMemoryMmap {
    let guest = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), END as usize)]).unwrap();
    for (i, (address, length, flags, next)) in descriptors.iter().enumerate() {
        let at = TABLE + 16 * i as u64;
        guest.write_obj(*address, GuestAddress(at)).unwrap();
        guest.write_obj(*length, GuestAddress(at + 8)).unwrap();
        guest.write_obj(*flags, GuestAddress(at + 12)).unwrap();
        guest.write_obj(*next, GuestAddress(at + 14)).unwrap();
    }
    guest
}

/// The queue that is there.
fn queue(guest: &GuestMemoryMmap) -> (Memory, Vring) {
    let memory = Memory::new(guest.clone());
    let vring = Vring::new(memory.clone(), 1024).unwrap();
    vring.set_queue_size(SIZE);
    vring.set_queue_info(TABLE, AVAIL, USED).unwrap();
    vring.set_queue_ready(true);
    (memory, vring)
}

/// Serves one request whose chain starts with the first of `descriptors`;
/// returns how many bytes were written, if it was answered, and the memory.
fn serve(descriptors: &[Descriptor], fill: &[u8]) -> (Option<u32>, GuestMemoryMmap) {
    let guest = guest(descriptors);
    guest.write_slice(fill, GuestAddress(DATA)).unwrap();
    // One request, the chain of descriptor 0.
    guest.write_obj(1_u16, GuestAddress(AVAIL + 2)).unwrap();

    let (memory, vring) = queue(&guest);

    let bench = Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), false);
    let plug = bench.issue(Wire::Spi);
    let device = Spi::new(&bench);
    let backend = Backend {
        device,
        bench,
        plug,
        memory,
        event_idx: AtomicBool::new(false),
        events: Mutex::default(),
    };
    assert!(backend.drain(&vring));

    let used: u16 = guest.read_obj(GuestAddress(USED + 2)).unwrap();
    let written = guest.read_obj(GuestAddress(USED + 8)).unwrap();
    ((used == 1).then_some(written), guest)
}

fn head() -> Vec<u8> {
    let mut head = vec![0, 8, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    head.extend(1_000_000_u32.to_le_bytes());
    head.resize(HEAD, 0);
    head
}

const NEXT: u16 = VRING_DESC_F_NEXT as u16;
const WRITE: u16 = VRING_DESC_F_WRITE as u16;

#[test]
fn a_request_is_served() {
    let mut bytes = head();
    bytes.push(0x00);
    let chain = [
        (DATA, 32, NEXT, 1),
        (DATA + 32, 1, NEXT, 2),
        (DATA + 0x100, 1, NEXT | WRITE, 3),
        (DATA + 0x200, 1, WRITE, 0),
    ];
    let (written, memory) = serve(&chain, &bytes);
    assert_eq!(written, Some(2));
    let result: u8 = memory.read_obj(GuestAddress(DATA + 0x200)).unwrap();
    assert_eq!(result, 0);
}

#[test]
fn lengths_are_not_believed() {
    let result = |chain: &[Descriptor]| {
        let (written, memory) = serve(chain, &head());
        let last: u8 = memory.read_obj(GuestAddress(DATA + 0x200)).unwrap();
        (written, last)
    };
    // A header that is too short.
    assert_eq!(
        result(&[(DATA, 31, NEXT, 1), (DATA + 0x200, 1, WRITE, 0)]),
        (Some(1), 1)
    );
    // Data beyond the memory: nothing of the chain is touched.
    assert_eq!(
        result(&[(DATA, u32::MAX, NEXT, 1), (DATA + 0x200, 1, WRITE, 0)]),
        (Some(0), 0)
    );
    assert_eq!(
        result(&[(u64::MAX - 8, 32, NEXT, 1), (DATA, 1, WRITE, 0)]).0,
        Some(0)
    );
    // No room for the result, or for nothing but it.
    assert_eq!(result(&[(DATA, 32, 0, 0)]), (Some(0), 0));
    assert_eq!(result(&[(DATA + 0x200, 1, WRITE, 0)]), (Some(1), 1));
    // Chains that do not end.
    assert!(result(&[(DATA, 32, NEXT, 0)]).0.is_some());
    assert!(result(&[(DATA, 32, NEXT, 99)]).0.is_some());
    // An indirect table that is none.
    assert!(
        result(&[(DATA, 7, VRING_DESC_F_INDIRECT as u16, 0)])
            .0
            .is_some()
    );
}

/// A buffer of the event queue is lent for as long as somebody listens, and then given back.
#[test]
fn an_event_buffer_comes_back() {
    let guest = guest(&[(DATA, 2, NEXT, 1), (DATA + 2, 1, WRITE, 0)]);
    // The line TE.
    guest.write_obj(3_u16, GuestAddress(DATA)).unwrap();
    guest.write_obj(0xff_u8, GuestAddress(DATA + 2)).unwrap();
    let (memory, vring) = queue(&guest);
    let bench = Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), false);
    let backend = Backend {
        device: Gpio::new(&bench),
        plug: bench.issue(Wire::Gpio),
        bench: bench.clone(),
        memory,
        event_idx: AtomicBool::new(false),
        events: Mutex::default(),
    };
    let back = |used: u16| {
        let now: u16 = guest.read_obj(GuestAddress(USED + 2)).unwrap();
        let status: u8 = guest.read_obj(GuestAddress(DATA + 2)).unwrap();
        assert_eq!((now, status), (used, if used == 0 { 0xff } else { 0 }));
    };
    let offer = |number: u16| {
        let entry = AVAIL + 4 + 2 * u64::from(number - 1);
        guest.write_obj(0_u16, GuestAddress(entry)).unwrap();
        guest.write_obj(number, GuestAddress(AVAIL + 2)).unwrap();
        backend.collect(&vring);
    };
    let edges = crate::bus::Edges {
        rising: true,
        falling: false,
    };
    bench.set_edges(crate::bus::Line::Te, Some(edges));
    offer(1);
    back(0);
    backend.tell();
    back(0);
    bench.set_edges(crate::bus::Line::Te, None);
    backend.tell();
    back(1);
    // At once, where nobody listens; and when the queue is stopped.
    offer(2);
    back(2);
    bench.set_edges(crate::bus::Line::Te, Some(edges));
    offer(3);
    back(2);
    backend.stop_vring(1).unwrap();
    back(3);
}

#[test]
fn connections_come_and_go() {
    const LONG: Duration = Duration::from_secs(20);
    let bench = Bench::new(by_name("yx240qv29", Time::ZERO).unwrap(), false);
    let path = |wire: &str| {
        std::env::temp_dir().join(format!("tinydrm-panel-{}-{wire}", std::process::id()))
    };
    let paths = [path("spi"), path("gpio")];
    listen(&paths[0], Spi::new(&bench), &bench).unwrap();
    listen(&paths[1], Gpio::new(&bench), &bench).unwrap();
    for round in 0..20 {
        let streams = paths
            .each_ref()
            .map(|path| UnixStream::connect(path).unwrap());
        assert!(bench.wait(Until::Connected(true), LONG), "{round}");
        if round % 2 == 0 {
            drop(streams);
        } else {
            bench.set_fault(Fault {
                mode: Mode::Vanish,
                ..Fault::default()
            });
            for mut stream in streams {
                assert_eq!(stream.read(&mut [0]).unwrap(), 0);
            }
        }
        assert!(bench.wait(Until::Connected(false), LONG), "{round}");
    }
    for path in paths {
        std::fs::remove_file(path).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(
        chain in prop::collection::vec(
            (
                prop_oneof![DATA..END, any::<u64>()],
                prop_oneof![0..64_u32, any::<u32>()],
                0..8_u16,
                0..20_u16,
            ),
            1..usize::from(SIZE),
        ),
        fill in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        serve(&chain, &fill);
    }
}
