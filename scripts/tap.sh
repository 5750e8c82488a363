# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Points of a test, told in TAP: tap_plan, then ok for each, then tap_end.

number=0 failed=0

# tap_plan COUNT - how many there will be.
tap_plan() {
	echo "TAP version 13"
	echo "1..$1"
	TAP_SAID=$(mktemp)
}

# ok DESCRIPTION COMMAND... - a point; the end of what the command says is shown if it fails.
ok() {
	local description=$1
	shift
	number=$((number + 1))
	if "$@" >"$TAP_SAID" 2>&1 </dev/null; then
		echo "ok $number $description"
	else
		echo "not ok $number $description"
		tail -n 30 "$TAP_SAID" | sed 's/^/# /'
		failed=1
	fi
}

not() { ! "$@"; }

# tap_end - ends the script, which fails if a point has.
tap_end() {
	rm -f "$TAP_SAID"
	exit "$failed"
}
