// SPDX-License-Identifier: GPL-2.0

//! `lab test`: the guest's scripts, one after another, each in a clean world.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::dmesg;
use crate::ktap::{Count, End, Parser};
use crate::session::{Options, Session};

/// How long a script may take that does not say it.
const LIMIT: Duration = Duration::from_secs(120);

/// A test of the guest.
struct Script {
    name: String,
    limit: Duration,
    complaints_allowed: bool,
}

impl Script {
    /// Reads what a script says of itself in its comments:
    /// `# timeout: SECONDS`, `# complaints: allowed`.
    fn parse(name: &str, text: &str) -> Self {
        let mut script = Self {
            name: name.to_owned(),
            limit: LIMIT,
            complaints_allowed: false,
        };
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
        }
        script
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
    let out = out.join("test");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }

    let mut total = Count::default();
    let mut guest: Option<Session> = None;
    let mut boots = 0;
    println!("KTAP version 1");
    println!("1..{}", scripts.len());
    for (index, script) in scripts.iter().enumerate() {
        let number = index + 1;
        let mut session = match guest.take() {
            Some(session) => session,
            None => {
                boots += 1;
                let session = Session::serve(options, &out.join(format!("boot-{boots}")))?;
                let seconds = session.boot_time.as_secs_f64();
                println!(
                    "# the guest is up in {seconds:.1} s ({})",
                    options.accel.name()
                );
                session
            }
        };
        println!("    # Subtest: {}", script.name);
        let began = Instant::now();
        let (count, usable) = one(&mut session, script)?;
        let seconds = began.elapsed().as_secs_f64();
        let verdict = if count.failed == 0 { "ok" } else { "not ok" };
        let directive = if count.skipped > 0 && count.passed + count.failed == 0 {
            " # SKIP"
        } else {
            ""
        };
        println!("{verdict} {number} {}{directive}", script.name);
        println!("# {}: {count} in {seconds:.1} s", script.name);
        total += count;
        if usable && count.failed == 0 {
            guest = Some(session);
        }
    }
    if let Some(session) = guest {
        session.end()?;
    }
    println!("# logs: {}", out.display());
    println!("{total}");
    Ok(total.failed == 0)
}

/// Runs one script; its points, and whether the guest is fit for another.
fn one(session: &mut Session, script: &Script) -> Result<(Count, bool)> {
    let mut parser = Parser::default();
    let request = format!("run tests/{}.sh", script.name);
    let end = session.run(&request, script.limit, |line| {
        parser.line(line);
        println!("    {line}");
    })?;

    let mut objections = parser.objections(&end);
    let mut details = Vec::new();
    let mut usable = false;
    if let End::Lost(_) = end {
        details.extend(session.last_words());
    } else {
        let (end, cleaned) = session.clean()?;
        match end {
            End::Status(0) => usable = true,
            End::Status(status) => {
                objections.push(format!("cleaning up failed with status {status}"))
            }
            End::Lost(why) => {
                objections.push(format!("cleaning up: {why}"));
                details.extend(session.last_words());
            }
        }
        objections.extend(cleaned.left);
        let bad = dmesg::judge(cleaned.log.iter().map(String::as_str));
        if let Some(first) = bad.first() {
            objections.push(format!("kernel log: {first}"));
            let start = cleaned
                .log
                .iter()
                .position(|line| line == first)
                .unwrap_or(0);
            details.extend(cleaned.log[start..].iter().take(60).cloned());
        }
        if usable {
            let complaints = session.bench.clean()?;
            if !complaints.is_empty() && !script.complaints_allowed {
                objections.push(format!("the panel complains: {}", complaints[0]));
                details.extend(complaints.into_iter().skip(1));
            }
        }
    }
    for objection in objections {
        println!("    not ok {} {objection}", parser.next_number());
        parser.fail();
    }
    for line in details {
        println!("    # {line}");
    }
    Ok((parser.finish(), usable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_it_needs() {
        let script = Script::parse("a", "#!/bin/bash\n# timeout: 300\n# complaints: allowed\n");
        assert_eq!(script.limit, Duration::from_secs(300));
        assert!(script.complaints_allowed);
        let script = Script::parse("a", "#!/bin/bash\n# complaints: none\n");
        assert_eq!(script.limit, LIMIT);
        assert!(!script.complaints_allowed);
    }
}
