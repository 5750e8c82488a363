#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# root-recipe.sh DIR - makes the build root in DIR: Debian trixie with its
# backports, and the packages of root.packages. Interrupted, it goes on where
# it was. This file and root.packages name the cached root by their hash, so
# nothing else belongs here.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
dir=$1

if ! command -v mmdebstrap >/dev/null; then
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
		die "mmdebstrap is missing: sudo apt-get install mmdebstrap"
	say "Installing mmdebstrap from the distribution's packages"
	apt-get update -qq >/dev/null
	apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null 2>&1 ||
		die "mmdebstrap could not be installed: apt-get install mmdebstrap"
fi

# The base is unpacked beside its final place: a half-made one is never used.
if [ ! -e "$dir/etc/debian_version" ]; then
	rm -rf "$dir.partial"
	mkdir -p "$(dirname "$dir")"
	step "Fetching the base of the build root (Debian trixie, 60 MB)" \
		mmdebstrap --variant=apt --include=ca-certificates trixie "$dir.partial" ${TINYDRM_MIRROR:-}
	# Backports come from the mirror that the base came from.
	sed -n 's/ trixie main/ trixie-backports main/p' "$dir.partial/etc/apt/sources.list" | head -n 1 \
		>"$dir.partial/etc/apt/sources.list.d/backports.list"
	printf '%s\n' amd64 arm64 >"$dir.partial/var/lib/dpkg/arch"
	mv "$dir.partial" "$dir"
fi

mapfile -t packages < <(grep -v '^#' "$TOP/scripts/root.packages" | grep .)
# Downloads are kept by apt until the end, so a second try fetches only the rest.
step "Updating the package lists" "$TOP/scripts/root.sh" in "$dir" apt-get -q update
step "Installing ${#packages[@]} packages into the build root (1 GB)" \
	"$TOP/scripts/root.sh" in "$dir" env DEBIAN_FRONTEND=noninteractive \
	apt-get -q -y --no-install-recommends -o Binary::apt::APT::Keep-Downloaded-Packages=true \
	-o Dpkg::Options::=--force-unsafe-io install "${packages[@]}"
"$TOP/scripts/root.sh" in "$dir" apt-get clean
touch "$dir/.complete"
