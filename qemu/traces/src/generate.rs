// SPDX-License-Identifier: GPL-2.0

//! Programs that draw, as far as one sees it from the rectangles that they change.

use crate::{Rect, SIZE, Step, Trace};

/// A character cell of a terminal.
const CELL: (u16, u16) = (8, 16);
const COLUMNS: u16 = SIZE.0 / CELL.0;
const LINES: u16 = SIZE.1 / CELL.1;

/// The trace of that name.
pub fn by_name(name: &str) -> Option<Trace> {
    let steps = match name {
        "terminal" => terminal(),
        "cursor" => cursor(),
        "progress" => progress(),
        "scroll" => scroll(),
        _ => return None,
    };
    Some(Trace(steps))
}

/// Cells of one line.
fn cells(column: u16, line: u16, count: u16) -> Rect {
    let count = count.min(COLUMNS - column);
    Rect::sized(column * CELL.0, line * CELL.1, count * CELL.0, CELL.1)
}

/// Somebody types commands, and what these print comes at once. A clock in the upper right
/// corner ticks now and then.
fn terminal() -> Vec<Step> {
    let commands = [
        ("ls /sys/bus/spi", [7, 7]),
        ("dmesg | tail", [30, 24]),
        ("date", [29, 0]),
    ];
    let mut steps = Vec::new();
    let (mut column, mut line) = (2, 1);
    for (command, output) in commands {
        for _ in command.chars() {
            // The character where the cursor was, and the cursor.
            let mut step = vec![cells(column, line, 1), cells(column + 1, line, 1)];
            if steps.len() % 10 == 9 {
                step.push(cells(COLUMNS - 1, 0, 1));
            }
            steps.push(step);
            column += 1;
        }
        let mut step = vec![cells(column, line, 1)];
        for printed in output.into_iter().filter(|&printed| printed > 0) {
            line += 1;
            step.push(cells(0, line, printed));
        }
        // The prompt of the next line, and the cursor behind it.
        line = (line + 1).min(LINES - 1);
        column = 2;
        step.push(cells(0, line, 1));
        step.push(cells(column, line, 1));
        steps.push(step);
    }
    steps
}

/// A pointer is moved: slowly, at ease, and across the screen.
fn cursor() -> Vec<Step> {
    const POINTER: (i32, i32) = (12, 19);
    let mut random = fastrand::Rng::with_seed(4);
    let mut steps = Vec::new();
    let (mut x, mut y) = (114, 150);
    for speed in [2, 6, 12, 40].into_iter().cycle().take(60) {
        let before = pointer(x, y, POINTER);
        x = (x + random.i32(-speed..=speed)).clamp(0, i32::from(SIZE.0) - POINTER.0);
        y = (y + random.i32(-speed..=speed)).clamp(0, i32::from(SIZE.1) - POINTER.1);
        steps.push(vec![before, pointer(x, y, POINTER)]);
    }
    steps
}

fn pointer(x: i32, y: i32, (width, height): (i32, i32)) -> Rect {
    // All of it is on the screen, so these are small and not negative.
    Rect::sized(x as u16, y as u16, width as u16, height as u16)
}

/// A bar grows, with the percentage below it; a wheel turns in a corner.
fn progress() -> Vec<Step> {
    let mut random = fastrand::Rng::with_seed(5);
    let mut steps = Vec::new();
    let mut filled = 0;
    while filled < 200 {
        let more = random.u16(1..=6).min(200 - filled);
        let mut step = vec![Rect::sized(20 + filled, 150, more, 12), cells(13, 11, 2)];
        if steps.len() % 2 == 0 {
            step.push(cells(0, 0, 1));
        }
        steps.push(step);
        filled += more;
    }
    steps
}

/// The lower half of the screen is scrolled by a line, with another line in a status bar at the
/// top each time.
fn scroll() -> Vec<Step> {
    let half = Rect::new(0, SIZE.1 / 2, SIZE.0, SIZE.1);
    (0..6)
        .map(|line| vec![half, cells(0, 0, 10 + line)])
        .collect()
}
