# SPDX-License-Identifier: GPL-2.0
#
# Galaxycore GC9A01.
# timeout: 300

DRIVER_MODULE=tinydrm_gc9a01 PANEL_NAME=gc9a01 PANEL_SIZE=240x240
. "$LAB_GUEST/panel-test.sh"
panel_test
