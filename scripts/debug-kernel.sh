#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The debug kernel that "make test-debug" boots (see debug-kernel-recipe.sh).
#
#   debug-kernel.sh path     print where it is (made first where it is not yet)

set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ "${1:-}" = path ] || die "usage: debug-kernel.sh path"
[ "$DEBIAN_ARCH" = amd64 ] || die "there is a debug kernel for x86 only, not for ARCH=$ARCH"

# The stock kernel's directory is named by its version and its recipe.
kernel=$("$TOP/scripts/kernel.sh" path)
name=${kernel##*/kernel-}
dir=$CACHE/debug-${name%-*}-$({
	echo "$name"
	recipe_hash scripts/debug-kernel.config scripts/debug-kernel-recipe.sh
} | sha256sum | cut -c1-12)
[ -e "$dir/.complete" ] || alone "$dir"
[ -e "$dir/.complete" ] ||
	"$TOP/scripts/root.sh" run "$TOP/scripts/debug-kernel-recipe.sh" "$dir" "$kernel"
echo "$dir"
