# SPDX-License-Identifier: GPL-2.0
# complaints: allowed
#
# Wires that fail at random moments (the seed says which): while the panel is
# probed and woken, and in the middle of frames.
#
# A command may be cut in half, and the next probe's no-operation ends it: the panel
# has reason to complain.

. "$LAB_GUEST/lib.sh"
plan 8

RANDOM=7
early=() late=()
for _ in 1 2 3 4; do
	early+=($((RANDOM % 60)))
	late+=($((RANDOM % 200)))
done

# survives_birth AFTER - as survives, but the messages are counted from probe on. Does
# it bind at all, does a client get to draw? That depends; nothing is left behind.
survives_birth() {
	local status=0
	lab_replug && panel_forget && watch_release && fault error both "$1" || return 1
	born_bad || status=1
	works_again || status=1
	return $status
}

born_bad() {
	local card
	spi_new_device yx240qv29 || return 1
	if bound; then
		card=$(card_of_panel) || return 1
		kms animate --card "$card" >/run/lab.animation 2>&1 &
		wait_for felt error && within $BREAKS_WITHIN unbind_panel && wait_for ended $! || return 1
	fi
	felt error && wait_for released 1 && wait_for module_is_free || return 1
	within $BREAKS_WITHIN lab_unplug
}

panel_up
for after in "${early[@]}"; do
	ok "probe: an error after $after messages" survives_birth "$after"
done
ok "SPI, drawing: unbind" survives --flip unbind error spi "${late[0]}"
ok "SPI, drawing: unplug" survives --dirty unplug error spi "${late[1]}"
ok "GPIO, drawing: unbind" survives --dirty unbind error gpio "${late[2]}"
ok "both, drawing: unplug" survives --flip unplug error both "${late[3]}"
