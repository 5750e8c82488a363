# SPDX-License-Identifier: GPL-2.0
#
# Without a D/C line: commands and pixels are words of nine bits, eight of them in nine
# bytes. Whether the controller has words of nine bits itself says whether the panel can
# be asked anything.
# timeout: 300

. "$LAB_GUEST/lib.sh"
plan 46

# wired MODULE BITS - a controller with words of so many bits, and no line to this module.
wired() {
	panel_mount "$1"
	panel '{"do":"words","bits":['"$2"']}' >/dev/null
	panel '{"do":"interface","wires":3}' >/dev/null
	board dc=0
}

# command_file - debugfs's, that is read for answers and written for commands.
command_file() { echo "/sys/kernel/debug/dri/$PANEL/command"; }

# shows_it NAME - both formats, odd parts, and the console; then it goes.
shows_it() {
	local format
	dmesg_mark
	ok "$1: it is bound" panel_up "$PANEL_NAME"
	ok "$1: it says that there is no line" grep -q "no D/C line" <<<"$(dmesg_since)"
	for format in xrgb8888 rgb565; do
		ok "$1: $format is drawn" draw card --format $format
		ok "$1: $format is shown" panel_shows card 0 $format
		picture "three-wire/$1-$format.png"
		undraw
	done
	ok "$1: odd parts are drawn" draw_rects card noise:5 0,0,1,1 17,33,58,77 100,0,103,200
	ok "$1: and nothing else" parts_are_shown
	undraw
	ok "$1: it is lit, in its natural colours" panel_is awake on lit natural
}

parts_are_shown() {
	local want
	want=$(kms crc card "$PANEL_SIZE" --over noise:5 --parts 0,0,1,1 17,33,58,77 100,0,103,200)
	panel_becomes "$want"
}

# goes NAME
goes() {
	ok "$1: it goes" unbind_panel
	ok "$1: it is asleep" panel_is asleep off dark
	ok "$1: and has not complained" panel_is quiet
	unload_driver
	lab_unplug
}

wired yx240qv29 8
shows_it bytes
ok "bytes: it cannot be asked" says_state readable no
ok "bytes: which is no error of the panel's" fails "not supported" cat "$(command_file)"
ok "bytes: it is not lost" says_state presence present
ok "bytes: a command is sent" eval 'echo 21 >"$(command_file)"'
ok "bytes: and does what it does" not panel_is natural
goes bytes

wired yx240qv29 8,9,16
shows_it words
ok "words: it is asked" says_state readable yes
ok "words: and answers" is RDDPM 9c "$(sed -n 's/^0a: //p' "$(command_file)")"
draw card
panel_shows card
panel_idle
panel_power_cycle
echo detect >"/sys/class/drm/$(basename "$(card_of_panel)")-SPI-1/status"
ok "words: that it was reset is seen" says_state losses 1
ok "words: it is back" wait_for panel_is awake on lit
ok "words: with its picture" panel_shows card
undraw
goes words

# Three bytes a pixel.
DRIVER_MODULE=tinydrm_ili9488 PANEL_NAME=ili9488 PANEL_SIZE=320x480
DRIVER=/sys/bus/spi/drivers/$DRIVER_MODULE
wired ili9488 8
shows_it "18 bits"
goes "18 bits"
