# SPDX-License-Identifier: GPL-2.0
#
# Nothing goes over the wire that the panel shows already, and no window that is set
# already.

. "$LAB_GUEST/lib.sh"
plan 22

# redraw PATTERN - the one who draws draws this next.
redraw() {
	panel_idle
	panel_forget
	drawer_says "$1"
	drawer_hears drawn && panel_idle
}

count_is() { is "$1" "$2" "$(panel_count "$1")"; }

commands_are() { panel '{"do":"state"}' | grep -F "\"commands\":$1"; }

panel_up
for format in xrgb8888 rgb565; do
	ok "$format: a picture" draw noise:1 --format $format
	ok "$format: and the same once more" redraw noise:1
	ok "$format: of which nothing is sent" count_is messages 0
	ok "$format: another one" redraw noise:2
	# The window is the same.
	ok "$format: is one command" commands_are '{"RAMWR":1}'
	ok "$format: of all of its pixels" count_is pixels $((240 * 320))
	ok "$format: it is on the panel" panel_shows noise:2 0 $format
	# A film: frames that change all over, until the driver stops to compare them.
	for picture in 3 4 5 6 7 8; do
		redraw noise:$picture
	done
	ok "$format: the sixth after it too" panel_shows noise:8 0 $format
	# A window that holds both parts holds what nobody has looked at, too.
	parts="0,10,8,11 0,12,8,13 100,40,108,41 104,43,120,44"
	ok "$format: parts of it are drawn over" redraw "card $parts"
	# shellcheck disable=SC2086 # several
	want=$(kms crc noise:8 240x320 --over card --parts $parts --format $format)
	ok "$format: and what is between is as it was" panel_becomes "$want"
	undraw
done
ok "what was not looked at is drawn over" draw card
ok "and that is on the panel" panel_shows card
undraw
