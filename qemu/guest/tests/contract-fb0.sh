# SPDX-License-Identifier: GPL-2.0
#
# A frame buffer device is open and mapped when the device goes.

. "$LAB_GUEST/lib.sh"
mapfile -t calls < <(kms contract fb --list)
plan $((2 * (${#calls[@]} + 18) - 1))

# The console is on it too: no cursor shall blink into what the client has drawn.
printf '\e[?25l' >/dev/tty1
panel_up
for how in unbind unplug; do
	contract fb "$(fb_of_panel)"
	ok "$how: while it is there, every call succeeds" all_succeed "${calls[@]}"
	panel_idle
	before=$(panel_count messages)
	ok "$how: what is written to the mapping" answers ok write
	ok "$how: arrives on the panel" panel_messages "$before"
	watch_release
	ok "$how: the device goes" within 10 detach "$how"
	panel_idle
	before=$(panel_count messages)
	for call in "${calls[@]}"; do
		error=$(asked "$call")
		ok "$how: $call: $error" is "$call" ENODEV "$error"
	done
	ok "$how: the mapping still holds what it held" answers ok kept
	ok "$how: it can be written" answers ok write
	ok "$how: pages never touched before can be used" answers ok untouched
	ok "$how: pages come back after madvise(MADV_DONTNEED)" answers ok forget
	ok "$how: it is closed" answers ok close
	ok "$how: closed: the mapping can be used" answers ok write
	ok "$how: closed: pages never touched before can be used" answers ok untouched
	ok "$how: closed: pages come back after madvise(MADV_DONTNEED)" answers ok forget
	# Deferred I/O writes back after a while; the client would have been seen by now.
	panel_idle 200
	[ "$how" = unplug ] ||
		ok "$how: the wire stayed silent" is messages "$before" "$(panel_count messages)"
	ok "$how: closed: the mapping alone keeps the device" not released 1
	ok "$how: closed: and the module" not unload_driver
	ok "$how: unmapped" answers ok unmap
	ok "$how: unmapped, the device is freed" wait_for released 1
	ok "$how: and the module is free" wait_for module_is_free
	undraw
	attach "$how"
done
