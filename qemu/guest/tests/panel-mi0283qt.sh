# SPDX-License-Identifier: GPL-2.0
#
# Multi-Inno MI0283QT: a landscape panel.
# timeout: 300

DRIVER_MODULE=tinydrm_mi0283qt PANEL_NAME=mi0283qt PANEL_SIZE=320x240 CLOCKWISE=1
. "$LAB_GUEST/panel-test.sh"
panel_test
