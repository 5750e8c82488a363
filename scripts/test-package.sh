#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-package.sh - installs tinydrm by make and as a package into a Debian that has
# nothing of it, loads it there in the guest by its modalias, and removes it without
# a trace. Told in TAP; takes ten minutes.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tap.sh"
cd "$TOP"
kernel=$(scripts/kernel.sh path) || exit 1
release=$(<"$kernel/release")
make --no-print-directory guest >&2 || exit 1

# What the guest's scripts need, and the kernel's packages.
packages=(busybox-static kmod kbd mount procps udev)
kernel_packages=("linux-headers-$release" "linux-modules-$release")
base=$CACHE/clean-root-$(printf %s "${packages[*]}" | sha256sum | cut -c1-12)
clean=$CACHE/test-package
archives=$CACHE/archives

make_base() {
	rm -rf "$base"
	mmdebstrap --variant=apt --include="$(IFS=,; echo "${packages[*]}")" trixie "$base" ${TINYDRM_MIRROR:-} &&
		sed -n 's/ trixie main/ trixie-backports main/p' "$base/etc/apt/sources.list" | head -n 1 \
			>"$base/etc/apt/sources.list.d/backports.list" &&
		scripts/root.sh in "$base" apt-get -q update
}
[ -e "$base.made" ] || { step "Fetching a clean Debian (100 MB)" make_base && touch "$base.made"; } || exit 1

# in_clean COMMAND... - inside the copy of the clean root.
in_clean() { scripts/root.sh in "$clean" env DEBIAN_FRONTEND=noninteractive "$@"; }
apt_install() {
	mkdir -p "$archives/partial"
	in_clean apt-get -q -y --no-install-recommends -o Dir::Cache::archives="$archives" \
		-o APT::Sandbox::User=root -o Binary::apt-get::APT::Keep-Downloaded-Packages=true \
		-o Dpkg::Options::=--force-unsafe-io install "$@"
}

tap_plan 14


# files - everything in the root, but what records what was done.
files() {
	(cd "$clean" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./run \
		-o -path ".$TOP" -o -path ".$CACHE" -o -path ./var/log -o -path ./var/cache \
		-o -path ./var/lib/apt -o -path ./var/lib/dpkg \) -prune \
		-o -type f -exec md5sum {} + -o -printf '%y %p %l\n' | sort -k 2)
}

no_trace() {
	files >"$CACHE/log/files-after"
	diff "$CACHE/log/files-before" "$CACHE/log/files-after"
}

loads_in_guest() { make --no-print-directory test-installed INSTALLED_ROOT="$clean"; }

# install_package - says why dkms could not build it, if so.
install_package() { apt_install "$deb" || { cat "$clean"/var/lib/dkms/tinydrm/*/build/make.log; return 1; }; }

built_by_dkms() {
	in_clean dkms status -m tinydrm -k "$release" | grep ': installed$' &&
		in_clean modinfo -k "$release" -F depends tinydrm_ili9341 | grep tinydrm
}

# --- make install ---------------------------------------------------------

rm -rf "$clean"
cp -a "$base" "$clean"
ok "the kernel's packages" apt_install "${kernel_packages[@]}"
in_clean depmod "$release"
files >"$CACHE/log/files-before"
ok "make install" make --no-print-directory install DESTDIR="$clean"
ok "the modules are found by their aliases" in_clean modprobe -S "$release" -n spi:yx240qv29
ok "and load in the guest" loads_in_guest
ok "make uninstall" make --no-print-directory uninstall DESTDIR="$clean"
ok "nothing is left" no_trace

# --- the package ----------------------------------------------------------

ok "make deb" make --no-print-directory deb
deb=$(ls "$TOP"/out/tinydrm-dkms_*_all.deb)
depends=$(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g')
# shellcheck disable=SC2086 # words
ok "what it depends on" apt_install $depends
in_clean depmod "$release"
files >"$CACHE/log/files-before"
ok "the package is installed" install_package
ok "dkms has built it" built_by_dkms
ok "and it loads in the guest" loads_in_guest
ok "it is removed" in_clean apt-get -q -y purge tinydrm-dkms
ok "dkms has forgotten it" not grep -r tinydrm "$clean/var/lib/dkms"
ok "nothing is left" no_trace
rm -rf "$clean"
tap_end
