// SPDX-License-Identifier: GPL-2.0

//! `lab test`: the guest's scripts, one after another, each in a clean world.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::dmesg;
use crate::ktap::{Count, End, Parser};
use crate::report::{Report, reports};
use crate::session::{Aftermath, Options, Session};
use crate::upstream::{self, Defect};

/// How long a script may take that does not say it.
const LIMIT: Duration = Duration::from_secs(120);

/// How a script ends that wants to go on in a new guest, as this one is of no use any
/// more, with the arguments of its last line "# again: ARGUMENTS".
const AGAIN: i32 = 85;

/// A script of the guest.
pub struct Script {
    /// What it is called in the report.
    name: String,
    /// What the guest is told to run: a file below its directory, and arguments.
    command: String,
    /// How long it may take.
    limit: Duration,
    /// Whether the panel may complain.
    complaints_allowed: bool,
    /// Whether it may meet defects of the kernel's own.
    upstream: bool,
    /// How the guest goes down with it, if it does.
    ends: Option<Ends>,
}

impl Script {
    /// A script that is as most are.
    pub fn new(name: String, command: String, limit: Duration) -> Self {
        Self {
            name,
            command,
            limit,
            complaints_allowed: false,
            upstream: false,
            ends: None,
        }
    }

    /// Reads what a script says of itself in its comments:
    /// `# timeout: SECONDS`, `# complaints: allowed`, `# defects: upstream` if it meets
    /// those of [`upstream::DEFECTS`], and that the guest goes down with it,
    /// `# ends: poweroff|reboot|kexec FIELD=VALUE...`.
    fn parse(name: &str, text: &str) -> Self {
        let mut script = Self::new(name.to_owned(), format!("tests/{name}.sh"), LIMIT);
        for line in text.lines() {
            if let Some(seconds) = line
                .strip_prefix("# timeout:")
                .and_then(|s| s.trim().parse().ok())
            {
                script.limit = Duration::from_secs(seconds);
            }
            if line
                .strip_prefix("# complaints:")
                .is_some_and(|s| s.trim() == "allowed")
            {
                script.complaints_allowed = true;
            }
            if line
                .strip_prefix("# defects:")
                .is_some_and(|s| s.trim() == "upstream")
            {
                script.upstream = true;
            }
            if let Some(ends) = line.strip_prefix("# ends:").and_then(Ends::parse) {
                script.ends = Some(ends);
            }
        }
        script
    }
}

/// How a script has the guest go down, and what the panel has to be then. Nobody in
/// the guest can tell any more, so these are points that the lab adds: one for the
/// end, one for each field. The script's plan counts them.
struct Ends {
    /// The point's name.
    what: &'static str,
    /// The kernel's last words.
    said: &'static str,
    /// Fields of the panel's state, and their values.
    panel: Vec<(String, String)>,
}

impl Ends {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (what, said) = match words.next()? {
            "poweroff" => ("the guest powers off", "reboot: Power down"),
            "reboot" => ("the guest reboots", "reboot: Restarting system"),
            "kexec" => (
                "the guest starts another kernel",
                "kexec_core: Starting new kernel",
            ),
            _ => return None,
        };
        let field = |word: &str| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        let panel = words.map(field).collect::<Option<_>>()?;
        Some(Self { what, said, panel })
    }

    /// The points, and whether each is so.
    fn points(&self, after: &Aftermath) -> Vec<(bool, String)> {
        let went = after.console.iter().any(|line| line.contains(self.said));
        let mut points = vec![(went, self.what.to_owned())];
        for (name, wanted) in &self.panel {
            let got = match &after.panel[name] {
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            points.push(if got == *wanted {
                (true, format!("the panel's {name} is {wanted}"))
            } else {
                (false, format!("the panel's {name} is {got}, not {wanted}"))
            });
        }
        points
    }
}

/// What speaks against a script besides its points.
#[derive(Default)]
struct Case {
    objections: Vec<String>,
    details: Vec<String>,
    /// Defects of the kernel's own that it has met, by their names.
    met: BTreeSet<&'static str>,
    /// How many lost objects are of these.
    excused: usize,
}

impl Case {
    fn judge_log(&mut self, log: &[String], script: &Script) {
        if script.upstream {
            self.judge_reports(log);
            return;
        }
        let bad = dmesg::judge(log.iter().map(String::as_str));
        if let Some(first) = bad.first() {
            self.objections.push(format!("kernel log: {first}"));
            let start = log.iter().position(|line| line == first).unwrap_or(0);
            self.details.extend(log[start..].iter().take(60).cloned());
        }
    }

