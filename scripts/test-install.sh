#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-install.sh KERNEL - "make install" and "make uninstall" for the kernel in the
# directory KERNEL (of scripts/kernel.sh path), below a DESTDIR. Told in TAP.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tap.sh"
cd "$TOP"
kernel=$1
release=$(<"$kernel/release")
out=$TOP/out/test-install
there=$out/there
modules=lib/modules/$release
run="scripts/root.sh run"

tap_plan 12

make_() { make --no-print-directory DESTDIR="$there" "$@"; }

# files - all that there is, but for what depmod makes.
files() { (cd "$there" && find . ! -path "./$modules/modules.*" | sort); }

unchanged() { diff "$out/files" <(files) && ! grep -r tinydrm "$there"; }

# all_are_there - the library, and a module for each panel; nothing else.
all_are_there() {
	diff <(printf '%s\n' tinydrm.ko $(cd src/panels && printf 'tinydrm_%s.ko\n' *.rs | sed 's/\.rs//') | sort) \
		<(cd "$there/$modules/updates/tinydrm" && ls | sed 's/\.xz$//' | sort)
}

# found_by ALIAS MODULE - modprobe would load the module, and before it the library and DRM.
found_by() {
	local order
	order=$($run modprobe -d "$there" -S "$release" --show-depends "$1") || return 1
	echo "$order"
	order=$(sed -n 's|.*/\([^/]*\)\.ko.*|\1|p' <<<"$order" | grep -xE "drm|tinydrm|$2" | paste -sd ' ')
	[ "$order" = "drm tinydrm $2" ]
}

# signer - who signed the modules, as one says itself.
signer() { $run modinfo -F signer "$there/$modules/updates/tinydrm/tinydrm_ili9341.ko"*; }
signed_by() { [ "$(signer)" = "$1" ]; }

# build_with_key - a copy of the kernel's build tree that has a key, as a kernel's that was
# built on this machine.
build_with_key() {
	local key
	key=$(sed -n 's/^CONFIG_MODULE_SIG_KEY="\?\([^"]*\)"\?$/\1/p' "$kernel/build/include/config/auto.conf")
	cp -a "$kernel/build" "$out/build" &&
		sed -i "s|^export KBUILD_OUTPUT = .*|export KBUILD_OUTPUT = $out/build|" "$out/build/Makefile" &&
		mkdir -p "$out/build/$(dirname "$key")" "$out/build/certs" &&
		$run openssl req -new -x509 -newkey rsa:2048 -nodes -subj "/CN=tinydrm test" \
			-keyout "$out/build/$key" -outform DER -out "$out/build/certs/signing_key.x509"
}

# Inside the build root, since make with KDIR takes the tools that are at hand.
install_signed() {
	$run make --no-print-directory install KDIR="$out/build" OUT="$out/built" DESTDIR="$there"
}

rm -rf "$out"
mkdir -p "$there"
ok "into an empty directory" make_ install
ok "all modules are there" all_are_there
ok "depmod is left to who has the kernel" test ! -e "$there/$modules/modules.dep"
ok "uninstall" make_ uninstall
rm -rf "$there"

# Of the kernel's own, what ours need.
mkdir -p "$there/$modules/kernel/drivers/gpu"
cp -r "$kernel/modules/$modules/kernel/drivers/gpu/drm" "$there/$modules/kernel/drivers/gpu"
cp "$kernel/modules/$modules"/modules.builtin* "$there/$modules"
files >"$out/files"
mkdir -p "$there/$modules/updates/tinydrm"
touch "$there/$modules/updates/tinydrm/tinydrm_of_yesterday.ko"
ok "over an older version" make_ install
ok "all modules are there, and none of the older ones" all_are_there
ok "a panel's id finds its driver" found_by spi:yx240qv29 tinydrm_ili9341
ok "and so does the generic panel's" found_by spi:panel-mipi-dbi-spi tinydrm_panel_mipi_dbi
ok "they are not signed, as there is no key" signed_by ""
ok "a kernel's build that has a key" build_with_key
ok "the modules are signed with it" eval 'install_signed && signed_by "tinydrm test"'
ok "uninstall: nothing is left" eval 'make_ uninstall && unchanged'
rm -rf "$out"
tap_end
