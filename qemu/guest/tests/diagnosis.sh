# SPDX-License-Identifier: GPL-2.0
#
# A panel that stays dark: one line says what to check, and there is none of one that is well.
# Seen to fail without the limit of the clock (Hw::acquire), the id (Pipe::look_at) and 0xff
# (Diagnosis::of_power_mode).
# complaints: allowed

. "$LAB_GUEST/lib.sh"
plan 12

# warnings - what the driver has said since the mark, but for what it always says.
warnings() {
	dmesg_since | grep 'tinydrm_[a-z0-9_]* spi.*: ' | grep -v '\[drm\]\|probe with driver' | sed 's/.*spi[0-9.]*: //'
}

# finds MODULE DRIVER ID SPEED - sets "heard", what the driver says of that module.
finds() {
	DRIVER_MODULE=$2 DRIVER=/sys/bus/spi/drivers/$2
	panel_mount "$1" && load_driver && dmesg_mark && spi_new_device "$3" "$4" || return 1
	wait_for card_of_panel && draw card
	undraw
	heard=$(warnings)
	spi_delete_device
}

# one_line TEXT - and no other.
one_line() {
	is "lines" 1 "$(grep -c . <<<"$heard")" && grep -F "$1" <<<"$heard" && return
	echo "$heard"
	return 1
}

lab_plug

ok "one that is well" finds yx240qv29 tinydrm_ili9341 yx240qv29 10000000
ok "nothing is said" is lines "" "$heard"
ok "too fast a clock" finds yx240qv29 tinydrm_ili9341 yx240qv29 32000000
ok "it is named, with the limit" one_line "a clock of 32000000 Hz is above the 10000000 Hz of the datasheet"
ok "another controller" finds yx240qv29 tinydrm_st7789v lh133k 10000000
ok "its id, and what to check" one_line "it is [00, 80, 00], not [85, 85, 52]: check its compatible"
ok "an answer of zeroes" finds rpi-lcd-35 tinydrm_ili9341 yx240qv29 10000000
ok "what to check" one_line "no answer (0x00): if it stays dark, check supply, reset, chip select and D/C"
ok "an answer of ones" finds jd-t18003-t01 tinydrm_ili9341 yx240qv29 10000000
ok "what to check, too" one_line "no answer (0xff): if it stays dark, check supply, reset, chip select and D/C"
board dc=0
ok "no D/C line" finds yx240qv29 tinydrm_ili9341 yx240qv29 10000000
ok "what it is taken for, and what to check" grep -F "no D/C line, so words have nine bits (3-wire): if it stays dark, check dc-gpios" <<<"$heard"
