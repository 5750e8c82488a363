#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh [NAME...] - the tests of the host, then those of the guest. NAME is one
# script of qemu/guest/tests, or "host". The last line is the sum.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
cd "$TOP"
only=$*
mkdir -p out
passed=0 failed=0 skipped=0 broken=0

add() {
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + ${3:-0}))
}

# part TARGET PATTERN - runs it, shows what it prints, and adds up the lines that
# PATTERN makes into "PASSED FAILED SKIPPED". One that ends badly without a
# failed test to show for it is a failure too.
part() {
	local target=$1 pattern=$2 status line before=$failed
	make --no-print-directory "$target" T="$only" 2>&1 | tee "out/$target.log"
	status=$?
	while read -r line; do
		# shellcheck disable=SC2086 # two or three numbers
		add $line
	done < <(sed -nE "$pattern" "out/$target.log")
	if [ "$status" -ne 0 ] && [ "$failed" -eq "$before" ]; then
		echo "$target ended with status $status"
		broken=$((broken + 1))
	fi
}

# TAP of the compile-fail tests, and cargo's sums.
host='s/^ok [0-9].*/1 0 0/p; s/^not ok [0-9].*/0 1 0/p; s/^test result: .* ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored.*/\1 \2 \3/p'
ktap='s/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p'

case $only in
"")
	# The host is the same, whatever the guest is.
	[ "$DEBIAN_ARCH" != amd64 ] || part test-host "$host"
	part test-guest "$ktap"
	;;
host) only='' part test-host "$host" ;;
*) part test-guest "$ktap" ;;
esac

failed=$((failed + broken))
[ $((passed + failed)) -gt 0 ] || failed=1
echo
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
