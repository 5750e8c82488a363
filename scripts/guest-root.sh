#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The root that the guest boots from (see guest-root-recipe.sh): the build root, unless
# that is of another architecture than ARCH in the environment.
#
#   guest-root.sh path     print where it is (made first where it is not yet)

set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ "${1:-}" = path ] || die "usage: guest-root.sh path"

# The lab runs inside the build root.
[ "$DEBIAN_ARCH" != amd64 ] || { echo /; exit; }
dir=$CACHE/guest-root-$DEBIAN_ARCH-$(recipe_hash scripts/guest-root-recipe.sh scripts/guest-root.packages)
[ -e "$dir/.complete" ] || alone "$dir"
[ -e "$dir/.complete" ] || "$TOP/scripts/guest-root-recipe.sh" "$dir" "$DEBIAN_ARCH"
echo "$dir"
