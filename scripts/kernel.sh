#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The stock Debian kernel, made ready for Rust modules (see kernel-recipe.sh).
#
# For ARCH in the environment, x86 or arm64.
#
#   kernel.sh path     print where it is (made first where it is not yet)
#   kernel.sh update   look for a newer version of the series from now on

set -euo pipefail
. "$(dirname "$0")/lib.sh"

root=$("$TOP/scripts/root.sh" path)
series=$(grep -v '^#' "$TOP/scripts/kernel.series")
# The version once found is kept, so that a build needs no network.
record=$root/.kernel-$series-$DEBIAN_ARCH

resolve() {
	local found
	found=$("$TOP/scripts/root.sh" run apt-cache search --names-only \
		"^linux-headers-${series//./\\.}\.[0-9]+\+deb[0-9]+-$DEBIAN_ARCH$" |
		sed 's/^linux-headers-\(.*\)-'$DEBIAN_ARCH' .*/\1/' | sort -V | tail -n 1)
	[ -n "$found" ] || die "trixie-backports serve no Linux $series.y for $DEBIAN_ARCH (any more):" \
		"put a series that they do into scripts/kernel.series"
	echo "$found" >"$record"
	say "The newest Linux $series.y that is served: $found"
}

[ -e "$record" ] || resolve
case ${1:-} in
update)
	step "Updating the package lists" "$TOP/scripts/root.sh" run apt-get -q update
	resolve
	;;
path)
	version=$(cat "$record")
	dir=$CACHE/kernel-$version-$DEBIAN_ARCH-$(recipe_hash scripts/root-recipe.sh scripts/root.packages \
		scripts/kernel-recipe.sh scripts/kernel-metadata.sh scripts/kernel-symbols.sh)
	[ -e "$dir/.complete" ] || alone "$dir"
	[ -e "$dir/.complete" ] ||
		"$TOP/scripts/root.sh" run "$TOP/scripts/kernel-recipe.sh" "$dir" "$version" "$DEBIAN_ARCH"
	echo "$dir"
	;;
*) die "usage: kernel.sh path | update" ;;
esac
