# SPDX-License-Identifier: GPL-2.0
#
# Unbind while the panel is being woken, which takes it a quarter of a second: the
# waits between its commands are cut short, and it is not woken first.

. "$LAB_GUEST/lib.sh"
plan 5

panel_up
watch_release
tries=10 short=0 asleep=0 done=0
while [ "$done" -lt "$tries" ] && [ "$short" = 0 ]; do
	done=$((done + 1))
	draw card
	drawer_says off
	drawer_hears off
	panel_idle
	panel_forget
	drawer_says card
	# The soft reset is the first command; the panel may not be woken for 120 ms.
	panel_messages 0
	unbind_panel
	[ "$(panel_state sleep_outs)" != 0 ] || short=1
	panel_is asleep off >/dev/null && asleep=$((asleep + 1))
	undraw
	bind_panel
	wait_for card_of_panel
done
# A machine that is slow may have woken it before it got to the unbind.
ok "a wait for the panel was cut short, in one try of $tries" is short 1 "$short"
ok "the panel was asleep after each" is asleep "$done" "$asleep"
ok "each device was freed" wait_for released "$done"
ok "the module is free" wait_for module_is_free
ok "not a complaint from the panel" panel_is quiet
