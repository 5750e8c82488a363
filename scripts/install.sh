#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What "make install" and "make uninstall" do with the modules of a RELEASE, below
# $DESTDIR$INSTALL_MOD_PATH:
#
#   install.sh install RELEASE TREE   copies them from TREE/lib/modules/RELEASE, where the
#                                     kernel's own modules_install has put them
#   install.sh uninstall RELEASE      removes them

set -euo pipefail
. "$(dirname "$0")/lib.sh"
verb=$1
release=$2
root=${DESTDIR-}${INSTALL_MOD_PATH-}
modules=$root/lib/modules/$release
ours=updates/tinydrm

# What was installed before may have had other modules.
rm -rf "${modules:?}/$ours"
case $verb in
install)
	mkdir -p "$modules/updates"
	cp -r "$3/lib/modules/$release/$ours" "$modules/$ours"
	find "$modules/$ours" -type f
	;;
uninstall)
	rmdir --ignore-fail-on-non-empty "$modules/updates" 2>/dev/null || true
	;;
*) die "usage: install.sh install RELEASE TREE | uninstall RELEASE" ;;
esac

# Without the kernel's own modules, as in a package that is being made, there is
# nothing to compute.
if [ ! -d "$modules/kernel" ]; then
	say "No kernel $release is installed there: its modules.dep are not made"
	exit
fi
# A machine that builds for another one may have no kmod.
run=()
command -v depmod >/dev/null || run=("$TOP/scripts/root.sh" run)
"${run[@]}" depmod -b "${root:-/}" "$release"
