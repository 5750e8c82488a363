# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Bind, with each of its allocations failing once: there is a clean error, or a panel
# that works. The next bind works: it comes to the allocation after, which is the next
# step's to fail; and some, as they take long, go on to the end. The scripts are parts of
# this sweep (faults.sh).

. "$LAB_GUEST/faults.sh"

# One bind of so many is a whole one.
WHOLE=10

binds() {
	faulted "$1" || { draws_for_ever || true; return 1; }
	case $VERDICT in
	# The kernel keeps a framebuffer registered that is gone: no more can be asked of this guest
	# (fbcon_fb_registered-error in qemu/lab/src/upstream.rs).
	ok)
		! failed_in fbcon_open fbcon_fb_registered framebuffer_release ||
			{ DIED="a framebuffer is left registered"; return 1; }
		# Bound, but without its node in /dev, which device_add() does not mind.
		{ failed_in device_add devtmpfs_create_node || works; } && unbind_panel && leaves_nothing
		return
		;;
	ENOMEM) ;;
	# It goes on without a name (drivers/video/backlight/backlight.c), which the driver core minds.
	EINVAL) failed_in dev_set_name backlight_device_register || return ;;
	*) echo "bind says $VERDICT"; return 1 ;;
	esac
	leaves_nothing && { [ $(($1 % WHOLE)) != 0 ] || binds_wholly; }
}

# draws_for_ever - fbcon does, which had no memory to put its characters together in
# (bit_putcs-maxcnt in qemu/lab/src/upstream.rs): whoever waits for it is told of as hung, and
# no more can be asked of this guest either.
draws_for_ever() {
	[ "$REPLY" = "no answer" ] && wait_for failed_in register_framebuffer bit_putcs &&
		DIED="the console is drawn for ever"
}

binds_wholly() { replies "ok spared" 0 && works && unbind_panel && leaves_nothing; }

works() { bound && replies ok show card && panel_comes_to card; }

leaves_nothing() { not bound && not have_card && panel_is asleep off; }

mend() { ! bound || unbind_panel; }

sweep_bind() {
	panel_up
	unbind_panel
	drawer fault write "$DRIVER/bind" "$PANEL"
	sweep binds
}
