#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms-build.sh RELEASE KDIR - builds the modules for the kernel RELEASE, the headers of
# which are in KDIR, into out/modules: what dkms.conf calls. Where the headers have no
# Rust metadata, as Debian's, it is made from the package of the kernel's source,
# which takes minutes; kept it would take more space than it is worth.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
release=$1
kdir=$2
cd "$TOP"

metadata() {
	local series tarball=
	series=$(cut -d. -f1,2 <<<"$release")
	for tarball in /usr/src/linux-source-"$series".tar.*; do :; done
	[ -e "$tarball" ] ||
		die "$kdir has no Rust metadata, and it cannot be made without the package linux-source-$series"
	mkdir -p out/source
	# Code that is no part of the metadata is most of it.
	tar -xf "$tarball" -C out/source --strip-components=1 --anchored --wildcards \
		--exclude="linux-source-$series/Documentation/*/*" --exclude='*.dts*' \
		--exclude="linux-source-$series/tools/testing/*" --exclude="linux-source-$series/drivers/*.c" \
		--exclude="linux-source-$series/sound/*.c" --exclude="linux-source-$series/net/*.c" \
		--exclude="linux-source-$series/fs/*.c"
	version=$(make -s -C out/source kernelversion)
	# Debian's releases begin with it.
	[ "$version" = "${release%%[+-]*}" ] ||
		die "linux-source-$series is Linux $version, the kernel $release: the metadata would be another's"
	scripts/kernel-metadata.sh "$PWD/out/source" "$kdir" "$PWD/out/kernel" "$release"
	scripts/kernel-symbols.sh out/kernel
	kdir=$PWD/out/kernel
}

rm -rf out
[ -e "$kdir/rust/libkernel.rmeta" ] || metadata
scripts/kdir.sh "$kdir"
mkdir -p out/modules
make -C "$kdir" M="$PWD" MO="$PWD/out/modules" modules
rm -rf out/source out/kernel
