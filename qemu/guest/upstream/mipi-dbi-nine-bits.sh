# SPDX-License-Identifier: GPL-2.0
# says: that the client's frame does not
#
# Without a D/C line, on a controller that has words of 9 bits, mipi_dbi_spi1_transfer()
# makes two words of each pixel but counts one: it writes twice as much as its buffer is
# long, and sends half of that. The panel shows it; what lies behind the buffer does not.

. "$LAB_GUEST/lib.sh"
use_driver c
modprobe tinydrm_tally
board dc=0
load_driver
spi_new_device yx240qv29
wait_for card_of_panel
kms bench --card "$(card_of_panel)" count c --three-wire full-xrgb
