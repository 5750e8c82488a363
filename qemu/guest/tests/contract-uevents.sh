# SPDX-License-Identifier: GPL-2.0
#
# Userspace is told of all that goes, once.

. "$LAB_GUEST/lib.sh"
plan $((2 * 6))

panel_up
for how in unbind unplug; do
	card=$(card_of_panel)
	fb=$(fb_of_panel)
	# An open card keeps the device, but is no reason not to tell.
	contract ioctls
	listen
	detach "$how"
	heard
	for what in "${card##*/}" "${card##*/}-SPI-1" "${fb##*/}" 'vtcon[0-9]+'; do
		ok "$how: $what is removed" is events 1 "$(told remove "$what")"
	done
	ok "$how: nothing is added" is events 0 "$(told add '.*')"
	undraw
	listen
	attach "$how"
	heard
	card=$(card_of_panel)
	ok "$how: back, ${card##*/} and its connector are added" \
		is events 2 "$(told add "${card##*/}(-SPI-1)?")"
done
