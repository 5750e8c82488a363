#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh [NAME...] - the tests of the guest, and those of the host. NAME is one script of
# qemu/guest/tests, or "host". The last line is the sum.

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

# sum TARGET PATTERN STATUS - adds up the lines of its log that PATTERN makes into
# "PASSED FAILED SKIPPED". One that ends badly without a failed test to show for it is a
# failure too.
sum() {
	local target=$1 pattern=$2 status=$3 line before=$failed
	while read -r line; do
		# shellcheck disable=SC2086 # two or three numbers
		add $line
	done < <(sed -nE "$pattern" "out/$target.log")
	if [ "$status" -ne 0 ] && [ "$failed" -eq "$before" ]; then
		echo "$target ended with status $status"
		broken=$((broken + 1))
	fi
}

# part TARGET PATTERN [OPTION...] - runs it, and shows what it prints.
part() {
	local target=$1 pattern=$2
	make --no-print-directory "${@:3}" "$target" T="$only" 2>&1 | tee "out/$target.log"
	sum "$target" "$pattern" "${PIPESTATUS[0]}"
}

# both - those of the host beside the guest, which needs one processor. What they print is
# shown when the guest has ended. All is built before, so that neither does.
both() {
	make --no-print-directory guest || exit
	setsid nice make --no-print-directory -o modules test-host >out/test-host.log 2>&1 &
	local pid=$!
	# shellcheck disable=SC2064 # it is this one
	trap "kill -- -$pid 2>/dev/null" EXIT
	part test-guest "$ktap" -o guest
	wait $pid
	local status=$?
	trap - EXIT
	cat out/test-host.log
	sum test-host "$host" $status
}

# TAP of the compile-fail tests, and cargo's sums.
host='s/^ok [0-9].*/1 0 0/p; s/^not ok [0-9].*/0 1 0/p; s/^test result: .* ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored.*/\1 \2 \3/p'
ktap='s/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p'

case $only in
"")
	# The host is the same, whatever the guest is.
	if [ "$DEBIAN_ARCH" = amd64 ]; then both; else part test-guest "$ktap"; fi
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
