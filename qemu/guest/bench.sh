#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh count [CASE...], bench.sh wire - measures both drivers, one after the
# other, on the same device: see qemu/lab/src/bench.rs, and kms bench. What it prints
# in JSON are results.

. "$LAB_GUEST/lib.sh"

# counted rust|c ARGUMENTS... - has a driver draw on the wires of the tally.
counted() {
	local driver=$1 status=0
	shift
	use_driver "$driver"
	load_driver && spi_new_device yx240qv29 || return
	if bound; then
		wait_for card_of_panel || return
		# To run when nobody else wants to: see qemu/guest/kms/src/bench/count.rs.
		chrt --idle 0 kms bench --card "$(card_of_panel)" count "$driver" "$@" || status=$?
	else
		echo "the driver ($driver) does not bind"
	fi
	unload_driver && spi_delete_device || return
	# What has come until now is not for the next one's panel.
	cat /sys/kernel/debug/tinydrm_tally/log >/dev/null
	return $status
}

# clocked rust|c - has a driver draw on the emulated panel, which takes the time that
# bits take.
clocked() {
	local driver=$1 request answer state
	use_driver "$driver"
	panel_up && drawer bench wire || return
	for request in "flip 100" "burst 400"; do
		panel_idle
		panel_forget
		answer=$(asked "$request")
		panel_idle
		state=$(panel '{"do":"state"}')
		is "the panel's picture" "$(field crc <<<"$answer")" "$(panel_crc)" || return
		printf '{"driver":"%s","case":"wire-%s","busy_us":%s,"span_us":%s,"bytes":%s,%s\n' \
			"$driver" "${request% *}" "$(field busy_us <<<"$state")" \
			"$(field span_us <<<"$state")" "$(field bytes <<<"$state")" "${answer#\{}"
	done
	undraw
	unload_driver && lab_unplug
}

set -e
case $1 in
count)
	shift
	modprobe tinydrm_tally
	# Nothing is to come that nobody has asked for.
	modprobe drm_kms_helper poll=0
	for driver in c rust; do
		counted $driver "$@"
	done
	# The same without a D/C line. With a controller that has words of 9 bits the C driver
	# writes beyond its buffer (docs/upstream.md), so this one has 8 and 16 only.
	rmmod tinydrm_tally
	modprobe tinydrm_tally words=$((1 << 7 | 1 << 15))
	board dc=0
	for driver in c rust; do
		counted $driver --three-wire "${@:-full-xrgb}"
	done
	;;
wire)
	for driver in c rust; do
		clocked $driver
	done
	;;
esac
