# SPDX-License-Identifier: GPL-2.0
#
# The driver comes by itself: nobody names it but the device's modalias, to udev.
# Seen to fail without the table of the module's SPI ids (spi_device_table!).

. "$LAB_GUEST/lib.sh"
plan 9

udev_begins() {
	/usr/lib/systemd/systemd-udevd --daemon && wait_for udevadm control --ping
}

udev_ends() {
	udevadm settle && udevadm control --exit && rm -rf /run/udev
}

lab_plug
ok "udev begins" udev_begins
ok "the driver is not there" not loaded "$DRIVER_MODULE"
ok "a panel is described" spi_new_device yx240qv29
ok "the driver comes" wait_for loaded "$DRIVER_MODULE"
ok "and has the panel" wait_for bound
ok "there is a card" wait_for card_of_panel
ok "it is drawn on" draw card
ok "and shows it" panel_shows card
undraw
ok "udev ends" udev_ends
