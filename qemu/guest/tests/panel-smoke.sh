# SPDX-License-Identifier: GPL-2.0
#
# The lab itself, without any DRM driver: bytes that the guest sends arrive at the
# panel, and the panel comes and goes.
# complaints: allowed

. "$LAB_GUEST/lib.sh"
plan 22

# send HEX... - one SPI message by spidev. The D/C line idles low, so each byte is
# a command.
send() {
	local byte text=
	for byte; do text+="\\x$byte"; done
	printf "$text" >"/dev/spidev${PANEL#spi}"
}

ok "nothing is plugged at first" not wires_up
for round in 1 2 3; do
	ok "round $round: plug" lab_plug
	ok "round $round: an SPI device" spi_new_device spidev
	ok "round $round: it can be opened" wait_for test -c "/dev/spidev${PANEL#spi}"
	panel_power_cycle
	panel_forget
	ok "round $round: sleep out (11)" send 11
	ok "round $round: the panel has heard it" panel_messages 0
	ok "round $round: and is awake" panel_is awake off
	ok "round $round: unplug" lab_unplug
done
