# SPDX-License-Identifier: GPL-2.0
#
# The generic panel: geometry from properties, the init sequence from a firmware file. The
# file says how the panel is turned, and "rotation" turns that. Its glass is in the middle
# of the memory, and it is turned on last: nobody gets to see the noise before.
# timeout: 300

DRIVER_MODULE=tinydrm_panel_mipi_dbi PANEL_NAME=panel-mipi-dbi-spi PANEL_SIZE=128x128
MOUNTED=rh128128t
. "$LAB_GUEST/panel-test.sh"

# Sleep out, 120 ms, 16 bits a pixel, MX | MY | BGR, display on.
# shellcheck disable=SC2086 # several
install_firmware okaya,rh128128t.bin $MIPI_DBI 11 00 00 01 78 3a 01 55 36 01 c8 29 00
board compatible=okaya,rh128128t timing=128,128,2,3,2,1
panel_test
