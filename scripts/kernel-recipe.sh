#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-recipe.sh DIR VERSION ARCH - makes in DIR what a Rust module needs that is
# to load into Debian's own kernel VERSION (7.3.4+deb13) for its architecture ARCH
# (amd64 or arm64), and the kernel itself:
#
#   vmlinuz, modules/   the stock kernel and its modules
#   source/, build/     the source it was built from, and a build tree with the
#                       Rust metadata that the linux-headers package leaves out
#   release             its release string
#
# Same source, same configuration, same compiler: the metadata made here gives
# every Rust symbol the very name that the stock kernel exports, and that is
# checked (kernel-symbols.sh). Runs inside the build root; done steps are not
# done again.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
dir=$1
version=$2
arch=$3
release=$version-$arch

mkdir -p "$dir/deb"
cd "$dir"

# todo NAME - true while the step NAME is not done.
todo() { [ ! -e ".done-$1" ]; }
finish() { touch ".done-$1"; }

fetch() {
	cd deb && apt-get -q download \
		"linux-headers-$release:$arch" "linux-binary-unsigned-$release:$arch" \
		"linux-modules-$release:$arch" "linux-source-${version%.*}"
}

unpack() {
	local deb
	rm -rf tree source
	for deb in deb/*.deb; do
		dpkg-deb -x "$deb" tree
	done
	mkdir source
	tar -xf tree/usr/src/linux-source-*.tar.xz -C source --strip-components=1
	rm tree/usr/src/linux-source-*.tar.xz
	mkdir -p modules/lib/modules
	rm -rf "modules/lib/modules/$release"
	mv tree/usr/lib/modules/"$release" modules/lib/modules/
	mv "modules/lib/modules/$release/vmlinuz.unsigned" vmlinuz
	rm -f "modules/lib/modules/$release/"{build,source}
	depmod -b modules "$release"
	echo "$release" >release
}

metadata() {
	local variables=()
	# Without the 32-bit compiler the configuration would be another one.
	[ "$arch" = amd64 ] || variables=(
		ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- CROSS_COMPILE_COMPAT=arm-linux-gnueabihf-)
	"$TOP/scripts/kernel-metadata.sh" "$dir/source" "$dir/tree/usr/src/linux-headers-$release" \
		"$dir/build" "$release" "${variables[@]}"
}

if todo fetch; then step "Fetching Linux $release: headers, source, kernel (300 MB)" fetch; finish fetch; fi
if todo unpack; then step "Unpacking them" unpack; finish unpack; fi
if todo metadata; then step "Making the kernel's Rust metadata (2 minutes)" metadata; finish metadata; fi
if todo symbols; then
	step "Comparing its Rust symbols with the stock kernel's" \
		"$TOP/scripts/kernel-symbols.sh" "$dir/build"
	tail -n 1 "$CACHE/log/Comparing-its-Rust-symbols-with-the-stock-kernel-s.log" >&2
	finish symbols
fi
rm -rf deb tree
touch .complete
