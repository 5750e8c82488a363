# SPDX-License-Identifier: GPL-2.0
#
# Sitronix ST7735R, with a glass that is smaller than the memory.
# timeout: 300

DRIVER_MODULE=tinydrm_st7735r PANEL_NAME=rh128128t PANEL_SIZE=128x128 CLOCKWISE=1
. "$LAB_GUEST/panel-test.sh"
panel_test
