// SPDX-License-Identifier: GPL-2.0

//! Memory that is contiguous to the CPU, and in pieces of the linear mapping to a controller.
//!
//! C headers: [`include/linux/vmalloc.h`](srctree/include/linux/vmalloc.h),
//! [`include/linux/highmem.h`](srctree/include/linux/highmem.h)

use super::Message;
use crate::bindings;
use core::{ops::Range, ptr::NonNull};
use kernel::prelude::*;

// Pages of vmalloc() may be such without a linear mapping where there are any.
#[cfg(CONFIG_HIGHMEM)]
type Memory = KVec<u8>;
#[cfg(not(CONFIG_HIGHMEM))]
type Memory = VVec<u8>;

/// A buffer that may be large, since it needs not be contiguous.
///
/// # Invariants
///
/// `pieces` are the linear addresses of all of `memory`, in order.
pub struct Paged {
    memory: Memory,
    pieces: KVec<Piece>,
}

/// # Invariants
///
/// `len` bytes are at `linear`, which the memory has as long as it is there.
struct Piece {
    linear: NonNull<u8>,
    len: usize,
}

// SAFETY: An address, of memory that is `Send`.
unsafe impl Send for Piece {}

// SAFETY: as above.
unsafe impl Sync for Piece {}

impl Paged {
    /// Allocates `size` bytes of zeroes.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub fn new(size: usize) -> Result<Self> {
        let memory = Memory::from_elem(0, size, GFP_KERNEL)?;
        let mut pieces: KVec<Piece> = KVec::new();
        let mut at = 0;
        while at < size {
            let (linear, len) = linear_address(&memory[at..]).ok_or(ENOMEM)?;
            let last = pieces
                .last_mut()
                .filter(|last| last.linear.as_ptr().wrapping_add(last.len) == linear.as_ptr());
            // INVARIANT: What is added to a piece follows it in the linear mapping as well.
            match last {
                Some(last) => last.len += len,
                None => pieces.push(Piece { linear, len }, GFP_KERNEL)?,
            }
            at += len;
        }
        Ok(Self { memory, pieces })
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.memory
    }

    /// The bytes, to be filled.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.memory
    }
}

impl<'m> Message<'m> {
    /// Adds a part of a paged buffer, in bytes.
    ///
    /// # Errors
    ///
    /// `EINVAL` when the buffer is shorter; `ENOMEM`.
    pub fn push_paged(&mut self, paged: &'m Paged, part: Range<usize>) -> Result {
        let bytes = paged.memory.get(part.clone()).ok_or(EINVAL)?;
        // SAFETY: It is the address of so many bytes.
        unsafe {
            bindings::tinydrm_flush_kernel_vmap_range(
                bytes.as_ptr().cast_mut().cast(),
                bytes.len().try_into()?,
            )
        };
        if self.takes_vmalloc() {
            // SAFETY: The memory is borrowed for `'m`.
            return unsafe { self.push_raw(NonNull::from(bytes).cast(), bytes.len()) };
        }
        let mut at = 0;
        for piece in &paged.pieces {
            let (start, end) = (part.start.max(at), part.end.min(at + piece.len));
            if start < end {
                // SAFETY: By the type invariant so much of the piece is there, borrowed for `'m`.
                unsafe { self.push_raw(piece.linear.add(start - at), end - start)? };
            }
            at += piece.len;
        }
        Ok(())
    }
}

/// The linear address of what `memory` begins with, and how much of it is there at least.
#[cfg(CONFIG_HIGHMEM)]
fn linear_address(memory: &[u8]) -> Option<(NonNull<u8>, usize)> {
    Some((NonNull::from(memory).cast(), memory.len()))
}

/// The linear address of what `memory` begins with, and how much of it is there at least.
#[cfg(not(CONFIG_HIGHMEM))]
fn linear_address(memory: &[u8]) -> Option<(NonNull<u8>, usize)> {
    use kernel::page::PAGE_SIZE;

    let start = memory.as_ptr();
    // SAFETY: This is memory of vmalloc(), which has pages.
    let linear = unsafe { bindings::tinydrm_vmalloc_to_linear(start.cast()) };
    let len = memory.len().min(PAGE_SIZE - start.addr() % PAGE_SIZE);
    NonNull::new(linear.cast()).map(|linear| (linear, len))
}
