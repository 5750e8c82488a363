// SPDX-License-Identifier: GPL-2.0
//! A command with more parameters than the command buffer has room for.
//~ E0080 evaluation of constant value failed

include!("common.rs");

/// Misuse.
pub const STEP: tinydrm::mipi_dbi::Step = tinydrm::mipi_dbi::cmd(0xe0, &[0; 65]);
