// SPDX-License-Identifier: GPL-2.0

//! What can be counted: instructions, messages, bytes.
//!
//! The guest's clock counts instructions (QEMU's `-icount shift=0`), so the time of an ioctl
//! is its cost. A driver may leave work to others. This program is to be run when nobody
//! else wants to (`chrt --idle`), on one processor: so it gets back to its clock when all
//! is done that the ioctl has set in motion.

use std::io;
use std::ops::Add;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::tally::{Counts, Tally};
use crate::pattern::{Format, Pattern, Rect};
use crate::screen::{Buffer, Screen};
use crate::sys;

/// How often each thing is done.
const TIMES: u32 = 8;
/// How long nothing has to come over the wires for them to be at rest.
const REST: Duration = Duration::from_millis(50);

/// What something has cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    instructions: u64,
    messages: u64,
    bytes: u64,
}

impl Cost {
    fn since(before: Counts, after: Counts, clock: u64) -> Self {
        Self {
            instructions: clock - (after.own - before.own),
            messages: after.messages - before.messages,
            bytes: after.bytes - before.bytes,
        }
    }

    /// That of the cheaper time.
    fn min(self, other: Self) -> Self {
        if other.instructions < self.instructions {
            other
        } else {
            self
        }
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            instructions: self.instructions + other.instructions,
            messages: self.messages + other.messages,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// A screen, and what comes out of its driver.
struct Rig<'a> {
    screen: &'a Screen,
    tally: Tally,
}

/// Does the cases of these names, or all.
pub fn count(screen: &Screen, driver: &str, three_wire: bool, names: &[String]) -> Result<()> {
    let cases = CASES.map(|(name, _)| name);
    if let Some(unknown) = names.iter().find(|name| !cases.contains(&name.as_str())) {
        bail!(
            "no case is called {unknown}: there are {}",
            cases.join(", ")
        );
    }
    let mut rig = Rig {
        screen,
        tally: Tally::new("yx240qv29", three_wire)?,
    };
    let prefix = if three_wire { "threewire-" } else { "" };
    for (name, case) in CASES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            let result = case(&mut rig).with_context(|| format!("{name} of {driver}"));
            let mut result = result.unwrap_or_else(|e| json!({ "error": format!("{e:#}") }));
            result["driver"] = driver.into();
            result["case"] = format!("{prefix}{name}").into();
            crate::say(&result.to_string())?;
        }
    }
    Ok(())
}

type Case = fn(&mut Rig<'_>) -> Result<serde_json::Value>;

const CASES: [(&str, Case); 11] = [
    ("full-xrgb", |rig| rig.full(Format::Xrgb8888)),
    ("full-rgb565", |rig| rig.full(Format::Rgb565)),
    ("small-xrgb", |rig| rig.parts(&SMALL)),
    ("far-rects", |rig| rig.parts(&FAR)),
    ("trace-terminal", |rig| rig.trace("terminal")),
    ("trace-cursor", |rig| rig.trace("cursor")),
    ("trace-progress", |rig| rig.trace("progress")),
    ("trace-scroll", |rig| rig.trace("scroll")),
    ("flip-all", |rig| rig.flip(Difference::All)),
    ("flip-1pct", |rig| rig.flip(Difference::Percent)),
    ("flip-same", |rig| rig.flip(Difference::Nothing)),
];

/// 8x8 somewhere in the middle.
const SMALL: [Rect; 1] = [Rect::sized(100, 100, 8, 8)];
/// Two of them in opposite corners.
const FAR: [Rect; 2] = [Rect::sized(0, 0, 8, 8), Rect::sized(232, 312, 8, 8)];
/// One pixel of a hundred, 768 of 76,800, in three squares.
const PERCENT: [Rect; 3] = [
    Rect::sized(13, 21, 16, 16),
    Rect::sized(150, 90, 16, 16),
    Rect::sized(77, 265, 16, 16),
];

/// How a picture differs from that before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Difference {
    All,
    Percent,
    Nothing,
}

