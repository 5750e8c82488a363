// SPDX-License-Identifier: GPL-2.0

//! The machine: QEMU's command line, and the process that it becomes.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::arch::Arch;
use crate::child::{Turn, die_with_us};
use crate::devicetree;
use crate::qmp::Monitor;

/// The bus behind the root port that the panel is plugged into.
pub const PANEL_BUS: &str = "panel-port";

/// The root port's number on the machine's first bus, the same as in board.dts.
const PANEL_PORT: &str = "0x10";

/// What executes the guest's instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accel {
    /// The processor.
    Kvm,
    /// QEMU's translator: slow, but there on every machine.
    Tcg,
    /// The same for one processor, whose clock counts instructions.
    Counted,
}

impl Accel {
    /// As `TINYDRM_ACCEL` says; else KVM where it works for this kernel.
    pub fn choose(arch: Arch, kernel: &Path) -> Result<Self> {
        match std::env::var("TINYDRM_ACCEL").as_deref() {
            Ok("kvm") => Ok(Self::Kvm),
            Ok("tcg") => Ok(Self::Tcg),
            Ok(other) if !other.is_empty() => {
                bail!("TINYDRM_ACCEL is {other:?}: it may be kvm or tcg")
            }
            _ if arch == Arch::X86 && arch.is_ours() && kvm_works(kernel) => Ok(Self::Kvm),
            _ => Ok(Self::Tcg),
        }
    }

    /// Its name, as `TINYDRM_ACCEL` has it where one may ask for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Tcg => "tcg",
            Self::Counted => "tcg, counting instructions",
        }
    }

    /// How many processors the guest has.
    fn processors(self) -> u32 {
        match self {
            Self::Kvm | Self::Tcg => 2,
            Self::Counted => 1,
        }
    }
}

