# SPDX-License-Identifier: GPL-2.0
#
# Supplies are on while the driver is bound, and switched off once for each time that they
# were switched on, also where a panel did not wake or a probe failed. (The C drivers switch
# theirs off twice then; the kernel warns of that, and the log is looked at.)
# Seen to fail when none is switched on (Hw::acquire).

. "$LAB_GUEST/lib.sh"
[ "$LAB_ARCH" = x86 ] || skip_all "only the PC's board file describes that"
plan 17

# users SUPPLY - how many have it switched on.
users() {
	local name
	for name in /sys/class/regulator/*/name; do
		[ "$(<"$name")" = "$1" ] && cat "${name%/name}/num_users"
	done
}

# both NUMBER - that many of either.
both() { is "users of power and io" "$1 $1" "$(users power) $(users io)"; }

board supplies=1
lab_plug
load_driver
spi_new_device "$PANEL_NAME"
wait_for card_of_panel
ok "bound: both are on" both 1
draw card
ok "it draws" panel_shows card
ok "they are on, once" both 1

drawer_says off
drawer_hears off
ok "asleep: they are on" both 1
fault error spi
drawer_says card
drawer_hears lost
ok "it does not wake: they are on" both 1
undraw
ok "unbound, although it did not wake" unbind_panel
ok "both are off" both 0

bind_panel || true
ok "SPI fails in probe: not bound" not bound
ok "both are off" both 0
fault none
bind_panel
ok "bound again" bound
ok "both are on" both 1
wait_for card_of_panel
draw card
ok "it draws" panel_shows card
undraw
ok "unplug" lab_unplug

board supplies=2
lab_replug
dmesg_mark
spi_new_device "$PANEL_NAME"
ok "they cannot be switched on: not bound" not bound
ok "the first one is named" says "supply 'power'"
ok "both are off" both 0
spi_delete_device
board_reset
spi_new_device "$PANEL_NAME"
ok "without any: bound" wait_for bound
