# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# complaints: allowed
#
# A panel that is lost while its driver is bound: its wire dies, its D/C line does, or
# it loses its state to a dip in its supply. One line in the log, the connector
# disconnected, commits that fail, silence on the wire; and when it answers again, the
# picture.

. "$LAB_GUEST/lib.sh"
# Polls are 10 s apart, and a wire that has failed is spared the next one.
PATIENCE=$((3 * PATIENCE))
plan 45

connector() { echo /sys/class/drm/"$(basename "$(card_of_panel)")"-SPI-1; }
connector_is() { is connector "$1" "$(<"$(connector)/status")"; }
look() { echo detect >"$(connector)/status"; }

# told_of NUMBER - so many hotplug events of the card, at least, since "listen".
told_of() { [ "$(told_events)" -ge "$1" ]; }
told_events() { grep -cE "^KERNEL.* change .*/$(basename "$(card_of_panel)") " /run/lab.uevents; }

says() { is "lines with '$1'" "$2" "$(dmesg_since | grep -c "$1")"; }
# silent - one transfer was tried since the wire died at $died, and one in every 5 s since.
silent() {
	local tried
	tried=$(panel_count refused)
	[ "$tried" -ge 1 ] && [ "$tried" -le $((1 + (SECONDS - died) / 5)) ] && return
	echo "$tried transfers tried in $((SECONDS - died)) s"
	return 1
}

panel_up
ok "a panel that is asleep is connected" connector_is connected
draw card
ok "one that shows something too" connector_is connected
look
ok "and is not disturbed by being looked at" panel_shows card

for wire in spi gpio; do
	dmesg_mark
	panel_forget
	listen
	died=$SECONDS
	fault error $wire
	drawer_says noise:1
	answer >/dev/null
	ok "$wire dies: the connector is disconnected" wait_for connector_is disconnected
	ok "$wire dies: userspace is told" wait_for told_of 1
	ok "$wire dies: one line says so" says 'the panel is gone' 1
	[ $wire = gpio ] || ok "$wire dies: one transfer was tried" silent
	drawer_says smpte
	ok "$wire dies: who draws is told too" drawer_hears "lost"
	[ $wire = gpio ] || ok "$wire dies: and nothing is tried for that" silent
	heard
	listen
	fault none
	ok "$wire is back: the poll sees it" wait_for connector_is connected
	ok "$wire is back: userspace is told" wait_for told_of 1
	ok "$wire is back: one line says so" says 'the panel is back' 1
	ok "$wire is back: lit" wait_for panel_is awake on lit
	drawer_says card
	ok "$wire is back: who draws can" drawer_hears drawn
	ok "$wire is back: and the panel shows it" panel_shows card
	heard
done

# The reset line is used to wake the panel only.
drawer_says off
drawer_hears off
panel_idle
panel_forget
dmesg_mark
fault error gpio
drawer_says card
answer >/dev/null
ok "no reset: the line was tried once" is gpio_refused 1 "$(panel_count gpio_refused)"
ok "no reset: and nothing was sent" is messages 0 "$(panel_count messages)"
ok "no reset: the connector is disconnected" wait_for connector_is disconnected
ok "no reset: one line says so" says 'the panel is gone' 1
drawer_says smpte
ok "no reset: who draws is told" drawer_hears "lost"
fault none
ok "no reset: the poll sees that it is back" wait_for connector_is connected
ok "no reset: with its picture" panel_shows smpte

dmesg_mark
listen
panel_power_cycle
ok "the supply dips: nobody knows" panel_is asleep off
look
ok "looked at: the picture comes back by itself" panel_shows smpte
ok "it is lit" wait_for panel_is awake on lit
ok "it was reported gone" says 'the panel is gone' 1
ok "and back" says 'the panel is back' 1
ok "userspace was told both" wait_for told_of 2

heard
undraw
ok "not a complaint from the panel until now" panel_is quiet

# The console is written to all the while: its emulation must not mind. (The panel may:
# a command that the fault cuts in half is ended by the next question.)
fb=$(fb_of_panel)
con2fbmap 1 "${fb#/dev/fb}"
chvt 1
ok "the console: text arrives" wait_for panel_is awake on lit
while :; do printf '\e[H%s' "$RANDOM$RANDOM" >/dev/tty1; done &
writer=$!
fault error spi
ok "the console: disconnected" wait_for connector_is disconnected
fault none
ok "the console: connected again" wait_for connector_is connected
ok "the console: it is on the panel again" wait_for panel_is awake on lit
kill "$writer"
wait "$writer" 2>/dev/null || true

ok "nothing is left of it after unbind" unbind_panel
ok "the panel is asleep and off" panel_is asleep off
