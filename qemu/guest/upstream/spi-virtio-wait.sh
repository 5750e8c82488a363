# SPDX-License-Identifier: GPL-2.0
# says: blocked for more than
#
# A device that does not answer is waited for without end, in virtio_spi_transfer_one().

. "$LAB_GUEST/lib.sh"
panel_up
draw card
fault stall spi
drawer_says noise:1
rest 65