    /// Every report is to be of a known defect. One that comes again and again is told once.
    fn judge_reports(&mut self, log: &[String]) {
        let mut told = BTreeSet::new();
        for report in reports(log.iter().map(String::as_str)) {
            // kmemleak says in the log how many there are. They are judged one by one.
            let lost = dmesg::lost_objects(report.headline).filter(|_| report.says_one_thing());
            if let Some(left) = lost.and_then(|lost| self.excused.checked_sub(lost)) {
                self.excused = left;
                continue;
            }
            match upstream::known(&report) {
                Some(defect) => {
                    self.met.insert(defect.name);
                }
                None if !told.insert(report.place()) => {}
                None => {
                    self.objections
                        .push(format!("kernel log, {}: {}", report.step, report.headline));
                    let lines = report.lines.iter().take(60);
                    self.details.extend(lines.map(|&line| line.to_owned()));
                }
            }
        }
    }

    /// Nothing is to be left behind, but by a known defect.
    fn judge_left(&mut self, left: Vec<String>, script: &Script) {
        for line in left {
            let defect = upstream::known(&Report::of_loss(&line)).filter(|_| script.upstream);
            // Of a taint the reports say by what, and each is judged.
            let is_told = line.starts_with("the kernel is tainted") && !self.met.is_empty();
            if let Some(defect) = defect {
                self.met.insert(defect.name);
                self.excused += 1;
            } else if !is_told {
                self.objections.push(line);
            }
        }
    }

    fn judge_complaints(&mut self, complaints: Vec<String>, script: &Script) {
        if !complaints.is_empty() && !script.complaints_allowed {
            self.objections
                .push(format!("the panel complains: {}", complaints[0]));
            self.details.extend(complaints.into_iter().skip(1));
        }
    }
}

/// The scripts asked for, or all there are.
fn scripts(guest: &Path, names: &[String]) -> Result<Vec<Script>> {
    let directory = guest.join("tests");
    let mut files: Vec<PathBuf> = Vec::new();
    if names.is_empty() {
        for entry in fs::read_dir(&directory).with_context(|| format!("{}", directory.display()))? {
            files.push(entry?.path());
        }
        files.retain(|file| file.extension().is_some_and(|extension| extension == "sh"));
        files.sort();
    } else {
        files.extend(
            names
                .iter()
                .map(|name| directory.join(format!("{}.sh", name.trim_end_matches(".sh")))),
        );
    }
    if files.is_empty() {
        bail!("there is no test in {}", directory.display());
    }
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Script::parse(&name, &text))
    };
    files.iter().map(read).collect()
}

/// Runs scripts and says on standard output how they went; true if none failed.
pub fn test(options: &Options, out: &Path, names: &[String]) -> Result<bool> {
    let scripts = scripts(&options.guest, names)?;
    println!("KTAP version 1");
    println!("1..{}", scripts.len());
    let mut series = Series::new(options, out.join("test"))?;
    for script in &scripts {
        series.run(script, |line| println!("    {line}"))?;
    }
    series.end()
}

/// Scripts one after another, in one guest as long as that is well.
pub struct Series<'a> {
    options: &'a Options,
    out: PathBuf,
    guest: Option<Session>,
    boots: usize,
    scripts: usize,
    total: Count,
}

