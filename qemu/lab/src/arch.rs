// SPDX-License-Identifier: GPL-2.0

//! The machines that there are guests for, and what is different about them.

use clap::ValueEnum;

use crate::machine::Accel;

/// An architecture, as the kernel calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Arch {
    /// A PC, which has no device tree.
    X86,
    /// QEMU's board "virt", which has one.
    Arm64,
}

impl Arch {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86",
            Self::Arm64 => "arm64",
        }
    }

    /// Whether it is the one that this program runs on.
    pub fn is_ours(self) -> bool {
        match self {
            Self::X86 => cfg!(target_arch = "x86_64"),
            Self::Arm64 => cfg!(target_arch = "aarch64"),
        }
    }

    /// The QEMU that emulates it.
    pub fn qemu(self) -> &'static str {
        match self {
            Self::X86 => "qemu-system-x86_64",
            Self::Arm64 => "qemu-system-aarch64",
        }
    }

    /// The machine's type.
    pub fn board(self) -> &'static str {
        match self {
            Self::X86 => "q35",
            Self::Arm64 => "virt",
        }
    }

    /// The processor's type.
    pub fn processor(self, accel: Accel) -> &'static str {
        match (self, accel) {
            (_, Accel::Kvm) => "host",
            (Self::X86, _) => "max",
            // The translator is slower with all that there is on arm64.
            (Self::Arm64, _) => "cortex-a72",
        }
    }

    /// Where cargo puts programs for it, if not beside this one.
    pub fn target(self) -> &'static str {
        match self {
            Self::X86 => "x86_64-unknown-linux-gnu",
            Self::Arm64 => "aarch64-unknown-linux-gnu",
        }
    }

    /// The serial console.
    pub fn console(self) -> &'static str {
        match self {
            Self::X86 => "ttyS0",
            Self::Arm64 => "ttyAMA0",
        }
    }

    /// What its kernel is told besides.
    pub fn kernel_words(self) -> &'static str {
        match self {
            Self::X86 => "",
            // A port that sleeps relies on an event to wake it, which QEMU's does not send.
            Self::Arm64 => "pcie_port_pm=off",
        }
    }

    /// The module of ours that describes the panel to the guest's kernel.
    pub fn board_module(self) -> &'static str {
        match self {
            Self::X86 => "tinydrm_board",
            Self::Arm64 => "tinydrm_overlay",
        }
    }
}
