// SPDX-License-Identifier: GPL-2.0

//! Two buffers of a frame's size: one is filled while the controller sends the other.

use super::Paged;
use core::{cell::UnsafeCell, mem};
use kernel::{prelude::*, sync::Arc};

/// Makes two buffers of `size` bytes of zeroes.
///
/// # Errors
///
/// `ENOMEM`.
pub fn pair(size: usize) -> Result<(Back, Front)> {
    let buffers = Arc::new(
        Buffers([
            UnsafeCell::new(Paged::new(size)?),
            UnsafeCell::new(Paged::new(size)?),
        ]),
        GFP_KERNEL,
    )?;
    // INVARIANT: One of each, with different sides.
    Ok((
        Back {
            buffers: buffers.clone(),
            side: Side(0),
        },
        Front {
            buffers,
            side: Side(1),
        },
    ))
}

/// One of the two buffers, whichever end it is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side(usize);

/// The buffers of a [`pair`].
///
/// # Invariants
///
/// There is one [`Back`] and one [`Front`], of different sides. That of the `Back` is accessed through
/// it alone; that of the `Front` is not written to.
struct Buffers([UnsafeCell<Paged>; 2]);

// SAFETY: By the type invariant nobody reads what somebody else may write.
unsafe impl Send for Buffers {}

// SAFETY: as above.
unsafe impl Sync for Buffers {}

/// The end at which a frame is made.
///
/// # Invariants
///
/// See [`Buffers`].
pub struct Back {
    buffers: Arc<Buffers>,
    side: Side,
}

/// The end at which a frame is sent.
///
/// # Invariants
///
/// See [`Buffers`].
pub struct Front {
    buffers: Arc<Buffers>,
    side: Side,
}

impl Back {
    /// Which of the two is at this end.
    pub fn side(&self) -> Side {
        self.side
    }

    /// The frame that is being sent, or was last, and the one that is being made.
    pub fn frames(&mut self) -> (&[u8], &mut [u8]) {
        let Side(own) = self.side;
        // SAFETY: By the type invariant the other side is the front's, which nobody writes to; and it
        // stays so while `self` is borrowed, as `swap` needs it.
        let front = unsafe { &*self.buffers.0[1 - own].get() };
        // SAFETY: By the type invariant this side is accessed through `self` alone.
        let back = unsafe { &mut *self.buffers.0[own].get() };
        (front.as_slice(), back.as_mut_slice())
    }

    /// Exchanges the buffers, if `front` is the other end of this pair.
    pub fn swap(&mut self, front: &mut Front) {
        if Arc::ptr_eq(&self.buffers, &front.buffers) {
            // INVARIANT: Both ends are borrowed, so nobody is in either buffer.
            mem::swap(&mut self.side, &mut front.side);
        }
    }
}

impl Front {
    /// The frame.
    pub fn frame(&self) -> &Paged {
        let Side(own) = self.side;
        // SAFETY: By the type invariant this side is not written to, and it stays this one while
        // `self` is borrowed.
        unsafe { &*self.buffers.0[own].get() }
    }
}
