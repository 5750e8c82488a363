# SPDX-License-Identifier: GPL-2.0
# timeout: 240
#
# What small drivers were told, in 2019 on dri-devel, to leave behind at unbind: with the
# console on the panel, with the screen on and nothing to show, and with a framebuffer
# whose buffer nobody has a handle for. Here nothing is left: each object is counted.

. "$LAB_GUEST/lib.sh"
plan $((2 * (5 + 3 * 7)))

tracing=/sys/kernel/tracing

# Each object by the functions that make and free it.
counters=(
	framebuffer_made=drm_framebuffer_init framebuffer_freed=drm_framebuffer_cleanup
	buffer_made=drm_gem_object_init buffer_freed=drm_gem_object_release
	connector_made=drmm_connector_init connector_freed=drm_connector_cleanup
)

# count - their calls, from now on.
count() {
	modprobe drm
	printf 'p:left/%s\n' "${counters[@]/=/ }" >>$tracing/kprobe_events
	echo 1 >$tracing/events/left/enable
}

uncount() {
	echo 0 >$tracing/events/left/enable
	printf -- '-:left/%s\n' "${counters[@]%=*}" >>$tracing/kprobe_events
}

# counted NAME - how many so far.
counted() { awk -v name="$1" '$1 == name { print $2 }' $tracing/kprobe_profile; }

# none_left WHAT - as many have been freed as were made.
none_left() {
	[ "$(counted "$1_made")" -gt 0 ] || { echo "no $1 was made"; return 1; }
	is "$1 freed" "$(counted "$1_made")" "$(counted "$1_freed")"
}

# nothing_left POINTS - of the card that went, which nobody holds.
# (It is counted as freed when that begins.)
nothing_left() {
	ok "$1: the device is freed" wait_for released 1
	ok "$1: no framebuffer is left" wait_for none_left framebuffer
	ok "$1: no buffer is left" wait_for none_left buffer
	ok "$1: no connector is left" wait_for none_left connector
}

# framebuffers - how many the card has, the console's among them.
framebuffers() { grep -c '^framebuffer' "/sys/kernel/debug/dri/${card#/dev/dri/card}/framebuffer"; }

# went - and left nothing in sysfs and debugfs.
went() {
	[ ! -e "$card" ] && [ ! -e "/sys/kernel/debug/dri/${card#/dev/dri/card}" ] &&
		! compgen -G "/sys/class/drm/${card##*/}-*"
}

count
panel_up
for how in unbind unplug; do
	name="$how: the console"
	fb=$(fb_of_panel)
	con2fbmap 1 "${fb#/dev/fb}"
	panel_forget
	echo "The console is on the panel." >/dev/tty1
	wait_for panel_got_pixels
	watch_release
	card=$(card_of_panel)
	detach "$how"
	ok "$name: the card went" went
	nothing_left "$name"
	attach "$how"

	for odd in "close handle" "close both" "no plane"; do
		name="$how: $odd"
		contract leftovers
		card=$(card_of_panel)
		before=$(framebuffers)
		error=$(asked "$odd")
		case $odd in
		# DRM's rule for a driver that has one plane and no colour of its own.
		"no plane") ok "$name: refused: $error" is "$odd" EINVAL "$error" ;;
		*) ok "$name: done" is "$odd" ok "$error" ;;
		esac
		ok "$name: it is shown on" eval 'panel_shows card && is framebuffers "$before" "$(framebuffers)"'
		watch_release
		detach "$how"
		ok "$name: the card went, and its connector" went
		undraw
		nothing_left "$name"
		attach "$how"
	done
done
uncount
