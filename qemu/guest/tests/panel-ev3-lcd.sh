# SPDX-License-Identifier: GPL-2.0
#
# Sitronix ST7586: three grey pixels in a byte; the driver exchanges rows and columns.
# timeout: 300

DRIVER_MODULE=tinydrm_st7586 PANEL_NAME=ev3-lcd PANEL_SIZE=178x128
GREY=--grey
. "$LAB_GUEST/panel-test.sh"
PANEL_POINTS=$((PANEL_POINTS + 2))
panel_test

# More changes than there are windows, so one has what is between some of them, too.
lines=$(for y in $(seq 2 6 128); do echo "10,$y,30,$((y + 1))"; done)
board rotation=90
load_driver
lab_replug
spi_new_device "$PANEL_NAME"
wait_for card_of_panel
# shellcheck disable=SC2086 # several
ok "90: lines are drawn" draw_rects card noise:5 $lines
# shellcheck disable=SC2086 # several
want=$(kms crc card "$(size_at 90)" --over noise:5 --parts $lines $GREY)
ok "90: they are shown, and what is between is as it was" panel_becomes "$want" 90
undraw
