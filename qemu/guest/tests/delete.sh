# SPDX-License-Identifier: GPL-2.0
#
# The SPI device is taken from the bus, the controller stays: on a board with a device tree
# by removing the overlay that describes it, elsewhere by delete_device.
# Seen to fail when nothing is sent by Pipe::sleep.

. "$LAB_GUEST/lib.sh"
plan 25

panel_up
for doing in idle --dirty --flip; do
	watch_release
	if [ $doing = idle ]; then
		ok "$doing: a picture is drawn" draw card
		undraw
	else
		ok "$doing: frames arrive" animate $doing
	fi
	ok "$doing: the device is deleted" within 10 spi_delete_device
	ok "$doing: the panel is dark and asleep" panel_is asleep off dark
	[ $doing = idle ] || ok "$doing: the client was told that it is gone" animated gone
	ok "$doing: its DRM device was freed" wait_for released 1
	ok "$doing: the SPI device is gone" not test -e "/sys/bus/spi/devices/$PANEL"
	ok "$doing: it is described again" spi_new_device yx240qv29
	ok "$doing: and has a card" wait_for card_of_panel
done
ok "a picture is drawn" draw smpte
ok "the panel shows it" panel_shows smpte
undraw
