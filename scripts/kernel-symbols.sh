#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-symbols.sh BUILD - fails unless every Rust symbol that the metadata in
# the kernel build tree BUILD promises to modules is one that the stock kernel
# exports: those are the names that the linker will look for at insmod.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
build=$1

made=$(sed -n 's/^EXPORT_SYMBOL_RUST_GPL(\(.*\));$/\1/p' "$build"/rust/exports_*_generated.h | sort -u)
stock=$(awk '{ print $2 }' "$build/Module.symvers" | sort -u)
[ -n "$made" ] || die "no Rust symbols were generated in $build/rust"
missing=$(comm -23 <(echo "$made") <(echo "$stock"))
if [ -n "$missing" ]; then
	echo "$missing"
	die "$(echo "$missing" | wc -l) Rust symbols of the metadata are not in the stock kernel"
fi
echo "    $(echo "$made" | wc -l) Rust symbols, all exported by the stock kernel"
