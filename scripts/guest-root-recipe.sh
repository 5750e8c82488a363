#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest-root-recipe.sh DIR ARCH - makes in DIR a root for a guest of Debian's architecture
# ARCH. Its packages are unpacked and no more: nothing in them can be executed here,
# and what the guest needs works like that.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
dir=$1
arch=$2

# The build root's recipe has seen to it that mmdebstrap is there.
"$TOP/scripts/root.sh" path >/dev/null
packages=$(grep -v '^#' "$TOP/scripts/guest-root.packages" | grep . | paste -sd,)
rm -rf "$dir.partial"
step "Fetching a root for the $arch guest (60 MB)" \
	mmdebstrap --architectures="$arch" --variant=extract --include="$packages" \
	trixie "$dir.partial" ${TINYDRM_MIRROR:-}
# What its configuration would have made.
ln -s mawk "$dir.partial/usr/bin/awk"
mv "$dir.partial"/* "$dir/"
rmdir "$dir.partial"
touch "$dir/.complete"