impl Rig<'_> {
    /// The whole screen is drawn anew.
    fn full(&mut self, format: Format) -> Result<serde_json::Value> {
        let mut buffer = self.shown(format)?;
        self.tally.read_log()?;
        self.tally.forget_buffers();
        let mut least: Option<Cost> = None;
        for seed in 1..=TIMES {
            self.fill(&mut buffer, seed, &[])?;
            let cost = self.cost(|screen| screen.dirty(&buffer, &[]))?;
            least = Some(least.map_or(cost, |least| least.min(cost)));
        }
        let mut result = self.result(&mut buffer, least)?;
        let (memory, largest) = self.tally.buffers();
        result["memory"] = memory.into();
        result["largest"] = largest.into();
        Ok(result)
    }

    /// Parts of the screen are drawn anew.
    fn parts(&mut self, parts: &[Rect]) -> Result<serde_json::Value> {
        let mut buffer = self.shown(Format::Xrgb8888)?;
        let mut least: Option<Cost> = None;
        for seed in 1..=TIMES {
            self.fill(&mut buffer, seed, parts)?;
            let cost = self.cost(|screen| screen.dirty(&buffer, parts))?;
            least = Some(least.map_or(cost, |least| least.min(cost)));
        }
        self.result(&mut buffer, least)
    }

    /// What a program draws is drawn; all steps are told as one.
    fn trace(&mut self, name: &str) -> Result<serde_json::Value> {
        let trace = tinydrm_traces::by_name(name).context("no such trace")?;
        let mut buffer = self.shown(Format::Xrgb8888)?;
        let mut least: Option<Cost> = None;
        for seed in 1..=3 {
            let mut sum = Cost::default();
            for (step, seed) in trace.0.iter().zip(1000 * seed..) {
                self.fill(&mut buffer, seed, step)?;
                sum = sum + self.cost(|screen| screen.dirty(&buffer, step))?;
            }
            least = Some(least.map_or(sum, |least| least.min(sum)));
        }
        self.result(&mut buffer, least)
    }

    /// Two buffers are shown in turn, without a word of what differs.
    fn flip(&mut self, difference: Difference) -> Result<serde_json::Value> {
        let mut buffers = [
            self.shown(Format::Xrgb8888)?,
            self.screen.buffer(Format::Xrgb8888)?,
        ];
        self.fill(&mut buffers[1], 0, &[])?;
        let mut least: Option<Cost> = None;
        for seed in 1..=TIMES {
            let next = (seed % 2) as usize;
            match difference {
                Difference::All => self.fill(&mut buffers[next], seed, &[])?,
                Difference::Percent => self.fill(&mut buffers[next], seed, &PERCENT)?,
                Difference::Nothing => {}
            }
            let cost = self.cost(|screen| screen.flip(&buffers[next]))?;
            least = Some(least.map_or(cost, |least| least.min(cost)));
        }
        self.result(&mut buffers[(TIMES % 2) as usize], least)
    }

    /// A buffer that the screen shows, with a picture that is drawn by nobody else: seed 0.
    fn shown(&mut self, format: Format) -> Result<Buffer> {
        let mut buffer = self.screen.buffer(format)?;
        self.fill(&mut buffer, 0, &[])?;
        self.screen.show(&buffer).context("setting the mode")?;
        self.rest()?;
        Ok(buffer)
    }

    /// Fills parts of a buffer, all of it without parts. So can nobody say of
    /// any pixel what it is from knowing another, or that before.
    fn fill(&self, buffer: &mut Buffer, seed: u32, parts: &[Rect]) -> io::Result<()> {
        let (width, height) = buffer.size();
        self.screen.fill(buffer, |x, y| {
            let drawn = parts.is_empty() || parts.iter().any(|part| part.contains(x, y));
            drawn.then(|| Pattern::Noise(seed).colour(x, y, width, height))
        })
    }

    /// What `act` costs.
    fn cost(&mut self, act: impl FnOnce(&Screen) -> io::Result<()>) -> Result<Cost> {
        self.tally.read_log()?;
        let before = self.tally.counts()?;
        let began = sys::clock();
        act(self.screen)?;
        let clock = sys::clock() - began;
        let after = self.tally.counts()?;
        if self.rest()?.messages != after.messages {
            bail!("the wires were not at rest when the program went on");
        }
        Ok(Cost::since(before, after, clock))
    }

    /// Waits until nothing comes over the wires any more.
    fn rest(&self) -> Result<Counts> {
        let mut before = self.tally.counts()?;
        loop {
            thread::sleep(REST);
            let now = self.tally.counts()?;
            if now.messages == before.messages {
                return Ok(now);
            }
            before = now;
        }
    }

    /// What a case tells, if the panel holds what the buffer does.
    fn result(&mut self, buffer: &mut Buffer, least: Option<Cost>) -> Result<serde_json::Value> {
        let least = least.context("nothing was measured")?;
        let (picture, complaints) = self.tally.picture()?;
        if let Some(complaint) = complaints.first() {
            bail!("the panel complains: {complaint}");
        }
        let (width, _) = buffer.size();
        let differs = |(at, pixel): (usize, u16)| {
            let (x, y) = (at % width as usize, at / width as usize);
            picture.pixel(x as u16, y as u16) != Some(pixel)
        };
        let pixels = self.screen.pixels(buffer)?;
        let wrong = pixels
            .into_iter()
            .enumerate()
            .filter(|&pair| differs(pair))
            .count();
        if wrong > 0 {
            bail!("the panel holds {wrong} pixels that the client's frame does not");
        }
        Ok(json!({
            "instructions": least.instructions,
            "messages": least.messages,
            "bytes": least.bytes,
        }))
    }
}
