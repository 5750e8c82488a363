// SPDX-License-Identifier: GPL-2.0

//! A kernel log, cut into the reports of defects that are in it.

use crate::dmesg;

/// What the kernel has to say about one defect.
#[derive(Debug)]
pub struct Report<'a> {
    /// The first line that speaks of a defect.
    pub headline: &'a str,
    /// All that belongs to it.
    pub lines: Vec<&'a str>,
    /// What was being done, as the guest's script said it last ("sweep: ...").
    pub step: &'a str,
}

impl<'a> Report<'a> {
    /// That of an object that is lost, as the guest's script tells of it.
    pub fn of_loss(line: &'a str) -> Self {
        Self {
            headline: line,
            lines: vec![line],
            step: "",
        }
    }

    /// What it says, without when and by whom.
    pub fn place(&self) -> &'a str {
        let text = said(self.headline);
        text.split_once(", CPU#").map_or(text, |(place, _)| place)
    }

    /// Whether no other line of it speaks of a defect.
    pub fn says_one_thing(&self) -> bool {
        self.lines.iter().filter(|line| dmesg::is_bad(line)).count() == 1
    }

    /// Whether a function is in one of its call traces, or where it happened.
    pub fn names(&self, function: &str) -> bool {
        self.lines.iter().any(|line| frame(line) == Some(function))
    }
}

/// The reports in a log, in their order.
pub fn reports<'a>(log: impl IntoIterator<Item = &'a str>) -> Vec<Report<'a>> {
    let mut found = Vec::new();
    let mut open: Option<Open<'a>> = None;
    let mut step = "";
    let close = |open: &mut Option<Open<'a>>, found: &mut Vec<Report<'a>>| {
        if let Some(report) = open.take().and_then(Open::close) {
            found.push(report);
        }
    };
    for line in log {
        let text = said(line);
        if text.starts_with("sweep: ") {
            close(&mut open, &mut found);
            step = text;
        } else if text == "FAULT_INJECTION: forcing a failure." {
            close(&mut open, &mut found);
        } else if text.starts_with("------------[ cut here ]") {
            close(&mut open, &mut found);
            open = Some(Open::new(step));
        } else if dmesg::is_hung(text) {
            // Those that hang are told of one after the other.
            close(&mut open, &mut found);
            open = Some(Open {
                lines: vec![line],
                ..Open::new(step)
            });
        } else if is_rule(text) {
            // It stands before a report, and KASAN has one behind it too.
            let ends = open.as_ref().is_some_and(|open| open.ruled);
            close(&mut open, &mut found);
            if !ends {
                open = Some(Open {
                    ruled: true,
                    ..Open::new(step)
                });
            }
        } else if open.is_some() || dmesg::is_bad(line) {
            open.get_or_insert_with(|| Open::new(step)).lines.push(line);
            if text.starts_with("---[ end trace") {
                close(&mut open, &mut found);
            }
        }
    }
    close(&mut open, &mut found);
    found
}

/// A report of which more may come.
struct Open<'a> {
    lines: Vec<&'a str>,
    step: &'a str,
    /// Whether it began with a rule.
    ruled: bool,
}

impl<'a> Open<'a> {
    fn new(step: &'a str) -> Self {
        Self {
            lines: Vec::new(),
            step,
            ruled: false,
        }
    }

    fn close(self) -> Option<Report<'a>> {
        let headline = *self.lines.iter().find(|line| dmesg::is_bad(line))?;
        Some(Report {
            headline,
            lines: self.lines,
            step: self.step,
        })
    }
}

/// A line without its time.
fn said(line: &str) -> &str {
    let text = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "));
    text.map_or(line, |(_, text)| text)
}

fn is_rule(text: &str) -> bool {
    text.len() > 50 && text.bytes().all(|byte| byte == b'=')
}

