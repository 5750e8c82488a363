// SPDX-License-Identifier: GPL-2.0

//! Small KMS clients for the guest's tests: each draws what a test expects to
//! see on the panel, says by which CRC it would know it, or holds on to a card whose
//! device goes.

mod bench;
mod contract;
mod fault;
mod pattern;
mod screen;
mod sys;

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use bench::Bench;
use contract::Contract;
use fault::Call;
use pattern::{Format, Pattern, Rect};
use screen::{Buffer, Card, Screen};

/// What "the panel does not answer" is to a program.
const EIO: i32 = 5;
/// How long it is left alone then.
const LOST_PAUSE: Duration = Duration::from_millis(10);
/// What "the device is gone" is to a program.
const ENODEV: i32 = 19;

/// Draws on a small screen.
#[derive(Parser)]
struct Arguments {
    /// The card's node (the panel's, if not given)
    #[arg(long, global = true, value_name = "PATH")]
    card: Option<PathBuf>,
    /// How the buffer holds its pixels
    #[arg(long, global = true, value_enum, default_value = "xrgb8888")]
    format: Format,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set the mode and show a pattern; says "drawn"
    Draw {
        /// What to draw
        pattern: Pattern,
        /// Keep it until the end of standard input; each line there is a pattern to
        /// draw next, "off" turns the screen off; "gone" is said when the device is,
        /// "lost" while the panel does not answer
        #[arg(long)]
        hold: bool,
        /// Draw into a buffer larger by 64 each way, and show it from X,Y on
        #[arg(long, value_name = "X,Y")]
        pan: Option<Point>,
    },
    /// Show a pattern, then change parts of it and tell the driver only of these
    Rects {
        /// What to draw first
        pattern: Pattern,
        /// What the parts are taken from
        over: Pattern,
        /// The parts, as X1,Y1,X2,Y2
        #[arg(required = true)]
        parts: Vec<Rect>,
        /// Keep it until the end of standard input
        #[arg(long)]
        hold: bool,
    },
    /// Print the CRC of the panel's memory that shows a pattern
    Crc {
        /// What is drawn
        pattern: Pattern,
        /// The screen's size, as WIDTHxHEIGHT
        size: Size,
        /// What parts are drawn over it
        #[arg(long, requires = "parts")]
        over: Option<Pattern>,
        /// These parts, as X1,Y1,X2,Y2
        #[arg(long, requires = "over", num_args = 1..)]
        parts: Vec<Rect>,
        /// What "draw --pan X,Y" shows
        #[arg(long, value_name = "X,Y")]
        pan: Option<Point>,
        /// As a panel with four greys shows it
        #[arg(long)]
        grey: bool,
    },
    /// Draw frame after frame; prints their number, and "gone" if the device went
    Animate {
        /// So many frames (for ever, if not given)
        #[arg(long)]
        frames: Option<u32>,
        /// For so many seconds, or "forever"
        #[arg(long = "for", default_value = "forever")]
        time: Time,
        /// Change one buffer in place rather than flip two
        #[arg(long)]
        dirty: bool,
        /// Flip two buffers (the default)
        #[arg(long, conflicts_with = "dirty")]
        flip: bool,
    },
    /// Be held to what DRM promises to a client whose device goes; says "drawn", then
    /// answers each line of standard input with one
    #[command(subcommand)]
    Contract(Contract),
    /// Measure what a driver's work costs; tells each case in a line of JSON
    #[command(subcommand)]
    Bench(Bench),
    /// Make a call of which the Nth allocation fails, for each N on standard input; says
    /// "drawn", then how each went
    #[command(subcommand)]
    Fault(Call),
    /// Only open the card; says "open"
    Open {
        /// Close it at a line on standard input, or its end
        #[arg(long)]
        hold: bool,
    },
}

/// A width and a height.
#[derive(Clone, Copy)]
struct Size(u32, u32);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (width, height) = text.split_once('x')?;
            Some(Self(width.parse().ok()?, height.parse().ok()?))
        };
        parse().ok_or_else(|| format!("{text}: a size is WIDTHxHEIGHT"))
    }
}

/// A place in a buffer.
#[derive(Clone, Copy)]
struct Point(u32, u32);

impl FromStr for Point {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (x, y) = text.split_once(',')?;
            Some(Self(x.parse().ok()?, y.parse().ok()?))
        };
        parse().ok_or_else(|| format!("{text}: a place is X,Y"))
    }
}

/// How much larger than the screen a buffer is that is panned.
const MARGIN: u32 = 64;

/// How long to go on.
#[derive(Clone, Copy)]
struct Time(Option<Duration>);

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "forever" => Ok(Self(None)),
            _ => text
                .parse()
                .map(|seconds| Self(Some(Duration::from_secs_f64(seconds))))
                .map_err(|e| format!("{text}: {e}")),
        }
    }
}

