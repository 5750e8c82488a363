# SPDX-License-Identifier: GPL-2.0
#
# Sitronix ST7789V: a square glass on an oblong memory.
# timeout: 300

DRIVER_MODULE=tinydrm_st7789v PANEL_NAME=lh133k PANEL_SIZE=240x240
. "$LAB_GUEST/panel-test.sh"
panel_test
