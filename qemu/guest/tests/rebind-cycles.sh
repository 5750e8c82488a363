# SPDX-License-Identifier: GPL-2.0
# timeout: 300
#
# Fifty times bind and unbind, each while a client draws.

. "$LAB_GUEST/lib.sh"
plan 5

panel_up
watch_release
cycles=50 asleep=0 gone=0
for ((i = 1; i <= cycles; i++)); do
	how=--dirty
	[ $((i % 2)) = 0 ] || how=--flip
	animate $how
	unbind_panel
	panel_is asleep off >/dev/null && asleep=$((asleep + 1))
	animated gone && gone=$((gone + 1))
	[ "$i" = "$cycles" ] || { bind_panel; wait_for card_of_panel; }
done
ok "the panel slept after each unbind" is "times asleep" "$cycles" "$asleep"
ok "each client was told that it is gone" is "clients" "$cycles" "$gone"
ok "each device was freed" wait_for released "$cycles"
ok "the module is free" wait_for module_is_free
ok "not a complaint from the panel" panel_is quiet
