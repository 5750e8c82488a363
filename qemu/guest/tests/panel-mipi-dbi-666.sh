# SPDX-License-Identifier: GPL-2.0
#
# The generic panel with pixels of 18 bits, blue first: the format of the property is that of
# the console, as with the C driver, and what is drawn in it is sent as it is.
# timeout: 400

DRIVER_MODULE=tinydrm_panel_mipi_dbi PANEL_NAME=panel-mipi-dbi-spi PANEL_SIZE=128x128
MOUNTED=rh128128t
FORMATS="rgb888 xrgb8888 rgb565"
. "$LAB_GUEST/panel-test.sh"

PANEL_POINTS=$((PANEL_POINTS + 6))

# Sleep out, 120 ms, 18 bits a pixel, MX | MY, display on.
# shellcheck disable=SC2086 # several
install_firmware okaya,rh128128t.bin $MIPI_DBI 11 00 00 01 78 3a 01 66 36 01 c0 29 00
board compatible=okaya,rh128128t timing=128,128,2,3,2,1 format=b6x2g6x2r6x2
panel_test

board rotation=0
lab_replug
load_driver
spi_new_device "$PANEL_NAME"
ok "the console has a frame buffer" wait_for fb_of_panel
fb=$(fb_of_panel)
ok "of 24 bits a pixel" is bits 24 "$(<"/sys/class/graphics/${fb##*/}/bits_per_pixel")"
line=$(printf '\\x00\\x00\\xff%.0s' {1..128})
for ((y = 0; y < 128; y++)); do
	# shellcheck disable=SC2059 # pixels
	printf "$line"
done >"$fb"
ok "what is written to it is shown" panel_shows red

# A film: frames that change all over, until the driver stops to compare them.
ok "a film begins" draw noise:1 --format rgb888
for picture in 2 3 4 5 6 7 8; do
	panel_idle
	drawer_says noise:$picture
	drawer_hears drawn
done
ok "its last frame is shown" panel_becomes "$(kms crc noise:8 128x128 --format rgb888)"
drawer_says "card 17,33,58,77"
drawer_hears drawn
ok "and what is drawn over it" panel_becomes \
	"$(kms crc noise:8 128x128 --over card --parts 17,33,58,77 --format rgb888)"
