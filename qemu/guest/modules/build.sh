#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KERNEL OUTDIR [ARGUMENT...] - builds the guest's helper modules for the
# kernel in the directory KERNEL (of scripts/kernel.sh path), and leaves them in
# OUTDIR; further arguments are for make. Runs inside the build root. Sources of the
# kernel are copied from KERNEL, so nothing of them is in the checkout but patches,
# and with UNMODIFIED in the environment these are left out.

set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1
out=$2
shift 2

mkdir -p "$out"
out=$(cd "$out" && pwd)

# Files keep their time stamps, and with these make knows what to build again.
fetch() { cmp -s "$1" "$2" || cp "$1" "$2"; }
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -r "$kernel/source/drivers/gpio/gpio-virtio.c" "$kernel/source/drivers/spi/spi-virtio.c" \
	"$here"/tinydrm_*.c "$here/tally" "$here/Kbuild" \
	"$here/../../../scripts/Makefile.bindgen" "$staging"
[ -n "${UNMODIFIED-}" ] || GIT_CEILING_DIRECTORIES=${staging%/*} git -C "$staging" apply -p3 \
	"$here/gpio-virtio.patch" "$here/spi-virtio.patch"
mkdir -p "$out/tally"
(cd "$staging" && find . -type f) | while read -r file; do
	fetch "$staging/$file" "$out/$file"
done

make -C "$kernel/build" M="$out" "$@" modules
