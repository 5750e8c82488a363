# SPDX-License-Identifier: GPL-2.0
#
# Userspace is told of all that goes, once.

. "$LAB_GUEST/lib.sh"
plan $((2 * 6))

# listen - the kernel's uevents are written down from now on.
listen() {
	stdbuf -oL udevadm monitor --kernel >/run/uevents &
	listener=$!
	wait_for grep -q '^KERNEL - ' /run/uevents
}

# heard - all that have been sent until now are written down: the last is ours.
heard() {
	echo change >/sys/class/mem/null/uevent
	wait_for grep -q ' change .*/mem/null ' /run/uevents
	kill "$listener"
	wait "$listener" 2>/dev/null || true
}

# told ACTION PATTERN - how often.
told() { grep -cE "^KERNEL\[[0-9.]+\] $1 +/devices/.*/$2 \(" /run/uevents || true; }

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
