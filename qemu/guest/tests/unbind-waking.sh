# SPDX-License-Identifier: GPL-2.0
# timeout: 300
#
# Unbind while the panel is being woken, which takes it a quarter of a second: the
# waits between its commands are cut short, and it is not woken first.

. "$LAB_GUEST/lib.sh"
plan 5

panel_up
watch_release
tries=20 short=0 asleep=0 done=0
while [ "$done" -lt "$tries" ] && [ "$short" = 0 ]; do
	draw card
	drawer_says off
	drawer_hears off
	panel_idle
	panel_forget
	drawer_says card
	# The first command is a reset, and 120 ms are to pass before the next one.
	panel_messages 0
	unbind_panel
	if [ "$(panel_state hard_resets)" -gt 0 ] && [ "$(panel_state sleep_outs)" = 0 ]; then
		short=1
	fi
	panel_is asleep off >/dev/null && asleep=$((asleep + 1))
	undraw
	done=$((done + 1))
	bind_panel
	wait_for card_of_panel
done
ok "a wait for the panel was cut short, in one try of $tries" is short 1 "$short"
ok "the panel was asleep after each" is asleep "$done" "$asleep"
ok "each device was freed" wait_for released "$done"
ok "the module is free" wait_for module_is_free
ok "not a complaint from the panel" panel_is quiet
