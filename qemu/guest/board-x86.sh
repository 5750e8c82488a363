# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The board of a guest without a device tree: the module tinydrm_board describes an SPI
# device when it is made.

# spi_new_device NAME [SPEED [MODE]] - makes the device at chip select SITE, 0 without, sets
# PANEL to its name, as spi0.0. A driver that is loaded has it when this returns.
spi_new_device() {
	local master
	wait_for wires_up || return 1
	master=$(spi_master)
	echo "$1 ${SITE:-0} ${2:-32000000} ${3:-0}" >"/sys/class/spi_master/$master/new_device" || return 1
	PANEL=$master.${SITE:-0}
}

# spi_delete_device - takes that at SITE away again; the controller stays.
spi_delete_device() {
	echo "${SITE:-0}" >"/sys/class/spi_master/$(spi_master)/delete_device"
}

# board NAME=VALUE... - describes the board for devices made from now on: dc=0,
# reset=0, led=0, te=LINE, rotation=90; for the generic panel compatible=NAME, format=NAME,
# write_only=1, timing=WIDTH,HEIGHT,... (see tinydrm_board.c); and
# has them unbound when the system wakes: unbind_on_resume=1. supplies=1: with "power" and
# "io", which cannot be switched on if it is 2.
board() {
	local setting
	for setting; do
		echo "${setting#*=}" >"/sys/module/tinydrm_board/parameters/${setting%%=*}"
	done
}

board_reset() {
	board dc=1 reset=1 led=1 te= rotation=-1 compatible= format= write_only=0 timing=0 \
		unbind_on_resume=0 supplies=0
}

# slot_off, slot_yanked WIRE, slot_emptied - before the panel is taken out, before it is
# pulled out, and after both.
slot_off() { :; }
slot_yanked() { :; }
slot_emptied() { :; }
