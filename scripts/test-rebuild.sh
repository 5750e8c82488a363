#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-rebuild.sh - touches a file of each kind, and compares what is built again
# with what depends on it. Told in TAP.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
cd "$TOP"
kernel=$(scripts/kernel.sh path) || exit 1
out=$TOP/out/check/rebuild
mkdir -p "$out"
failed=0 number=0

# rebuilt - what a build has to do, a word each, sorted.
rebuilt() {
	scripts/root.sh run make -C "$kernel/build" M="$TOP" MO="$out" modules 2>&1 |
		sed -nE 's/^  (BINDGEN|RUSTC \[M\]|CC \[M\]|EXPORTS|LD \[M\]) +(.*)$/\1 \2/p' |
		sed -E 's/ \[M\]//; s/.*\.mod\.o$//; s/.*\.module-common\.o$//' | grep . |
		awk '{ n = split($2, part, "/"); print $1 ":" part[n] }' | sort -u | tr '\n' ' '
}

# expect FILE WORDS... - after a touch of FILE, just these.
expect() {
	local file=$1 want got
	shift
	want=$(printf '%s\n' "$@" | grep . | sort -u | tr '\n' ' ')
	number=$((number + 1))
	[ "$file" = nothing ] || touch "$file"
	got=$(rebuilt)
	if [ "$got" = "$want" ]; then
		echo "ok $number $file"
	else
		echo "not ok $number $file"
		echo "# expected: $want"
		echo "# built:    $got"
		failed=1
	fi
}

library=(RUSTC:tinydrm.o EXPORTS:exports_generated.h LD:tinydrm.o LD:tinydrm.ko)
# built_for PANEL - what its driver takes.
built_for() { echo "RUSTC:$1.o LD:tinydrm_$1.o LD:tinydrm_$1.ko"; }

panels=()
for file in src/panels/*.rs; do
	# shellcheck disable=SC2207 # words
	panels+=($(built_for "$(basename "$file" .rs)"))
done

echo "TAP version 13"
rebuilt >/dev/null
echo "1..8"
expect nothing
# shellcheck disable=SC2046 # words
expect src/panels/ili9341.rs $(built_for ili9341)
expect src/spi.rs "${library[@]}" CC:exports.o "${panels[@]}"
expect src/mipi_dbi/pixel.rs "${library[@]}" CC:exports.o "${panels[@]}"
expect src/bindings/helpers.c CC:helpers.o LD:tinydrm.o LD:tinydrm.ko
expect src/bindings/helpers.h CC:helpers.o BINDGEN:bindings_generated.rs "${library[@]}" \
	CC:exports.o "${panels[@]}"
expect src/bindings/bindings.h BINDGEN:bindings_generated.rs "${library[@]}" CC:exports.o "${panels[@]}"
expect src/bindings/bindgen_parameters BINDGEN:bindings_generated.rs "${library[@]}" CC:exports.o "${panels[@]}"
exit $failed
