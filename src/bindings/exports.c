// SPDX-License-Identifier: GPL-2.0
/*
 * Exports the Rust symbols of the library to the panel drivers, the way that
 * rust/exports.c of the kernel exports its own. The list is made from the
 * object file at build time.
 */

#include <linux/export.h>

#define EXPORT_SYMBOL_RUST_GPL(sym) extern int sym; EXPORT_SYMBOL_GPL(sym)

#include "exports_generated.h"
