# SPDX-License-Identifier: GPL-2.0
#
# Sitronix ST7586: three grey pixels in a byte, and no quarter of a turn.
# timeout: 300

DRIVER_MODULE=tinydrm_st7586 PANEL_NAME=ev3-lcd PANEL_SIZE=178x128
ROTATIONS="0 180" GREY=--grey
. "$LAB_GUEST/panel-test.sh"
PANEL_POINTS=$((PANEL_POINTS + 2))
panel_test

# Every driver is gone, and so is the device; the panel is there.
dmesg_mark
board rotation=90
loaded "$DRIVER_MODULE" || load_driver
lab_replug
spi_new_device "$PANEL_NAME"
ok "90: not bound" not bound
ok "90: it says why" says "rotation = 90: this controller knows 0 and 180 only"
