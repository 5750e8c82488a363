// SPDX-License-Identifier: GPL-2.0

//! What takes the time that it takes: frames on a wire with a clock.

use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::pattern::{self, Format, Rect};
use crate::screen::{Buffer, Screen};

/// Shows a picture and says "drawn", then does what each line of standard input says, and tells
/// in a line how it went, and what the panel is to hold by its CRC.
pub fn wire(screen: &Screen) -> Result<()> {
    let mut buffers = [
        screen.buffer(Format::Xrgb8888)?,
        screen.buffer(Format::Xrgb8888)?,
    ];
    for (buffer, seed) in buffers.iter_mut().zip(1..) {
        fill(screen, buffer, seed, buffer.rect())?;
    }
    screen.show(&buffers[0]).context("setting the mode")?;
    crate::say("drawn")?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let number = |text: &str| text.parse().with_context(|| line.clone());
        let mut answer = match *line.split_whitespace().collect::<Vec<_>>() {
            ["flip", frames] => flip(screen, &buffers, number(frames)?)?,
            ["burst", rects] => burst(screen, &mut buffers[0], number(rects)?)?,
            _ => bail!("what is {line}?"),
        };
        let picture = pattern::crc_of(screen.pixels(&mut buffers[0])?);
        answer["crc"] = format!("{picture:08x}").into();
        crate::say(&answer.to_string())?;
    }
    Ok(())
}

/// Fills a rectangle of a buffer.
fn fill(screen: &Screen, buffer: &mut Buffer, seed: u32, rect: Rect) -> io::Result<()> {
    screen.fill_rect(buffer, rect, |x, y| Some(pattern::noise(seed, x, y)))
}

/// Shows the two buffers in turn, of which every pixel differs, as fast as it is let. Ends
/// with the first one.
fn flip(screen: &Screen, buffers: &[Buffer; 2], frames: u32) -> Result<Value> {
    let mut took: Vec<Duration> = Vec::new();
    let began = Instant::now();
    for frame in 0..frames.next_multiple_of(2) {
        let asked = Instant::now();
        screen.flip(&buffers[((frame + 1) % 2) as usize])?;
        took.push(asked.elapsed());
    }
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let one_in_twenty = took[took.len() - 1 - took.len() / 20];
    Ok(json!({
        "frames": took.len(),
        "fps": took.len() as f64 / seconds,
        "latency_us": one_in_twenty.as_micros() as u64,
    }))
}

/// Changes one small square after another, far more of them than the wire can take, and tells
/// what the picture is in the end.
fn burst(screen: &Screen, buffer: &mut Buffer, rects: u32) -> Result<Value> {
    let (width, height) = buffer.size();
    screen.show(buffer)?;
    for number in 0..rects {
        let (x, y) = (number * 37 % (width - 16), number * 101 % (height - 16));
        let rect = Rect::sized(x as u16, y as u16, 16, 16);
        fill(screen, buffer, number, rect)?;
        screen.dirty(buffer, &[rect])?;
    }
    Ok(json!({ "rects": rects }))
}
