// SPDX-License-Identifier: GPL-2.0

//! `lab upstream`: defects of the kernel, one script of the guest for each, in a boot of
//! its own: it need not survive. A script's comment `# says: TEXT` tells by what words one
//! sees it, be it in what the kernel says or in what the script does.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::session::{Options, Session};

/// How long a script may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs the scripts, all or those named; true if all that was to be seen was.
pub fn reproduce(options: &Options, out: &Path, names: &[String]) -> Result<bool> {
    let directory = options.guest.join("upstream");
    let mut scripts: Vec<PathBuf> = fs::read_dir(&directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    scripts.sort();
    let mut all = true;
    for script in scripts {
        let name = script.file_stem().unwrap_or_default().to_string_lossy();
        if names.is_empty() || names.iter().any(|wanted| *wanted == name) {
            let says = says(&fs::read_to_string(&script)?)
                .with_context(|| format!("{name} does not tell what is to be seen"))?;
            let seen = look(options, &out.join("upstream").join(&*name), &name, &says)?;
            println!("{name}: {}", seen.as_deref().unwrap_or("not seen"));
            all &= seen.is_some();
        }
    }
    Ok(all)
}

/// The words that a script waits for.
fn says(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix("# says:"))?;
    Some(line.trim().to_owned())
}

/// Runs a script; the line with those words.
fn look(options: &Options, out: &Path, name: &str, says: &str) -> Result<Option<String>> {
    let mut session = Session::serve(options, out)?;
    if session.console().contains(says) {
        bail!("{name}: that is said at boot already");
    }
    let mut said = Vec::new();
    session.run(&format!("run upstream/{name}.sh"), LIMIT, |line| {
        said.push(line.to_owned())
    })?;
    said.extend(
        session
            .console()
            .lines()
            .map(|line| line.trim_end().to_owned()),
    );
    Ok(said.into_iter().find(|line| line.contains(says)))
}
