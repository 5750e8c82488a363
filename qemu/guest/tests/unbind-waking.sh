# SPDX-License-Identifier: GPL-2.0
# timeout: 300
#
# Unbind while the panel is being woken, which takes this one more than half a second: the
# waits between its commands are cut short, and it is not woken first.

DRIVER_MODULE=tinydrm_st7735r PANEL_NAME=rh128128t PANEL_SIZE=128x128
. "$LAB_GUEST/lib.sh"
plan 5

# was_cut_short - it was reset, but did not come to what follows its sleep-out and 500 ms.
was_cut_short() {
	ask_panel '{"do":"state"}'
	field_of "$ANSWER" hard_resets
	[ "$REPLY" -gt 0 ] && [[ $ANSWER != *'"FRMCTR1"'* ]]
}

panel_mount "$PANEL_NAME"
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
	# The first command is a reset.
	panel_messages 0
	unbind_panel
	! was_cut_short || short=1
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