impl<'a> Series<'a> {
    /// A series whose logs go to `out`, which is emptied.
    pub fn new(options: &'a Options, out: PathBuf) -> Result<Self> {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        Ok(Self {
            options,
            out,
            guest: None,
            boots: 0,
            scripts: 0,
            total: Count::default(),
        })
    }

    /// Runs a script and says how it went; `show` is given what it prints.
    pub fn run(&mut self, script: &Script, mut show: impl FnMut(&str)) -> Result<Count> {
        self.scripts += 1;
        println!("    # Subtest: {}", script.name);
        let began = Instant::now();
        let mut count = Count::default();
        let mut met = BTreeSet::new();
        let mut arguments = Some(String::new());
        while let Some(these) = arguments.take() {
            let mut session = match self.guest.take() {
                Some(session) => session,
                None => self.boot()?,
            };
            let run = one(&mut session, script, &these, &mut show)?;
            count += run.count;
            met.extend(run.met);
            arguments = run.again;
            if run.usable && run.count.failed == 0 {
                self.guest = Some(session);
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        let verdict = if count.failed == 0 { "ok" } else { "not ok" };
        let directive = if count.skipped > 0 && count.passed + count.failed == 0 {
            " # SKIP"
        } else {
            ""
        };
        if directive.is_empty() {
            tell_of_defects(script, &met);
        }
        println!("{verdict} {} {}{directive}", self.scripts, script.name);
        println!("# {}: {count} in {seconds:.1} s", script.name);
        self.total += count;
        Ok(count)
    }

    fn boot(&mut self) -> Result<Session> {
        self.boots += 1;
        let out = self.out.join(format!("boot-{}", self.boots));
        let session = Session::serve(self.options, &out)?;
        println!(
            "# the guest is up in {:.1} s ({})",
            session.boot_time.as_secs_f64(),
            self.options.accel.name()
        );
        Ok(session)
    }

    /// Ends the guest and says the sum; true if nothing failed.
    pub fn end(self) -> Result<bool> {
        if let Some(session) = self.guest {
            session.end()?;
        }
        println!("# logs: {}", self.out.display());
        println!("{}", self.total);
        Ok(self.total.failed == 0)
    }
}

/// Says which defects of the kernel's own a script has met, and which it should have.
fn tell_of_defects(script: &Script, met: &BTreeSet<&str>) {
    let here = |defect: &&Defect| defect.sweep == script.name;
    for defect in upstream::DEFECTS.iter().filter(here) {
        let Defect {
            name, file, why, ..
        } = defect;
        let what = if met.contains(name) {
            "met"
        } else {
            "NEVER MET"
        };
        println!("    # upstream defect {what}: {name}: {file}: {why}");
    }
}

/// How one run of a script came out.
struct Run {
    count: Count,
    /// Whether the guest is fit for another.
    usable: bool,
    /// Defects of the kernel's own that it has met.
    met: BTreeSet<&'static str>,
    /// The arguments to go on with, in a new guest.
    again: Option<String>,
}

/// Runs one script.
fn one(
    session: &mut Session,
    script: &Script,
    arguments: &str,
    mut show: impl FnMut(&str),
) -> Result<Run> {
    let mut parser = Parser::default();
    let mut again = None;
    let mut lost = Vec::new();
    let request = format!("run {} {arguments}", script.command);
    let end = session.run(&request, script.limit, |line| {
        parser.line(line);
        if let Some(arguments) = line.strip_prefix("# again: ") {
            again = Some(arguments.to_owned());
        }
        if line.starts_with("leak: ") {
            lost.push(line.to_owned());
        }
        show(line);
    })?;

    let mut case = Case::default();
    case.judge_left(lost, script);
    let mut usable = false;
    match (&end, &script.ends) {
        (End::Down, Some(ends)) => {
            let after = session.aftermath()?;
            for (so, what) in ends.points(&after) {
                let verdict = if so { "ok" } else { "not ok" };
                let point = format!("{verdict} {} {what}", parser.next_number());
                parser.line(&point);
                println!("    {point}");
            }
            case.judge_log(&after.console, script);
            case.judge_complaints(after.complaints, script);
        }
        (End::Down | End::Lost(_), _) => {
            if end == End::Down {
                case.objections.push(end.to_string());
            }
            case.details.extend(session.last_words());
        }
        (End::Status(AGAIN), _) => {
            let (_, log) = session.log()?;
            case.judge_log(&log, script);
        }
        (End::Status(_), _) => {
            let (end, cleaned) = session.clean()?;
            match end {
                End::Status(0) => usable = true,
                End::Status(_) => case.objections.push(format!("cleaning up: {end}")),
                End::Down | End::Lost(_) => {
                    case.objections.push(format!("cleaning up: {end}"));
                    case.details.extend(session.last_words());
                }
            }
            case.judge_log(&cleaned.log, script);
            case.judge_left(cleaned.left, script);
            if usable {
                case.judge_complaints(session.bench.clean()?, script);
            }
        }
    }
    let again = again.filter(|_| end == End::Status(AGAIN));
    // One that goes on has not all of its points yet.
    if again.is_none() {
        case.objections.splice(0..0, parser.objections(&end));
    }
    for objection in case.objections {
        println!("    not ok {} {objection}", parser.next_number());
        parser.fail();
    }
    for line in case.details {
        println!("    # {line}");
    }
    Ok(Run {
        count: parser.finish(),
        usable,
        met: case.met,
        again,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_script_says_what_it_needs() {
        let script = Script::parse("a", "#!/bin/bash\n# timeout: 300\n# complaints: allowed\n");
        assert_eq!(script.limit, Duration::from_secs(300));
        assert!(script.complaints_allowed);
        assert_eq!(script.command, "tests/a.sh");
        let script = Script::parse("a", "#!/bin/bash\n# complaints: none\n");
        assert_eq!(script.limit, LIMIT);
        assert!(!script.complaints_allowed);
        assert!(script.ends.is_none());
    }

    #[test]
    fn a_script_may_end_the_guest() {
        let script = Script::parse("a", "# ends: poweroff asleep=true sleep_ins=1 last=0x10\n");
        let ends = script.ends.unwrap();
        let mut after = Aftermath {
            console: vec!["[    9.0] reboot: Power down".to_owned()],
            panel: json!({"asleep": true, "sleep_ins": 1, "last": "0x10"}),
            complaints: Vec::new(),
        };
        let verdicts = |after: &Aftermath| -> Vec<bool> {
            ends.points(after)
                .into_iter()
                .map(|point| point.0)
                .collect()
        };
        assert_eq!(verdicts(&after), [true; 4]);
        after.panel["asleep"] = json!(false);
        after.panel["sleep_ins"] = json!(2);
        after.console[0] = "[    9.0] reboot: Restarting system".to_owned();
        assert_eq!(verdicts(&after), [false, false, false, true]);

        assert!(Ends::parse(" halt").is_none());
        assert!(Ends::parse(" reboot asleep").is_none());
    }
}
