# SPDX-License-Identifier: GPL-2.0
#
# Ilitek ILI9488: pixels of three bytes, which framebuffers may have, too.
# timeout: 600

DRIVER_MODULE=tinydrm_ili9488 PANEL_NAME=ili9488 PANEL_SIZE=320x480
FORMATS="rgb888 xrgb8888 rgb565"
. "$LAB_GUEST/panel-test.sh"
panel_test