fn main() -> ExitCode {
    match work(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("kms: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: Arguments) -> Result<()> {
    let Arguments { card, format, task } = arguments;
    let open =
        || -> Result<Screen> { Screen::new(Card::open(card.as_deref())?).context("a screen") };
    match task {
        Task::Crc {
            pattern,
            size: Size(width, height),
            over,
            parts,
            pan,
            grey,
        } => {
            let (margin, Point(left, top)) = pan.map_or((0, Point(0, 0)), |at| (MARGIN, at));
            let crc = pattern::crc(width, height, |x, y| {
                let over = over.filter(|_| parts.iter().any(|part| part.contains(x, y)));
                let pattern = over.unwrap_or(pattern);
                let colour = pattern.colour(left + x, top + y, width + margin, height + margin);
                if grey { format.grey(colour) } else { colour }
            });
            println!("{crc:08x}");
        }
        Task::Draw { pattern, hold, pan } => {
            let screen = open()?;
            let buffer = match pan {
                Some(Point(x, y)) => screen.larger_buffer(format, MARGIN, (x, y)),
                None => screen.buffer(format),
            };
            let mut buffer = buffer.context("a buffer")?;
            fill(&screen, &mut buffer, pattern).context("filling the buffer")?;
            screen.show(&buffer).context("setting the mode")?;
            say("drawn")?;
            if hold {
                hold_and_draw(&screen, &mut buffer)?;
            }
        }
        Task::Rects {
            pattern,
            over,
            parts,
            hold,
        } => {
            let screen = open()?;
            let mut buffer = screen.buffer(format).context("a buffer")?;
            fill(&screen, &mut buffer, pattern).context("filling the buffer")?;
            screen.show(&buffer).context("setting the mode")?;
            fill_parts(&screen, &mut buffer, over, &parts)?;
            screen.dirty(&buffer, &parts).context("marking the parts")?;
            say("drawn")?;
            if hold {
                io::stdin().lines().map_while(Result::ok).for_each(drop);
            }
        }
        Task::Animate {
            frames,
            time: Time(time),
            dirty,
            flip: _,
        } => {
            let screen = open()?;
            let end = time.map(|time| Instant::now() + time);
            let wanted = |drawn: u32| {
                frames.is_none_or(|frames| drawn < frames)
                    && end.is_none_or(|end| Instant::now() < end)
            };
            let (drawn, result) = animate(&screen, format, dirty, wanted);
            say(&format!("{drawn} frames"))?;
            match result {
                Err(e) if e.raw_os_error() == Some(ENODEV) => say("gone")?,
                other => other.context("drawing")?,
            }
        }
        Task::Contract(contract) => contract.keep(open, format)?,
        Task::Bench(bench) => bench.run(&open()?)?,
        Task::Fault(call) => call.make(format, || Card::open(card.as_deref()), open)?,
        Task::Open { hold } => {
            let _card = Card::open(card.as_deref())?;
            say("open")?;
            if hold {
                io::stdin().read_line(&mut String::new())?;
            }
        }
    }
    Ok(())
}

/// Draws what is asked for on standard input, until its end: a pattern, and the parts that it is
/// drawn in, if not in all.
fn hold_and_draw(screen: &Screen, buffer: &mut Buffer) -> Result<()> {
    let mut off = false;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let result = match line.trim() {
            "off" => screen.off().map(|()| off = true),
            text => {
                let mut words = text.split_whitespace();
                let pattern: Pattern = words
                    .next()
                    .unwrap_or_default()
                    .parse()
                    .map_err(anyhow::Error::msg)?;
                let parts: Vec<Rect> = words
                    .map(str::parse)
                    .collect::<Result<_, _>>()
                    .map_err(anyhow::Error::msg)?;
                fill_parts(screen, buffer, pattern, &parts).and_then(|()| {
                    if std::mem::take(&mut off) {
                        screen.show(buffer)
                    } else {
                        screen.dirty(buffer, &parts)
                    }
                })
            }
        };
        match result {
            Ok(()) if off => say("off")?,
            Ok(()) => say("drawn")?,
            Err(e) if e.raw_os_error() == Some(ENODEV) => say("gone")?,
            Err(e) if e.raw_os_error() == Some(EIO) => say("lost")?,
            Err(e) => return Err(e).context(line),
        }
    }
    Ok(())
}

/// Draws frames while they are `wanted`; how many there were, and what ended it.
fn animate(
    screen: &Screen,
    format: Format,
    dirty: bool,
    wanted: impl Fn(u32) -> bool,
) -> (u32, io::Result<()>) {
    let mut drawn = 0;
    let mut draw = || -> io::Result<()> {
        let (width, height) = screen.size();
        let mut buffers = [screen.buffer(format)?, screen.buffer(format)?];
        screen.show(&buffers[0])?;
        say("drawn")?;
        while wanted(drawn) {
            let index = if dirty { 0 } else { (drawn as usize + 1) % 2 };
            let buffer = &mut buffers[index];
            let frame = Pattern::Frame(drawn);
            screen.fill(buffer, |x, y| Some(frame.colour(x, y, width, height)))?;
            let shown = if dirty {
                screen.dirty(buffer, &[])
            } else {
                screen.flip(buffer)
            };
            match shown {
                // The panel is lost, and may come back.
                Err(e) if e.raw_os_error() == Some(EIO) => thread::sleep(LOST_PAUSE),
                shown => shown?,
            }
            drawn += 1;
        }
        Ok(())
    };
    let result = draw();
    (drawn, result)
}

/// Fills a buffer with a pattern.
fn fill(screen: &Screen, buffer: &mut Buffer, pattern: Pattern) -> io::Result<()> {
    fill_parts(screen, buffer, pattern, &[])
}

/// Fills these parts, or all if there are none.
fn fill_parts(
    screen: &Screen,
    buffer: &mut Buffer,
    pattern: Pattern,
    parts: &[Rect],
) -> io::Result<()> {
    let (width, height) = buffer.size();
    screen.fill(buffer, |x, y| {
        let inside = parts.is_empty() || parts.iter().any(|part| part.contains(x, y));
        inside.then(|| pattern.colour(x, y, width, height))
    })
}

/// Says a word at once: somebody waits for it.
fn say(word: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{word}")?;
    out.flush()
}
