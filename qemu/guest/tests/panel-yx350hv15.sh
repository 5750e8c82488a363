# SPDX-License-Identifier: GPL-2.0
#
# Himax HX8357-D.
# timeout: 300

DRIVER_MODULE=tinydrm_hx8357d PANEL_NAME=yx350hv15 PANEL_SIZE=320x480
. "$LAB_GUEST/panel-test.sh"
panel_test
