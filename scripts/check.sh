#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - all that can be said of the sources without running them. Every
# check is run, then the sum is drawn.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
cd "$TOP"
kernel=$(scripts/kernel.sh path) || exit 1
root="scripts/root.sh run"
failed=0

check() {
	local title=$1
	shift
	mkdir -p out/check
	local log=out/check/${title// /-}.log
	if "$@" >"$log" 2>&1; then
		echo "ok    $title"
	else
		echo "FAIL  $title"
		tail -n 40 "$log"
		failed=1
	fi
}

files() { git ls-files --cached --others --exclude-standard -- "$@"; }

spdx() {
	local file bad=0
	while read -r file; do
		case $file in
		*.png | *.lock | LICENSE | .gitignore) continue ;;
		esac
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' || { echo "$file"; bad=1; }
	done < <(files)
	return $bad
}

# The word, outside of comments: these two layers do without.
safe() { ! grep -rnE '^[^/]*\bunsafe\b' src/mipi_dbi src/panels examples | grep -v 'deny(unsafe_code)'; }

panel_size() {
	local file bad=0
	for file in src/panels/*.rs; do
		local lines
		lines=$(grep -cvE '^\s*(//.*)?$' "$file")
		echo "$file: $lines lines"
		[ "$lines" -le 60 ] || bad=1
	done
	return $bad
}

formatted() {
	$root rustfmt --check --config-path "$kernel/source/.rustfmt.toml" src/tinydrm.rs src/panels/*.rs \
		examples/*/*.rs qemu/guest/modules/tally/tally.rs &&
		$root cargo fmt --all --manifest-path qemu/Cargo.toml --check
}

out=$TOP/out/check/modules
kbuild() {
	mkdir -p "$out"
	$root make -s -C "$kernel/build" M="$TOP" MO="$out" KRUSTFLAGS=-Dwarnings CONFIG_OBJTOOL_WERROR=y "$@"
}
clippy_modules() {
	# Lints are told when a crate is compiled, so it always is.
	rm -f "$out"/src/*.o "$out"/src/panels/*.o
	kbuild CLIPPY=1 modules
}
clippy_samples() {
	rm -f "$TOP"/out/check/samples/*.o
	$root make -s -C "$kernel/build" M="$TOP/examples/disconnect" MO="$TOP/out/check/samples" TINYDRM="$out" \
		KBUILD_EXTRA_SYMBOLS="$out/Module.symvers" KRUSTFLAGS=-Dwarnings CLIPPY=1 modules
}
clippy_tally() {
	rm -f out/check/guest/tally/tally.o
	$root qemu/guest/modules/build.sh "$kernel" out/check/guest CLIPPY=1 KRUSTFLAGS=-Dwarnings
}
clippy_host() {
	$root cargo clippy --manifest-path qemu/Cargo.toml --locked --all-targets -- -D warnings
}
doc_host() {
	RUSTDOCFLAGS=-Dwarnings $root cargo doc --manifest-path qemu/Cargo.toml --locked --no-deps \
		--document-private-items
}

checkpatch() {
	local list
	mapfile -t list < <(files '*.c' '*.h')
	# Exports of Rust symbols and a generated header are beyond it.
	$root "$kernel/source/scripts/checkpatch.pl" --no-tree --terse --show-types --strict \
		--ignore EXPORT_SYMBOL,SPDX_LICENSE_TAG,MACRO_ARG_REUSE -f "${list[@]}"
}

scripts_parse() {
	local file
	while read -r file; do
		bash -n "$file" || return 1
	done < <(files '*.sh' qemu/guest/init .ci/run)
}

check "SPDX headers" spdx
check "no unsafe in mipi_dbi and panels" safe
check "panels are tables" panel_size
check "scripts parse" scripts_parse
check "rustfmt" formatted
check "clippy of the modules" clippy_modules
check "clippy of the samples" clippy_samples
check "clippy of the guest's modules" clippy_tally
check "rustdoc of the modules" kbuild TINYDRM_DOC=y modules
check "a change builds what depends on it" scripts/test-rebuild.sh
check "checkpatch" checkpatch
check "clippy of the host crates" clippy_host
check "rustdoc of the host crates" doc_host
exit $failed
