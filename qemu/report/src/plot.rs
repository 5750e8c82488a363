// SPDX-License-Identifier: GPL-2.0

//! Bars: a driver beside the other, and how far it has to get.

use std::path::Path;

use anyhow::{Context, Result};
use plotters::prelude::*;

use crate::cases::Case;
use crate::table::number;

const WIDTH: u32 = 800;
/// The height of a case, and of what is around all of them.
const ROW: u32 = 70;
const AROUND: u32 = 90;

const OF_C: RGBColor = RGBColor(150, 150, 150);
const OF_RUST: RGBColor = RGBColor(206, 66, 43);

/// Draws the cases of one family, each as parts of the larger of the two numbers.
pub fn bars(path: &Path, title: &str, cases: &[&Case]) -> Result<()> {
    let rows = u32::try_from(cases.len())?;
    let area = SVGBackend::new(path, (WIDTH, rows * ROW + AROUND)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(
            format!("{title}: C (grey), Rust (red), the goal (line)"),
            ("sans-serif", 18),
        )
        .margin(10)
        .build_cartesian_2d(-0.35f64..1.25, f64::from(rows)..0.0)
        .context("a chart")?;
    for (row, case) in cases.iter().enumerate() {
        let top = row as f64;
        let values = [case.c, case.rust, case.limit];
        let most = values
            .into_iter()
            .flatten()
            .fold(f64::MIN_POSITIVE, f64::max);
        let label =
            |text: String, x: f64, y: f64| Text::new(text, (x, y), ("sans-serif", 14).into_font());
        chart.draw_series([label(case.name.clone(), -0.35, top + 0.4)])?;
        for (value, colour, y) in [(case.c, OF_C, 0.12), (case.rust, OF_RUST, 0.50)] {
            let end = value.unwrap_or(0.0) / most;
            let bar = [(0.0, top + y), (end, top + y + 0.34)];
            chart.draw_series([Rectangle::new(bar, colour.filled())])?;
            chart.draw_series([label(number(value), 1.02, top + y + 0.08)])?;
        }
        if let Some(limit) = case.limit {
            let at = limit / most;
            let line = vec![(at, top + 0.05), (at, top + 0.91)];
            chart.draw_series([PathElement::new(line, BLACK.stroke_width(2))])?;
        }
    }
    area.present()?;
    Ok(())
}
