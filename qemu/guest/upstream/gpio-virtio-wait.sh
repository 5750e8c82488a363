# SPDX-License-Identifier: GPL-2.0
# says: blocked for more than
#
# The same in _virtio_gpio_req().

. "$LAB_GUEST/lib.sh"
panel_up
draw card
fault stall gpio
drawer_says noise:1
rest 65
