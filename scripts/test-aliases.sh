#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-aliases.sh OBJ - the SPI bus calls a device of a device tree by the part of its
# compatible after the comma, and asks for a module by that alone: each compatible of a
# driver needs its SPI id. OBJ is where the modules were built. Told in TAP.

set -uo pipefail
. "$(dirname "$0")/lib.sh"
modules=("$1"/tinydrm_*.ko)

echo "TAP version 13"
echo "1..${#modules[@]}"
number=0 failed=0
for module in "${modules[@]}"; do
	number=$((number + 1))
	aliases=$("$TOP/scripts/root.sh" run modinfo -F alias "$module")
	missing=$(comm -23 \
		<(sed -nE 's/^of:N\*T\*C([^,*]*,)?([^*]*)$/spi:\2/p' <<<"$aliases" | sort) \
		<(grep '^spi:' <<<"$aliases" | sort))
	if [ -z "$missing" ] && grep -q '^of:' <<<"$aliases"; then
		echo "ok $number ${module##*/}"
	else
		echo "not ok $number ${module##*/}"
		echo "# missing: ${missing:-compatibles}" | tr '\n' ' '
		echo
		failed=1
	fi
done
exit $failed
