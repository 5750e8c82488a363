#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The stock Debian kernel, made ready for Rust modules (see kernel-recipe.sh).
#
#   kernel.sh path     print where it is (made first where it is not yet)
#   kernel.sh update   look for a newer version of the series from now on

set -euo pipefail
. "$(dirname "$0")/lib.sh"

root=$("$TOP/scripts/root.sh" path)
series=$(grep -v '^#' "$TOP/scripts/kernel.series")
# The version once found is kept, so that a build needs no network.
record=$root/.kernel-$series

resolve() {
	local found
	found=$("$TOP/scripts/root.sh" run apt-cache search --names-only \
		"^linux-headers-${series//./\\.}\.[0-9]+\+deb[0-9]+-amd64$" |
		sed 's/^linux-headers-\(.*\)-amd64 .*/\1/' | sort -V | tail -n 1)
	[ -n "$found" ] || die "trixie-backports serve no Linux $series.y any more:" \
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
	dir=$CACHE/kernel-$version-$(recipe_hash scripts/root-recipe.sh scripts/root.packages \
		scripts/kernel-recipe.sh scripts/kernel-symbols.sh)
	[ -e "$dir/.complete" ] ||
		"$TOP/scripts/root.sh" run "$TOP/scripts/kernel-recipe.sh" "$dir" "$version"
	echo "$dir"
	;;
*) die "usage: kernel.sh path | update" ;;
esac
