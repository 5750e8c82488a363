# SPDX-License-Identifier: GPL-2.0
#
# Ilitek ILI9163.
# timeout: 300

DRIVER_MODULE=tinydrm_ili9163 PANEL_NAME=nhd-1.8-128160EF PANEL_SIZE=128x160 CLOCKWISE=1
. "$LAB_GUEST/panel-test.sh"
panel_test
