#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# deb.sh DIR - makes the package tinydrm-dkms in DIR, and prints its name. Runs inside the
# build root.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
dir=$1
cd "$TOP"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
series=$(grep -v '^#' scripts/kernel.series)
deb=$dir/tinydrm-dkms_${version}_all.deb

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
source=$tree/usr/src/tinydrm-$version
mkdir -p "$source/scripts" "$tree/DEBIAN" "$tree/usr/share/doc/tinydrm-dkms"
cp -r dkms.conf Kbuild src "$source"
cp scripts/{Makefile.bindgen,dkms-build.sh,kdir.sh,kernel-metadata.sh,kernel-symbols.sh,lib.sh} "$source/scripts"
# Debian's word for the licence in LICENSE, which every system has.
cat >"$tree/usr/share/doc/tinydrm-dkms/copyright" <<-EOF
	tinydrm is free software, under the terms of the GNU General Public License, version 2,
	as published by the Free Software Foundation: /usr/share/common-licenses/GPL-2.
EOF
cp README.md "$tree/usr/share/doc/tinydrm-dkms"
for file in control postinst prerm; do
	sed "/^# SPDX/d; s/@VERSION@/$version/; s/@SERIES@/$series/" "packaging/$file" >"$tree/DEBIAN/$file"
done
chmod -R u=rwX,go=rX "$tree"
chmod 755 "$tree"/DEBIAN/{postinst,prerm} "$source"/scripts/*.sh
(cd "$tree" && find usr -type f -exec md5sum {} + >DEBIAN/md5sums)
mkdir -p "$dir"
dpkg-deb --root-owner-group --build "$tree" "$deb" >&2
echo "$deb"
