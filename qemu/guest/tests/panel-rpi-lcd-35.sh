# SPDX-License-Identifier: GPL-2.0
#
# Ilitek ILI9486, behind shift registers.
# timeout: 300

DRIVER_MODULE=tinydrm_ili9486 PANEL_NAME=rpi-lcd-35 PANEL_SIZE=480x320 CLOCKWISE=1
. "$LAB_GUEST/panel-test.sh"
panel_test