/// The function of a line of a call trace; not one that only was on the stack ("? f+0x1/0x2").
fn frame(line: &str) -> Option<&str> {
    let (before, _) = line.split_once("+0x")?;
    let (rest, function) = before.rsplit_once([' ', ':']).unwrap_or(("", before));
    (!rest.trim_end().ends_with('?')).then_some(function)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
[    1.0] sweep: bind slab 3
[    1.1] FAULT_INJECTION: forcing a failure.
[    1.1] Call Trace:
[    1.1]  should_fail_ex+0x1/0x2
[    1.2] ------------[ cut here ]------------
[    1.2] WARNING: drivers/gpu/drm/a.c:1 at drm_f+0x1/0x2 [drm], CPU#0: kms/7
[    1.2] Call Trace:
[    1.2]  drm_g+0x1/0x2 [drm]
[    1.2]  ? drm_stale+0x1/0x2 [drm]
[    1.2] ---[ end trace 0000000000000000 ]---
[    1.3] tinydrm_ili9341 spi0.0: probe failed: -12
[    1.4] sweep: bind slab 4
[    1.5] ==================================================================
[    1.5] BUG: KASAN: slab-use-after-free in k+0x1/0x2
[    1.5]  k_caller+0x1/0x2
[    1.5] ==================================================================
[    1.6] Disabling lock debugging due to kernel taint
[    1.7] [drm:drm_mode_config_cleanup] *ERROR* connector SPI-1 leaked!
[    1.8] FAULT_INJECTION: forcing a failure.
[    1.8]  other+0x1/0x2
[    1.9] BUG: unable to handle page fault for address: fffffffffffffff4
[    1.9] Oops: Oops: 0000 [#1] SMP KASAN
[    1.9] RIP: 0010:put_device+0x1/0x2
[    1.9] ---[ end trace 0000000000000000 ]---";

    #[test]
    fn a_log_is_cut_into_reports() {
        let found = reports(LOG.lines());
        let headlines: Vec<_> = found.iter().map(|report| said(report.headline)).collect();
        assert_eq!(
            headlines,
            [
                "WARNING: drivers/gpu/drm/a.c:1 at drm_f+0x1/0x2 [drm], CPU#0: kms/7",
                "BUG: KASAN: slab-use-after-free in k+0x1/0x2",
                "[drm:drm_mode_config_cleanup] *ERROR* connector SPI-1 leaked!",
                "BUG: unable to handle page fault for address: fffffffffffffff4",
            ]
        );
        assert_eq!(
            found[0].place(),
            "WARNING: drivers/gpu/drm/a.c:1 at drm_f+0x1/0x2 [drm]"
        );
        assert_eq!(found[0].step, "sweep: bind slab 3");
        assert_eq!(found[3].step, "sweep: bind slab 4");
    }

    #[test]
    fn a_report_names_the_functions_of_its_own_traces() {
        let found = reports(LOG.lines());
        assert!(found[0].names("drm_f") && found[0].names("drm_g"));
        // Neither what only lay on the stack nor what another trace says.
        assert!(!found[0].names("drm_stale") && !found[0].names("should_fail_ex"));
        assert!(found[1].names("k_caller") && found[3].names("put_device"));
        assert!(!found[2].names("other") && !found[3].names("other"));
    }

    #[test]
    fn each_task_that_hangs_is_a_report() {
        let log = "\
[    1.0] INFO: task a:1 blocked for more than 30 seconds.
[    1.0]  f+0x1/0x2
[    1.0] INFO: task a:1 is blocked on a mutex likely owned by task c:3.
[    1.0] INFO: task b:2 blocked for more than 30 seconds.
[    1.0]  g+0x1/0x2";
        let found = reports(log.lines());
        assert_eq!(found.len(), 2);
        assert!(found[0].names("f") && !found[0].names("g") && found[1].names("g"));
    }

    #[test]
    fn a_log_without_defects_has_no_reports() {
        let log =
            "[    1.0] ====\n[    1.1] FAULT_INJECTION: forcing a failure.\n[    1.1]  f+0x1/0x2";
        assert!(reports(log.lines()).is_empty());
    }
}
