# SPDX-License-Identifier: GPL-2.0
#
# The generic panel, described wrongly: one line each, in words, and no panel.

DRIVER_MODULE=tinydrm_panel_mipi_dbi PANEL_NAME=panel-mipi-dbi-spi PANEL_SIZE=240x240
. "$LAB_GUEST/lib.sh"
plan 14

panel_mount lh133k
lab_plug
load_driver

good() { board compatible=acme,panel timing=240,240 format= rotation=-1; }

# refused TEXT - the device is not bound, and the one reason is TEXT.
refused() {
	local status=0
	dmesg_mark
	spi_new_device "$PANEL_NAME" || return 1
	not bound && says "$1" || status=1
	spi_delete_device
	return $status
}

# shellcheck disable=SC2086 # several, in many places
good
rm -f /lib/firmware/acme,panel.bin
ok "no firmware" refused "acme,panel.bin: no such firmware file"
install_firmware acme,panel.bin
ok "an empty one" refused "acme,panel.bin: it is empty"
printf 'command 0x11\ndelay 120\n' >/lib/firmware/acme,panel.bin
ok "text" refused "acme,panel.bin: it is text: convert it first (mipi-dbi-cmd)"
install_firmware acme,panel.bin $MIPI_DBI
ok "a header alone" refused "it has 16 bytes, too few"
install_firmware acme,panel.bin 7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00 11 00
ok "something else" refused 'it begins with [7f, 45, 4c, 46, '
install_firmware acme,panel.bin ${MIPI_DBI% *} 02 11 00
ok "another version" refused "it is of version 2, and only 1 is known"
install_firmware acme,panel.bin $MIPI_DBI 11 00 b1 03 01
ok "one that was cut" refused "command 0xb1 at byte 18 has 1 of 3 parameters"
install_firmware acme,panel.bin $MIPI_DBI 11 00 00 01 78 3a 01 55 21 00
board compatible=
if [ "$LAB_ARCH" = x86 ]; then
	ok "no compatible" refused "compatible: not there"
else
	skip "no compatible" "without one there is no device for a node"
fi
good
board timing=0
ok "no timing" refused "panel-timing: there is no such node"
board timing=240,240,0,0,0,0,1
ok "a sync" refused "panel-timing: hsync-len must be 0"
board timing=240,70000
ok "a giant" refused "panel-timing: vactive must be 0 to 65535"
good
board format=r8g8b8
ok "a format of its own" refused "format = 'r8g8b8'"
good
ok "a good one after all that: bound" spi_new_device "$PANEL_NAME"
wait_for card_of_panel
draw card
ok "it shows a picture" panel_shows card
undraw
