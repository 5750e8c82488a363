// SPDX-License-Identifier: GPL-2.0

//! What the guest boots from: an initramfs that mounts its root, which is the build root
//! or a directory in it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::arch::Arch;

/// Modules of the distribution that the way to the root needs.
const MODULES: [&str; 3] = ["9pnet_virtio", "9p", "overlay"];

/// Modules of ours that the lab's hardware needs, besides the board's.
const LAB_MODULES: [&str; 2] = ["gpio_virtio", "spi_virtio"];

/// What the guest is to find, and where on this side.
pub struct Contents<'a> {
    /// What kind of machine it is.
    pub arch: Arch,
    /// The root.
    pub root: &'a Path,
    /// The kernel's directory, as scripts/kernel.sh makes it.
    pub kernel: &'a Path,
    /// Directories with modules of ours.
    pub modules: &'a [PathBuf],
    /// The directory qemu/guest.
    pub guest: &'a Path,
    /// The directory with our programs for the guest.
    pub programs: &'a Path,
    /// How many times as long as usual everything may take.
    pub patience: u32,
    /// What the guest's init is to do: `serve` or `shell`.
    pub mode: &'a str,
}

impl Contents<'_> {
    /// The initramfs, an archive in the kernel's newc format.
    pub fn initramfs(&self) -> Result<Vec<u8>> {
        let mut archive = Archive::default();
        for directory in ["bin", "dev", "lab", "modules", "proc", "sys"] {
            archive.directory(directory);
        }
        archive.file(
            "bin/busybox",
            0o755,
            &read(&self.root.join("usr/bin/busybox"))?,
        );
        let mut names = Vec::new();
        let ours = self.our_modules()?;
        let mut modules = self.boot_modules()?;
        for name in LAB_MODULES.into_iter().chain([self.arch.board_module()]) {
            let module = ours.iter().find(|module| file_stem(module) == name);
            modules.push(
                module
                    .with_context(|| format!("no module {name} in the directories given"))?
                    .clone(),
            );
        }
        for module in modules {
            let name = file_stem(&module);
            archive.file(&format!("modules/{name}.ko"), 0o644, &unpacked(&module)?);
            names.push(name);
        }
        archive.file("init", 0o755, init(&names, self.root).as_bytes());
        archive.file("lab/conf", 0o644, self.configuration()?.as_bytes());
        archive.file(
            "lab/modprobe.conf",
            0o644,
            self.modprobe_conf(&ours)?.as_bytes(),
        );
        Ok(archive.finish())
    }

    /// The files of [`MODULES`] and of all that they depend on, those first. A
    /// kernel may have some of them built in.
    fn boot_modules(&self) -> Result<Vec<PathBuf>> {
        let directory = self
            .kernel
            .join("modules/lib/modules")
            .join(self.release()?);
        let list = |name: &str| {
            let path = directory.join(name);
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let text = list("modules.dep")?;
        // Debian has the list in another package; there, none of them is built in.
        let built_in = list("modules.builtin").unwrap_or_default();
        let is_built_in = |name: &&str| {
            let mut files = built_in.lines();
            files.any(|file| file_stem(file.as_ref()) == *name)
        };
        let mut files = Vec::new();
        for name in MODULES.into_iter().filter(|name| !is_built_in(name)) {
            for file in with_dependencies(&text, name)? {
                if !files.contains(&file) {
                    files.push(file);
                }
            }
        }
        Ok(files.into_iter().map(|file| directory.join(file)).collect())
    }

    /// The files of our modules.
    fn our_modules(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for directory in self.modules {
            let entries =
                fs::read_dir(directory).with_context(|| format!("{}", directory.display()))?;
            for entry in entries {
                files.push(fs::canonicalize(entry?.path())?);
            }
        }
        files.retain(|file| file.extension().is_some_and(|extension| extension == "ko"));
        files.sort();
        Ok(files)
    }

    /// By this modprobe, and the kernel's own requests, find our modules and their
    /// aliases in the guest as if they were installed.
    fn modprobe_conf(&self, ours: &[PathBuf]) -> Result<String> {
        let load = on_guest(&self.guest.join("load"))?;
        let mut text = String::new();
        for module in ours {
            let name = file_stem(module);
            let depends = modinfo(module, "depends")?.replace([',', '\n'], " ");
            let file = on_guest(module)?;
            let _ = writeln!(
                text,
                "install {name} {load} {file} '{}' $CMDLINE_OPTS",
                depends.trim()
            );
            for alias in modinfo(module, "alias")?.lines() {
                let _ = writeln!(text, "alias {alias} {name}");
            }
        }
        Ok(text)
    }

    fn release(&self) -> Result<String> {
        let text = read(&self.kernel.join("release"))?;
        Ok(String::from_utf8(text)?.trim().to_owned())
    }

    /// What the guest's init reads, as assignments of a shell.
    fn configuration(&self) -> Result<String> {
        let mut text = String::new();
        let mut assign = |name: &str, value: &str| {
            let _ = writeln!(text, "{name}='{value}'");
        };
        let modules: Result<Vec<_>> = self.modules.iter().map(|path| on_guest(path)).collect();
        assign("LAB_MODE", self.mode);
        assign("LAB_ARCH", self.arch.name());
        assign("LAB_RELEASE", &self.release()?);
        assign("LAB_KERNEL", &on_guest(self.kernel)?);
        assign("LAB_MODULES", &modules?.join(" "));
        assign("LAB_GUEST", &on_guest(self.guest)?);
        assign("LAB_PROGRAMS", &on_guest(self.programs)?);
        assign("LAB_PATIENCE", &self.patience.to_string());
        Ok(text)
    }
}

