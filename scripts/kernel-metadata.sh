#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-metadata.sh SOURCE HEADERS BUILD RELEASE [NAME=VALUE...] - makes in BUILD a
# build tree with the Rust metadata that Debian's package linux-headers-RELEASE, which
# is in HEADERS, leaves out. SOURCE is the kernel's source. The variables are
# make's (ARCH, CROSS_COMPILE); whoever builds modules with BUILD has them too.

set -euo pipefail
source=$1
headers=$2
build=$3
release=$4
shift 4

rm -rf "$build"
mkdir -p "$build"
cp "$headers/.config" "$build/"
build() { make -C "$source" O="$build" -j"$(nproc)" KBUILD_BUILD_VERSION=1 "$@"; }
build "$@" olddefconfig
build "$@" prepare modules_prepare
cp "$headers/Module.symvers" "$build/"
# The version that modules carry in vermagic is the package's.
echo "$release" >"$build/include/config/kernel.release"
echo "#define UTS_RELEASE \"$release\"" >"$build/include/generated/utsrelease.h"
for variable; do
	sed -i "1a export ${variable%%=*} := ${variable#*=}" "$build/Makefile"
done
