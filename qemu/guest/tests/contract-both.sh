# SPDX-License-Identifier: GPL-2.0
#
# A device that is gone and the one that came back live side by side: the old one is
# held by a client and its mapping while the new one draws.

. "$LAB_GUEST/lib.sh"
plan $((2 * 15 + 1))

panel_up
for how in unbind unplug; do
	old=$(card_of_panel)
	contract memory
	watch_release
	detach "$how"
	ok "$how: it comes back" attach "$how"
	ok "$how: as another card" not test "$old" = "$(card_of_panel)"
	ok "$how: it draws" animate --dirty
	ok "$how: old: the mapping holds what it held" answers ok kept
	ok "$how: old: it can be written" answers ok write
	ok "$how: old: pages never touched before can be used" answers ok untouched
	ok "$how: old: a new mapping is refused" answers ENODEV map
	before=$(panel_count messages)
	ok "$how: new: it goes on drawing" panel_messages $((before + 10))
	ok "$how: none was freed" released 0
	ok "$how: new: it goes while it draws" within 10 detach "$how"
	ok "$how: new: its client is told" animated gone
	ok "$how: new: it is freed, the old one is not" wait_for released 1
	ok "$how: old: the mapping can be used" answers ok write
	undraw
	ok "$how: old: it is freed" wait_for released 2
	ok "$how: the module is free" wait_for module_is_free
	attach "$how"
done
ok "not a complaint from the panel" panel_is quiet