/// Whether the kernel starts under KVM. /dev/kvm may be there and be of no use:
/// some clouds nest machines by a KVM that runs none but their own kernels. So
/// the kernel is started without a root; to panic and shut down is its success.
fn kvm_works(kernel: &Path) -> bool {
    let hardware = ["kvm_intel", "kvm_amd"].map(|module| Path::new("/sys/module").join(module));
    if !Path::new("/dev/kvm").exists() || !hardware.iter().any(|module| module.exists()) {
        return false;
    }
    let child = die_with_us(Arch::X86.qemu())
        .args([
            "-accel",
            "kvm",
            "-cpu",
            "host",
            "-machine",
            "q35",
            "-m",
            "512M",
            "-no-user-config",
        ])
        .args([
            "-nodefaults",
            "-display",
            "none",
            "-no-reboot",
            "-qmp",
            "stdio",
            "-kernel",
        ])
        .arg(kernel.join("vmlinuz"))
        .args(["-append", "panic=-1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let (sender, receiver) = mpsc::channel();
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    if let Some(stdout) = stdout {
        thread::spawn(move || {
            // An instruction that it cannot execute stops the machine.
            let verdict =
                |line: &String| line.contains("\"SHUTDOWN\"") || line.contains("\"STOP\"");
            let line = BufReader::new(stdout)
                .lines()
                .map_while(Result::ok)
                .find(verdict);
            let _ = sender.send(line.is_some_and(|line| line.contains("\"SHUTDOWN\"")));
        });
    }
    let greeted = stdin.is_some_and(|mut stdin| {
        stdin
            .write_all(b"{\"execute\":\"qmp_capabilities\"}\n")
            .is_ok()
            && receiver
                .recv_timeout(Duration::from_secs(15))
                .unwrap_or(false)
    });
    let _ = child.kill();
    let _ = child.wait();
    greeted
}

/// Where the guest's serial console goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Console {
    /// To `serial.log`.
    Log,
    /// To the terminal that the lab runs in.
    Terminal,
}

/// All that a machine is made of.
pub struct Setup {
    /// What kind of machine it is.
    pub arch: Arch,
    /// What executes it.
    pub accel: Accel,
    /// Whose turn it is on the host.
    pub turn: Turn,
    /// Where its console goes.
    pub console: Console,
    /// The kernel's image.
    pub kernel: PathBuf,
    /// Its initramfs.
    pub initrd: PathBuf,
    /// What the kernel is told besides.
    pub append: String,
    /// Where its logs go.
    pub out: PathBuf,
    /// Where its sockets are.
    pub sockets: PathBuf,
}

impl Setup {
    /// The socket of a port: `qmp`, `control` or `run`.
    fn socket(&self, port: &str) -> PathBuf {
        self.sockets.join(port)
    }

    /// QEMU's arguments for the bare machine.
    fn board(&self) -> Vec<String> {
        let mut line: Vec<String> = Vec::new();
        let mut add = |words: &[&str]| line.extend(words.iter().map(|&word| word.to_owned()));

        add(&[
            "-no-user-config",
            "-nodefaults",
            "-display",
            "none",
            "-no-reboot",
        ]);
        match self.accel {
            Accel::Kvm => add(&["-accel", "kvm"]),
            Accel::Tcg => add(&["-accel", "tcg,thread=multi"]),
            Accel::Counted => add(&[
                "-accel",
                "tcg,thread=single",
                "-icount",
                "shift=0,sleep=off",
            ]),
        }
        add(&["-cpu", self.arch.processor(self.accel)]);
        // The panel emulator maps the guest's memory, so it is a shared file.
        let machine = format!("{},memory-backend=mem", self.arch.board());
        let processors = self.accel.processors().to_string();
        add(&["-machine", &machine, "-smp", &processors, "-m", "1G"]);
        add(&["-object", "memory-backend-memfd,id=mem,size=1G,share=on"]);
        line
    }

    /// QEMU's arguments, with the device tree if there is one.
    fn arguments(&self, tree: Option<&Path>) -> Vec<String> {
        let mut line = self.board();
        let mut add = |words: &[&str]| line.extend(words.iter().map(|&word| word.to_owned()));
        let path = |path: &Path| path.display().to_string();

        add(&[
            "-kernel",
            &path(&self.kernel),
            "-initrd",
            &path(&self.initrd),
        ]);
        add(&["-append", &kernel_command_line(self.arch, &self.append)]);
        if let Some(tree) = tree {
            add(&["-dtb", &path(tree)]);
        }

        match self.console {
            Console::Log => add(&[
                "-serial",
                &format!("file:{}", path(&self.out.join("serial.log"))),
            ]),
            Console::Terminal => {
                add(&[
                    "-chardev",
                    "stdio,id=console,signal=off",
                    "-serial",
                    "chardev:console",
                ]);
            }
        }

        // The guest's root is the build root that we are in, and what is mounted there. The guest
        // may sleep: a device that keeps its state meanwhile need not be set up again, which the
        // driver of 9p cannot do. Only a PCI Express device can say so.
        add(&["-global", "virtio-pci.x-pcie-pm-no-soft-reset=on"]);
        add(&[
            "-fsdev",
            "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
        ]);
        add(&["-device", "pcie-root-port,id=host-port,chassis=2,slot=2"]);
        add(&[
            "-device",
            "virtio-9p-pci,bus=host-port,fsdev=host,mount_tag=host",
        ]);
        add(&["-device", "virtio-rng-pci"]);

        add(&["-device", "pcie-root-port,id=lab-port,chassis=3,slot=3"]);
        add(&["-device", "virtio-serial-pci,bus=lab-port"]);
        for port in ["control", "run"] {
            add(&[
                "-chardev",
                &format!("socket,id={port},path={}", path(&self.socket(port))),
            ]);
            add(&[
                "-device",
                &format!("virtserialport,chardev={port},name=lab.{port}"),
            ]);
        }
        add(&["-qmp", &format!("unix:{}", path(&self.socket("qmp")))]);

        add(&[
            "-device",
            &format!("pcie-root-port,id={PANEL_BUS},chassis=1,slot=1,addr={PANEL_PORT}"),
        ]);
        line
    }

    /// Makes the device tree of a machine that has one.
    fn devicetree(&self) -> Result<Option<PathBuf>> {
        match self.arch {
            Arch::X86 => Ok(None),
            Arch::Arm64 => devicetree::make(self.arch.qemu(), &self.board(), &self.out).map(Some),
        }
    }
}

/// What the kernel is told. A panic ends QEMU at once; the log is long enough
/// for a whole run, and the console's cursor does not blink into a test's picture.
fn kernel_command_line(arch: Arch, more: &str) -> String {
    [
        &format!("console={}", arch.console()),
        "loglevel=6",
        "panic=-1",
        "oops=panic",
        "log_buf_len=4M",
        "printk.devkmsg=on",
        "vt.global_cursor_default=0",
        "consoleblank=0",
        "audit=0",
        "apparmor=0",
        "mitigations=off",
        arch.kernel_words(),
        more,
    ]
    .join(" ")
}

/// A running QEMU. It ends when this is dropped, and when the lab dies.
pub struct Machine {
    child: Child,
    out: PathBuf,
}

/// The lab's ends of a machine's sockets.
pub struct Ports {
    /// QEMU's monitor.
    pub monitor: Monitor,
    /// The guest asks here.
    pub control: UnixStream,
    /// The guest is told here what to run.
    pub run: UnixStream,
}

impl Machine {
    /// Starts QEMU. Call it on the main thread: the kernel ends the child
    /// with the thread that started it.
    pub fn start(setup: &Setup) -> Result<(Self, Ports)> {
        let tree = setup.devicetree()?;
        let listeners = ["qmp", "control", "run"].map(|port| {
            UnixListener::bind(setup.socket(port)).with_context(|| format!("socket {port}"))
        });
        let [qmp, control, run] = listeners;
        let (qmp, control, run) = (qmp?, control?, run?);

        let arguments = setup.arguments(tree.as_deref());
        let text = format!(
            "{} {}\n",
            setup.arch.qemu(),
            arguments
                .iter()
                .map(|a| quoted(a))
                .collect::<Vec<_>>()
                .join(" ")
        );
        std::fs::write(setup.out.join("qemu.cmdline"), text)?;

        let log = File::create(setup.out.join("qemu.log"))?;
        let (stdin, stdout) = match setup.console {
            Console::Log => (Stdio::null(), Stdio::from(log.try_clone()?)),
            Console::Terminal => (Stdio::inherit(), Stdio::inherit()),
        };
        let child = setup
            .turn
            .machine(setup.arch.qemu())
            .args(&arguments)
            .stdin(stdin)
            .stdout(stdout)
            .stderr(log)
            .spawn()
            .context(setup.arch.qemu())?;
        let mut machine = Self {
            child,
            out: setup.out.clone(),
        };

        let control = machine.accept(control)?;
        let run = machine.accept(run)?;
        let monitor = Monitor::new(machine.accept(qmp)?)?;
        Ok((
            machine,
            Ports {
                monitor,
                control,
                run,
            },
        ))
    }

    /// Waits for QEMU to connect, or to end instead.
    fn accept(&mut self, listener: UnixListener) -> Result<UnixStream> {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(listener.accept()));
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            match receiver.recv_timeout(Duration::from_millis(50)) {
                Ok(accepted) => return Ok(accepted?.0),
                Err(_) if Instant::now() > deadline => bail!("QEMU does not connect"),
                Err(_) if self.child.try_wait()?.is_some() => {
                    let log =
                        std::fs::read_to_string(self.out.join("qemu.log")).unwrap_or_default();
                    bail!("QEMU ended at once: {}", log.trim());
                }
                Err(_) => {}
            }
        }
    }

    /// Waits for QEMU to end by itself.
    pub fn wait(&mut self) -> Result<()> {
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=,./:@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(accel: Accel, console: Console) -> Vec<String> {
        setup_of(Arch::X86, accel, console, None)
    }

    fn setup_of(arch: Arch, accel: Accel, console: Console, tree: Option<&Path>) -> Vec<String> {
        Setup {
            arch,
            accel,
            turn: Turn::Fair,
            console,
            kernel: "/k/vmlinuz".into(),
            initrd: "/o/initramfs".into(),
            append: String::new(),
            out: "/o".into(),
            sockets: "/s".into(),
        }
        .arguments(tree)
    }

    fn has(line: &[String], option: &str, value: &str) -> bool {
        line.windows(2)
            .any(|pair| pair[0] == option && pair[1] == value)
    }

    #[test]
    fn the_panel_can_map_the_memory_and_is_not_there_at_boot() {
        let line = setup(Accel::Tcg, Console::Log);
        assert!(has(&line, "-machine", "q35,memory-backend=mem"));
        assert!(has(
            &line,
            "-object",
            "memory-backend-memfd,id=mem,size=1G,share=on"
        ));
        assert!(has(
            &line,
            "-device",
            "pcie-root-port,id=panel-port,chassis=1,slot=1,addr=0x10"
        ));
        assert!(!line.iter().any(|word| word.contains("vhost-user")));
    }

    #[test]
    fn the_accelerator_and_the_console_are_as_asked() {
        let line = setup(Accel::Kvm, Console::Log);
        assert!(has(&line, "-accel", "kvm") && has(&line, "-cpu", "host"));
        assert!(has(&line, "-serial", "file:/o/serial.log"));
        let line = setup(Accel::Tcg, Console::Terminal);
        assert!(has(&line, "-accel", "tcg,thread=multi") && has(&line, "-cpu", "max"));
        assert!(has(&line, "-serial", "chardev:console"));
        let line = setup(Accel::Counted, Console::Log);
        assert!(has(&line, "-icount", "shift=0,sleep=off") && has(&line, "-smp", "1"));
    }

    #[test]
    fn a_board_with_a_device_tree_is_told_of_it() {
        let tree = Path::new("/o/board.dtb");
        let line = setup_of(Arch::Arm64, Accel::Tcg, Console::Log, Some(tree));
        assert!(has(&line, "-machine", "virt,memory-backend=mem"));
        assert!(has(&line, "-cpu", "cortex-a72") && has(&line, "-dtb", "/o/board.dtb"));
        assert!(
            !setup(Accel::Tcg, Console::Log)
                .iter()
                .any(|word| word == "-dtb")
        );
    }

    #[test]
    fn the_tree_describes_the_port_that_the_panel_is_plugged_into() {
        let number = u32::from_str_radix(PANEL_PORT.trim_start_matches("0x"), 16).unwrap();
        let node = format!(
            "pci@{number:x},0 {{\n\t\t\tdevice_type = \"pci\";\n\t\t\treg = <{:#x} ",
            number << 11
        );
        assert!(devicetree::SLOT.contains(&node), "no {node}");
    }

    #[test]
    fn ports_have_the_names_that_the_guest_looks_for() {
        let line = setup(Accel::Kvm, Console::Log);
        for port in ["control", "run"] {
            assert!(has(
                &line,
                "-device",
                &format!("virtserialport,chardev={port},name=lab.{port}")
            ));
            assert!(has(
                &line,
                "-chardev",
                &format!("socket,id={port},path=/s/{port}")
            ));
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a=b,c"), "a=b,c");
        assert_eq!(quoted("it's a"), r"'it'\''s a'");
    }
}
