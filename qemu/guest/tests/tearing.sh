# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# complaints: allowed
#
# The tearing effect line: frames that wait for it are not torn, those that do not are;
# a line that is dead is found out, and a wait for it ends when the driver goes.
#
# A frame takes 23.6 ms at this clock, and a scan of the panel 14.2: it is begun behind
# one, and over before the next one comes up with it. How late a busy guest or host is
# does not matter (qemu/panel/src/controller/beam.rs). (What stalls in the middle of a
# command makes the panel complain.)

. "$LAB_GUEST/lib.sh"
plan 46
FILM=24
HZ=52000000

# panel_at [HZ] - the panel at this clock, with a picture.
panel_at() { spi_new_device yx240qv29 "${1:-$HZ}" && wait_for card_of_panel && draw noise:0 && panel_shows noise:0; }

# film - frames that have nothing in common, one after another; each of them is seen.
film() {
	local frame
	# The first one after it was woken is nobody's to see.
	drawer_says noise:0
	drawer_hears drawn && panel_shows noise:0 || return 1
	panel_idle
	panel_forget
	for frame in $(seq "$FILM"); do
		drawer_says "noise:$frame"
		drawer_hears drawn || return 1
		wait_for seen "$frame" || return 1
	done
	panel_shows "noise:$FILM"
}

seen() { [ "$(panel_count updates)" -ge "$1" ]; }

gone() { undraw; spi_delete_device; }

listened_to() { [ "$(panel_state is_listened_to)" = true ]; }

lines_with() { is "lines with '$1'" "$2" "$(dmesg_since | grep -c "$1")"; }

lab_plug
load_driver

ok "without the line: a picture" panel_at
ok "without: a film" film
ok "without: every frame was seen" is updates "$FILM" "$(panel_count updates)"
ok "without: some were torn" not is torn 0 "$(panel_count torn)"
echo "# without te-gpios: $(panel_count torn) of $FILM frames are torn"
ok "without: the panel was not told to tell" is TEON 0 "$(panel '{"do":"state"}' | grep -c TEON)"
gone

board te=te
dmesg_mark
panel_forget
ok "with the line: a picture" panel_at
ok "with: the panel was told to tell" is TEON 1 "$(panel '{"do":"state"}' | grep -c '"TEON":1')"
ok "with: a film" film
ok "with: every frame was seen" is updates "$FILM" "$(panel_count updates)"
ok "with: none was torn" is torn 0 "$(panel_count torn)"
ok "with: it is not lost" lines_with 'no pulse' 0
drawer_says off
drawer_hears off
ok "woken anew: a film" film
ok "woken anew: none was torn" is torn 0 "$(panel_count torn)"
if can_sleep; then
	ok "resumed: the system has slept" sleeps
	ok "resumed: a film" film
	ok "resumed: none was torn" is torn 0 "$(panel_count torn)"
else
	for what in sleeps film torn; do skip "resumed: $what" "this guest cannot sleep"; done
fi
ok "unbound in between" unbind_panel
ok "the panel is dark and asleep" panel_is asleep off dark
undraw
bind_panel
wait_for card_of_panel
draw noise:0
ok "bound again: a film" film
ok "bound again: none was torn" is torn 0 "$(panel_count torn)"
gone

# A clock at which the second scan comes up with a frame, and an order in which the scan
# and a frame meet: there is nothing to wait for.
dmesg_mark
ok "too slow: a picture" panel_at 32000000
ok "too slow: frames do not wait" film
ok "too slow: and are torn" not is torn 0 "$(panel_count torn)"
gone
board rotation=180
ok "upside down: a picture" spi_new_device yx240qv29 $HZ
ok "upside down: it says why it does not wait" lines_with 'te-gpios is not used' 1
gone
board_reset

# The other panel sleeps.
board te=te1
dmesg_mark
ok "a dead line: a picture" panel_at
ok "a dead line: a film all the same" film
ok "a dead line: one line says so" lines_with 'no pulse on te-gpios' 1
drawer_says off
drawer_hears off
ok "a dead line: woken, too" film
ok "a dead line: it was said already" lines_with 'no pulse on te-gpios' 1

# A wait for a pulse is half a second there: an unbind can come too late for it.
tries=5 cut=0 done=0
while [ "$done" -lt "$tries" ] && [ "$cut" = 0 ]; do
	gone
	panel_at
	# What has found the line dead does not wait for it, until the panel is woken.
	drawer_says off
	drawer_hears off
	drawer_says noise:2
	drawer_hears drawn
	panel_shows noise:2
	panel_forget
	drawer_says noise:1
	SITE=1 wait_for listened_to
	unbind_panel
	# What has waited to the end begins to write, and only then sees that it has to go.
	[ "$(panel_state ramwr)" -gt 0 ] || cut=1
	done=$((done + 1))
done
ok "unbound while it waits: the wait was cut short, in one try of $tries" is cut 1 "$cut"
ok "unbound while it waits: the panel is dark and asleep" panel_is asleep off dark
gone

watch_release
dmesg_mark
board te=reset
spi_new_device yx240qv29 $HZ
ok "a line that is taken: not bound" not bound
ok "a line that is taken: it is named" says "GPIO 'te'"
ok "a line that is taken: the device was freed" released 1
spi_delete_device

# A GPIO controller that cannot tell of edges.
panel '{"do":"interrupts","on":false}' >/dev/null
lab_replug
watch_release
dmesg_mark
board te=te
spi_new_device yx240qv29 $HZ
ok "no interrupts: not bound" not bound
ok "no interrupts: it says so" says "GPIO 'te' cannot be an interrupt"
ok "no interrupts: the device was freed" released 1
board te=
spi_delete_device
ok "no interrupts: and no line: a picture" panel_at
panel '{"do":"interrupts","on":true}' >/dev/null
ok "not a complaint from the panel until now" panel_is quiet
gone

# It goes while frames wait, and its GPIO controller with it, or before it.
lab_replug
board te=te
panel_at
undraw
watch_release
ok "drawing: frames arrive" animate --flip
ok "drawing: it is unplugged" lab_unplug
ok "drawing: the client was told that it is gone" animated gone
ok "drawing: the device was freed" wait_for released 1
undraw
lab_plug
spi_new_device yx240qv29 $HZ
wait_for card_of_panel
ok "drawing: GPIO stalls, unbind" survives --flip unbind stall gpio
spi_delete_device
spi_new_device yx240qv29 $HZ
wait_for card_of_panel
ok "drawing: the cable is pulled, unplug" survives --flip unplug error both
