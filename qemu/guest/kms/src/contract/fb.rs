// SPDX-License-Identifier: GPL-2.0

//! A frame buffer device that is open and mapped while its device goes.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::{Context, Result};

use super::memory::Memory;
use super::{converse, unknown, verdict};
use crate::sys::{FbInfo, Mapping, fb_blank, fb_info};

const FBIOGET_VSCREENINFO: u32 = 0x4600;
const FBIOPUT_VSCREENINFO: u32 = 0x4601;
const FBIOGET_FSCREENINFO: u32 = 0x4602;
const FBIOPAN_DISPLAY: u32 = 0x4606;

type Try = fn(&File) -> io::Result<()>;

/// What a client might still call, in an order in which it succeeds.
const TRIES: &[(&str, Try)] = &[
    ("get fix", |file| length(file).map(drop)),
    ("get var", |file| var(file).map(drop)),
    ("put var", |file| {
        // A device that is gone would not get to see it.
        let mut info = var(file).unwrap_or_default();
        fb_info::<FBIOPUT_VSCREENINFO>(file, &mut info)
    }),
    ("pan", |file| {
        let mut info = var(file).unwrap_or_default();
        fb_info::<FBIOPAN_DISPLAY>(file, &mut info)
    }),
    ("blank", |file| fb_blank(file, 1)),
    ("unblank", |file| fb_blank(file, 0)),
    ("write()", |file| file.write_all_at(&[0x5a; 8192], 0)),
    ("read()", |file| file.read_exact_at(&mut [0; 8192], 0)),
    ("mmap()", |file| {
        Mapping::new(file, 0, crate::sys::PAGE).map(drop)
    }),
];

/// What these are called.
pub fn names() -> impl Iterator<Item = &'static str> {
    TRIES.iter().map(|&(name, _)| name)
}

/// Answers an ioctl's name with how it went, and what [`Memory`] does; and lets go of the
/// device ("close") and of the mappings ("unmap").
pub fn keep(node: &Path) -> Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(node);
    let file = file.with_context(|| format!("{}", node.display()))?;
    let length = length(&file).context("its length")?;
    let memory = Memory::new(|| Mapping::new(&file, 0, length)).context("mapping it")?;
    let (mut file, mut memory) = (Some(file), Some(memory));
    converse(|request| {
        match request {
            "close" => file = None,
            "unmap" => memory = None,
            _ => {
                if let Some((_, attempt)) = TRIES.iter().find(|(name, _)| *name == request) {
                    return Ok(verdict(attempt(file.as_ref().context("it is closed")?)));
                }
                let memory = memory.as_ref().context("nothing is mapped")?;
                return match memory.answer(request) {
                    Some(answer) => Ok(answer),
                    None => unknown(request),
                };
            }
        }
        Ok("ok".into())
    })
}

fn var(file: &File) -> io::Result<FbInfo> {
    let mut info = FbInfo::default();
    fb_info::<FBIOGET_VSCREENINFO>(file, &mut info)?;
    Ok(info)
}

/// The length of the frame buffer's memory: `smem_len`, the u32 at byte 24.
fn length(file: &File) -> io::Result<usize> {
    let mut info = FbInfo::default();
    fb_info::<FBIOGET_FSCREENINFO>(file, &mut info)?;
    Ok((info[3] & 0xffff_ffff) as usize)
}
