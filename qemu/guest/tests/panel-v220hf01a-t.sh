# SPDX-License-Identifier: GPL-2.0
#
# Ilitek ILI9225: registers of its own, and windows that are turned.
# timeout: 300

DRIVER_MODULE=tinydrm_ili9225 PANEL_NAME=v220hf01a-t PANEL_SIZE=176x220 CLOCKWISE=1
. "$LAB_GUEST/panel-test.sh"
panel_test
