// SPDX-License-Identifier: GPL-2.0

//! The device tree that a guest gets: QEMU's of the machine, and ours of the panel's slot.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// What is said of the slot.
pub const SLOT: &str = include_str!("board.dts");

/// Makes the tree for the machine that `qemu` with `arguments` is, in the directory `out`.
/// It has symbols, so that overlays can be applied to it.
pub fn make(qemu: &str, arguments: &[String], out: &Path) -> Result<PathBuf> {
    let [of_qemu, source, tree] = ["qemu.dtb", "board.dts", "board.dtb"].map(|name| out.join(name));
    // Given a second time, the option adds to the machine's first.
    let dump = format!("dumpdtb={}", of_qemu.display());
    succeed(Command::new(qemu).args(arguments).args(["-machine", &dump]))?;
    let text = succeed(dtc("dtb", "dts").arg(&of_qemu))?;
    fs::write(&source, text + SLOT)?;
    succeed(
        dtc("dts", "dtb")
            .arg("-@")
            .arg("-o")
            .arg(&tree)
            .arg(&source),
    )?;
    Ok(tree)
}

/// The device tree compiler, without its warnings: most are of QEMU's part.
fn dtc(from: &str, to: &str) -> Command {
    let mut command = Command::new("dtc");
    command.args(["-q", "-I", from, "-O", to]);
    command
}

/// Runs a command, and returns what it prints.
fn succeed(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().context(program.clone())?;
    if !output.status.success() {
        bail!(
            "{program}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}
