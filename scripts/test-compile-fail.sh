#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-compile-fail.sh OBJ - compiles each misuse of tests/compile-fail the way
# that kbuild compiles a panel driver, and compares what the compiler says with the
# line "//~ CODE TEXT" of the file. OBJ is where the modules were built, an absolute path. Told in
# TAP.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
obj=$1

# How the panel was compiled, without its outputs and its name.
command=$(sed -n '1s/ ; .*//; 1s/^[^=]*:= //p' "$obj/src/panels/.ili9341.o.cmd")
[ -n "$command" ] || die "$obj has no panel driver: run make"
command=$(sed -E 's/ --emit=[^ ]+//g; s/ --out-dir [^ ]+//; s/ [^ ]+\.rs *$//' <<<"$command")
cases=("$TOP"/tests/compile-fail/[0-9]*.rs)

echo "TAP version 13"
echo "1..${#cases[@]}"
number=0 failed=0
for file in "${cases[@]}"; do
	number=$((number + 1))
	name=${file##*/}
	name=${name%.rs}
	want=$(sed -n 's,^//~ ,,p' "$file")
	said=$(cd "$obj" && "$TOP/scripts/root.sh" run env RUSTC_BOOTSTRAP=1 sh -c \
		"$command --emit=metadata=$obj/case.rmeta --crate-name case $file 2>&1")
	status=$?
	wrong=
	if [ "$want" = ok ]; then
		[ "$status" -eq 0 ] || wrong="does not compile"
	else
		# A code alone could be another mistake's: the text is asked for too. "-" is no code.
		code="[${want%% *}]" text=${want#* }
		[ "$code" != "[-]" ] || code="error: "
		grep -qF -- "$code" <<<"$said" || wrong="does not say $code"
		grep -qF -- "$text" <<<"$said" || wrong="does not say: $text"
		[ "$status" -ne 0 ] || wrong="compiles"
	fi
	if [ -z "$wrong" ]; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		echo "# $wrong"
		grep -v '^$' <<<"$said" | head -n 30 | sed 's/^/# /'
		failed=1
	fi
done
exit $failed
