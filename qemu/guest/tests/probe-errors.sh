# SPDX-License-Identifier: GPL-2.0
#
# A board that is described wrongly, or a wire that is dead from the start: one
# clear line, the right errno, and nothing left behind.

. "$LAB_GUEST/lib.sh"
plan 14

lab_plug
load_driver

watch_release
dmesg_mark
board rotation=45
spi_new_device yx240qv29
ok "rotation 45: not bound" not bound
ok "rotation 45: the property and its value are named" says "rotation = 45"
board_reset
spi_delete_device

watch_release
dmesg_mark
fault error spi
spi_new_device yx240qv29
ok "SPI fails: not bound" not bound
ok "SPI fails: it says so" says "cannot be reached over SPI"
ok "SPI fails: the device was freed" released 1
ok "SPI fails: one transfer was tried" is refused 1 "$(panel_count refused)"
fault none
spi_delete_device

dmesg_mark
fault error gpio
spi_new_device yx240qv29
ok "GPIO fails: not bound" not bound
fault none
spi_delete_device

ok "a good board after all that: bound" spi_new_device yx240qv29
ok "a card" wait_for card_of_panel
ok "it draws" draw card
ok "and shows it" panel_shows card
undraw

# One that cannot do without the line.
spi_delete_device
DRIVER_MODULE=tinydrm_st7735r DRIVER=/sys/bus/spi/drivers/tinydrm_st7735r
load_driver
watch_release
dmesg_mark
board dc=0
spi_new_device jd-t18003-t01
ok "no D/C line: not bound" not bound
ok "no D/C line: it is named" says "GPIO 'dc'"
ok "no D/C line: the device was freed" released 1
