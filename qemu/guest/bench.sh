#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh count [CASE...], bench.sh wire - measures both drivers, one after the other, on the same
# device: see qemu/lab/src/bench.rs, and kms bench.

. "$LAB_GUEST/lib.sh"

# use rust|c - the driver that the library's functions are about.
use() {
	case $1 in
	rust) DRIVER_MODULE=tinydrm_ili9341 DRIVER=/sys/bus/spi/drivers/tinydrm_ili9341 ;;
	c) DRIVER_MODULE=ili9341 DRIVER=/sys/bus/spi/drivers/ili9341 ;;
	esac
}

# measure rust|c ARGUMENTS... - has that driver measured on a panel of its own.
measure() {
	local driver=$1
	shift
	use "$driver"
	load_driver && spi_new_device yx240qv29 && wait_for bound && wait_for card_of_panel || return
	# To run when nobody else wants to: see qemu/guest/kms/src/bench/count.rs.
	chrt --idle 0 kms bench --card "$(card_of_panel)" "$@" || return
	unload_driver && spi_delete_device
}

# clocked rust|c - has a driver draw on the emulated panel, which takes the time that bits take.
clocked() {
	local answer state
	use "$1"
	panel_up && drawer bench wire || return
	for request in "flip 100" "burst 400"; do
		panel_idle
		panel_forget
		answer=$(asked "$request")
		panel_idle
		state=$(panel '{"do":"state"}')
		is "the panel's picture" "$(field crc <<<"$answer")" "$(panel_crc)" || return
		echo "{\"driver\":\"$1\",\"case\":\"wire-${request% *}\"," \
			"\"busy_us\":$(field busy_us <<<"$state"),\"span_us\":$(field span_us <<<"$state")," \
			"\"bytes\":$(field bytes <<<"$state"),${answer#\{}"
	done
	undraw
	unload_driver && lab_unplug
}

# forget - what came over the tally's wires is not for the next panel.
forget() { cat /sys/kernel/debug/tinydrm_tally/log >/dev/null; }

set -e
case $1 in
count)
	shift
	modprobe tinydrm_tally
	# Nothing is to come that nobody has asked for.
	modprobe drm_kms_helper poll=0
	for driver in c rust; do
		measure $driver count $driver "$@"
		forget
	done
	;;
wire)
	for driver in c rust; do
		clocked $driver
	done
	;;
esac
