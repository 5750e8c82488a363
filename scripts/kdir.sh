#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kdir.sh KDIR - fails with one clear line unless Rust modules can be built on
# the kernel tree KDIR with the rustc that is at hand.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
kdir=$1

[ -e "$kdir/include/config/auto.conf" ] || die "$kdir is no kernel build tree"
[ -e "$kdir/rust/libkernel.rmeta" ] ||
	die "$kdir has no Rust metadata (rust/libkernel.rmeta is missing): run 'make prepare' with" \
		"CONFIG_RUST=y there; or plain 'make', which makes it for Debian's kernel"
built=$(sed -n 's/^CONFIG_RUSTC_VERSION_TEXT=//p' "$kdir/include/config/auto.conf" | tr -d '"')
# In the checkout, rustup takes rust-toolchain.toml at its word; elsewhere it tells what it has.
have=$(${RUSTC:-rustc} --version 2>/dev/null || (cd / && ${RUSTC:-rustc} --version 2>/dev/null) || true)
[ -n "$have" ] || die "there is no rustc here, and the kernel was built by '$built'"
[ "$built" = "$have" ] ||
	die "the kernel was built by '$built', but the rustc here is '$have': metadata of one is no" \
		"good to the other"
