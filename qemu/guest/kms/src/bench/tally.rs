// SPDX-License-Identifier: GPL-2.0

//! What the guest's tally has counted and kept (qemu/guest/modules/tally), and the panel
//! that it would have been shown on.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tinydrm_panel::bus::{Line, Mode, Time, Transfer, Word};
use tinydrm_panel::controller::{self, Controller};
use tinydrm_panel::picture::Picture;

use super::three_wire::ThreeWire;

const DIRECTORY: &str = "/sys/kernel/debug/tinydrm_tally";

/// An entry of the log without its bytes.
const HEAD: usize = 24;
/// Chip select is released after the transfer.
const DESELECTS: u8 = 1;
/// It was sent from memory whose pages may be anywhere.
const SCATTERED: u8 = 2;

/// How often things have happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// SPI messages.
    pub messages: u64,
    /// The bytes of their transfers.
    pub bytes: u64,
    /// What the processor's clock counted in the tally.
    pub own: u64,
}

/// The tally, and a panel that sees what comes over its wires.
pub struct Tally {
    panel: Box<dyn Controller>,
    /// What comes where there is no D/C line.
    three_wire: Option<ThreeWire>,
    /// The contiguous memory that was sent from, by address.
    buffers: HashMap<u64, u64>,
}

impl Tally {
    /// The tally of this guest, with a panel of that name. That has four wires: what comes over
    /// three it is shown as if there were another.
    pub fn new(name: &str, three_wire: bool) -> Result<Self> {
        let panel = controller::by_name(name, Time::ZERO).context("no such panel")?;
        Ok(Self {
            panel,
            three_wire: three_wire.then(ThreeWire::default),
            buffers: HashMap::new(),
        })
    }

    /// Reads the counters.
    pub fn counts(&self) -> Result<Counts> {
        let text = std::fs::read_to_string(format!("{DIRECTORY}/counts"))?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|number| number.trim().parse().ok())
                .with_context(|| format!("the tally does not count {name}"))
        };
        let lost: u64 = field("lost ")?;
        if lost > 0 {
            bail!("the tally has lost {lost} entries of its log");
        }
        Ok(Counts {
            messages: field("messages ")?,
            bytes: field("bytes ")?,
            own: field("own ")?,
        })
    }

    /// Forgets which buffers were sent from.
    pub fn forget_buffers(&mut self) {
        self.buffers.clear();
    }

    /// The bytes of contiguous memory that were sent from, and those of the longest transfer.
    pub fn buffers(&self) -> (u64, u64) {
        let mut ranges: Vec<(u64, u64)> =
            self.buffers.iter().map(|(&at, &len)| (at, len)).collect();
        ranges.sort_unstable();
        let (mut sum, mut end) = (0, 0);
        for &(at, len) in &ranges {
            sum += (at + len).saturating_sub(end.max(at));
            end = end.max(at + len);
        }
        (sum, ranges.iter().map(|&(_, len)| len).max().unwrap_or(0))
    }

    /// What the panel has in its memory, and complains of, now that all has come.
    pub fn picture(&mut self) -> Result<(Picture, Vec<String>)> {
        self.read_log()?;
        let complaints = self.panel.complaints().kept().to_vec();
        Ok((self.panel.glass(), complaints))
    }

    /// Shows the panel what has come since the last time.
    pub fn read_log(&mut self) -> Result<()> {
        let mut log = Vec::new();
        let mut file = File::open(format!("{DIRECTORY}/log"))?;
        let mut chunk = vec![0; 1 << 20];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(len) => log.extend_from_slice(&chunk[..len]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e).context("the tally's log"),
            }
        }
        let mut rest = &log[..];
        while let Some((head, bytes)) = rest.split_first_chunk::<HEAD>() {
            let number = |at: usize| u64::from_ne_bytes(std::array::from_fn(|i| head[at + i]));
            let len = u32::from_ne_bytes(std::array::from_fn(|i| head[16 + i])) as usize;
            let (bytes, next) = bytes.split_at_checked(len).context("half an entry")?;
            let [what, a, b, c] = std::array::from_fn(|i| head[20 + i]);
            self.entry(
                Duration::from_nanos(number(0)),
                number(8),
                [what, a, b, c],
                bytes,
            )?;
            rest = next;
        }
        Ok(())
    }

    fn entry(&mut self, now: Time, address: u64, what: [u8; 4], bytes: &[u8]) -> Result<()> {
        match what {
            [b'l', line, level, _] => {
                let line = *Line::ALL.get(usize::from(line)).context("no such line")?;
                self.panel.line(line, level != 0, now);
            }
            [b't', bits, mode, flags] => {
                let [deselects, scattered] = [DESELECTS, SCATTERED].map(|flag| flags & flag != 0);
                if !scattered {
                    let length = self.buffers.entry(address).or_default();
                    *length = (*length).max(bytes.len() as u64);
                }
                let word = Word::from_bits(bits).context("no such words")?;
                if let Some(line) = &mut self.three_wire {
                    for (dc, run) in line.runs(word, bytes, deselects) {
                        self.panel.line(Line::Dc, dc, now);
                        self.panel.transfer(&Transfer::bytes(&run), &mut [], now);
                    }
                    return Ok(());
                }
                let transfer = Transfer {
                    word,
                    mode: Mode::new(mode.into()),
                    deselects,
                    ..Transfer::bytes(bytes)
                };
                self.panel.transfer(&transfer, &mut [], now);
            }
            _ => bail!("the tally's log has an entry {what:?}"),
        }
        Ok(())
    }
}
