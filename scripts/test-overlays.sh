#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-overlays.sh KERNEL OBJ - checks our device-tree bindings, as dt_binding_check in the
# kernel does. Then compiles each overlay, applies it to the tree of a Raspberry Pi
# as the kernel's source has it, and has the result checked against the kernel's bindings and
# ours. OBJ is where the modules were built: one of them must know the compatible.
# Runs inside the build root. Told in TAP.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tap.sh"
source=$1/source
obj=$2
out=$TOP/out/overlays
bindings=$source/Documentation/devicetree/bindings
rm -rf "$out"
mkdir -p "$out"
PANEL=/soc/spi@7e204000/display@0
schemas=("$TOP"/bindings/display/panel/*.yaml)
overlays=("$TOP"/overlays/*.dtso)

compile() {
	cpp -nostdinc -undef -x assembler-with-cpp -I "$TOP/overlays" -I "$source/include" -I "$source/scripts/dtc/include-prefixes" \
		-I "$source/arch/arm64/boot/dts/broadcom" "$1" | dtc -@ -I dts -O dtb "${@:3}" -o "$2" -
}

# The firmware's tree calls the controller spi0, and has a spidev on each chip select.
base() {
	compile - "$out/base.dtb" -q <<-EOF
		#include "bcm2711-rpi-4-b.dts"
		spi0: &spi { spidev0: spidev@0 { compatible = "lwn,bk4"; reg = <0>; spi-max-frequency = <1000000>; }; };
	EOF
}

# The kernel's schemas of what an overlay is about, with ours among them.
merged() {
	rm -rf "$out/bindings"
	mkdir -p "$out/bindings/leds"
	cp -r "$bindings"/{display,spi,pinctrl,gpio} "$out/bindings" &&
		cp -r "$bindings/leds/backlight" "$out/bindings/leds" &&
		cp -r "$TOP"/bindings/* "$out/bindings" &&
		dt-mk-schema -j -o "$out/schema.json" "$out/bindings"
}

# silent COMMAND... - the tools of dtschema succeed whatever they have to say.
silent() {
	local said
	said=$("$@" 2>&1) && [ -z "$said" ] && return
	echo "$said"
	return 1
}

is_schema() {
	silent dt-doc-validate -u "$out/bindings" "$out/bindings${1#"$TOP/bindings"}" && silent yamllint -c "$bindings/.yamllint" "$1"
}

example() {
	dt-extract-example "$1" >"$out/example.dts" && compile "$out/example.dts" "$out/example.dtb" -q &&
		silent dt-validate -m -s "$out/schema.json" "$out/example.dtb"
}

said_of_panel() {
	dt-validate -m -s "$out/schema.json" "$1" 2>&1 | grep -E 'display@0|panel-light|panel-pins'
	true
}

# valid TREE - of the nodes that come from an overlay, nothing is said.
valid() { [ -e "$1" ] && silent said_of_panel "$1"; }

# minds TREE - what is wrong is said: here, that there is no chip select.
minds() {
	cp "$1" "$out/wrong.dtb" && fdtput -d "$out/wrong.dtb" "$PANEL" reg || return 1
	! valid "$out/wrong.dtb" >"$out/wrong.said" &&
		grep "'reg' is a required property" "$out/wrong.said" && return
	echo "nothing is said of a panel without reg"
	return 1
}

known() {
	local compatibles module name
	read -ra compatibles < <(fdtget -t s "$1" "$PANEL" compatible)
	for module in "$obj"/tinydrm_*.ko; do
		for name in "${compatibles[@]}"; do
			modinfo -F alias "$module" | grep -qxF "of:N*T*C$name" && return
		done
	done
	echo "no driver has ${compatibles[*]:-a compatible}"
	return 1
}

tap_plan $((2 + 2 * ${#schemas[@]} + 5 * ${#overlays[@]}))
ok "a Raspberry Pi's tree" base
ok "the schemas" merged
for file in "${schemas[@]}"; do
	name=${file##*/}
	ok "$name: is a schema" is_schema "$file"
	ok "$name: takes its example" example "$file"
done
for overlay in "${overlays[@]}"; do
	name=${overlay##*/}
	name=${name%.dtso}
	ok "$name: compiles without a warning" silent compile "$overlay" "$out/$name.dtbo"
	ok "$name: can be applied" fdtoverlay -i "$out/base.dtb" -o "$out/$name.dtb" "$out/$name.dtbo"
	ok "$name: is as the bindings want it" valid "$out/$name.dtb"
	ok "$name: and is told when it is not" minds "$out/$name.dtb"
	ok "$name: a driver knows it" known "$out/$name.dtb"
done
tap_end
