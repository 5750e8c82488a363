# SPDX-License-Identifier: GPL-2.0
#
# Sitronix ST7735R, which cannot be read.
# timeout: 300

DRIVER_MODULE=tinydrm_st7735r PANEL_NAME=jd-t18003-t01 PANEL_SIZE=128x160 CLOCKWISE=1
. "$LAB_GUEST/panel-test.sh"
panel_test