/// The name that a path has on the guest.
fn on_guest(path: &Path) -> Result<String> {
    let path = fs::canonicalize(path).with_context(|| format!("{}", path.display()))?;
    Ok(format!("/lab/host{}", path.display()))
}

/// A field of a module's description, one value a line.
fn modinfo(module: &Path, field: &str) -> Result<String> {
    let output = Command::new("modinfo")
        .args(["-F", field])
        .arg(module)
        .output()
        .context("modinfo")?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The first process: nothing but the way to the root.
fn init(modules: &[String], root: &Path) -> String {
    let mut text = String::from(
        "#!/bin/busybox sh\n\
         set -e\n\
         trap 'echo \"initramfs: failed\"; /bin/busybox poweroff -f' EXIT\n\
         /bin/busybox --install -s /bin\n\
         mount -t devtmpfs dev /dev\n\
         mount -t proc proc /proc\n",
    );
    for module in modules {
        let _ = writeln!(text, "insmod /modules/{module}.ko");
    }
    let root = root.display();
    let _ = write!(
        text,
        "mkdir /host /new /fresh\n\
         mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose host /host\n\
         mount -t tmpfs fresh /fresh\n\
         mkdir /fresh/upper /fresh/work\n\
         mount -t overlay -o lowerdir=/host{root},upperdir=/fresh/upper,workdir=/fresh/work root /new\n\
         mkdir -p /new/lab/host\n\
         cp /lab/conf /new/lab\n\
         mkdir -p /new/etc/modprobe.d /new/usr/lib/modules\n\
         cp /lab/modprobe.conf /new/etc/modprobe.d/lab.conf\n\
         mount --move /host /new/lab/host\n\
         mount --move /proc /new/proc\n\
         mount --move /dev /new/dev\n\
         . /new/lab/conf\n\
         trap - EXIT\n\
         exec switch_root /new $LAB_GUEST/init\n",
    );
    text
}

/// The lines of modules.dep that `name` needs, in the order of loading.
fn with_dependencies<'a>(modules_dep: &'a str, name: &str) -> Result<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    for line in modules_dep.lines() {
        let Some((file, needs)) = line.split_once(':') else {
            continue;
        };
        if file_stem(file.as_ref()) != name {
            continue;
        }
        // depmod lists them with what is loaded last first.
        let order: Vec<_> = needs
            .split_whitespace()
            .rev()
            .chain([file])
            .filter(|f| seen.insert(*f))
            .collect();
        return Ok(order);
    }
    bail!("the kernel has no module {name}")
}

/// A module's name, of a path with any ending.
fn file_stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().replace('-', "_")
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{}", path.display()))
}

/// A module's contents, unpacked if it is packed.
fn unpacked(path: &Path) -> Result<Vec<u8>> {
    if path.extension().is_none_or(|extension| extension != "xz") {
        return read(path);
    }
    let output = Command::new("xz")
        .arg("-dc")
        .arg(path)
        .output()
        .context("xz")?;
    if !output.status.success() {
        bail!(
            "{}: {}",
            path.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(output.stdout)
}

/// A cpio archive in the newc format.
#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    inodes: u32,
}

impl Archive {
    fn directory(&mut self, name: &str) {
        self.entry(name, 0o040_755, &[]);
    }

    fn file(&mut self, name: &str, mode: u32, contents: &[u8]) {
        self.entry(name, 0o100_000 | mode, contents);
    }

    fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }

    fn entry(&mut self, name: &str, mode: u32, contents: &[u8]) {
        self.inodes += 1;
        let size = u32::try_from(contents.len()).expect("a file of the initramfs is small");
        let length = u32::try_from(name.len() + 1).expect("a name is short");
        // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
        let fields = [self.inodes, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, length, 0];
        self.bytes.extend_from_slice(b"070701");
        for field in fields {
            self.bytes
                .extend_from_slice(format!("{field:08X}").as_bytes());
        }
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend_from_slice(contents);
        self.pad();
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_is_newc() {
        let mut archive = Archive::default();
        archive.file("init", 0o755, b"abc");
        let bytes = archive.finish();
        assert_eq!(&bytes[..22], b"07070100000001000081ED");
        // 110 bytes of header, the name with its zero padded to 116, the contents padded.
        assert_eq!(&bytes[110..120], b"init\0\0abc\0");
        assert_eq!(&bytes[120..126], b"070701");
        assert_eq!(bytes.len() % 4, 0);
    }

    #[test]
    fn dependencies_come_first() {
        let text = "a/9p.ko.xz: b/9pnet.ko.xz c/netfs.ko.xz\nb/9pnet.ko.xz: c/netfs.ko.xz\nc/netfs.ko.xz:\n";
        assert_eq!(
            with_dependencies(text, "9p").unwrap(),
            ["c/netfs.ko.xz", "b/9pnet.ko.xz", "a/9p.ko.xz"]
        );
        assert!(with_dependencies(text, "overlay").is_err());
    }

    #[test]
    fn a_module_is_named_by_its_file() {
        assert_eq!(file_stem("kernel/fs/9p/9p.ko.xz".as_ref()), "9p");
        assert_eq!(file_stem("gpio-virtio.ko".as_ref()), "gpio_virtio");
    }
}
