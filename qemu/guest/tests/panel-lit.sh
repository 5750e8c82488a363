# SPDX-License-Identifier: GPL-2.0
#
# A panel that a boot loader has lit does not flicker: it is neither reset nor told to
# leave its sleep, as with the C drivers. After the next mode set it is like any other.

. "$LAB_GUEST/lib.sh"
plan 8

# boot_loader_does HEX... - commands, each of its own; the D/C line idles low.
boot_loader_does() {
	local byte
	for byte; do printf "\\x$byte" >"/dev/spidev${PANEL#spi}"; done
}

lab_plug
spi_new_device spidev
wait_for test -c "/dev/spidev${PANEL#spi}"
boot_loader_does 11
# It may not be told more for 5 ms.
panel_idle 20
boot_loader_does 29
ok "the boot loader lights it" panel_is awake on
spi_delete_device

load_driver
# The reset line stays as it is, too.
spi_new_device "$PANEL_NAME"
wait_for card_of_panel
ok "it shows the driver's picture" draw card
ok "all of it" panel_shows card
ok "it was not reset" is resets "0 0" "$(panel_count hard_resets) $(panel_count soft_resets)"
ok "and woken by the boot loader alone" is "sleep-outs" 1 "$(panel_count sleep_outs)"
undraw

unbind_panel
ok "off after unbind" panel_is asleep off
# The console has woken it, too, when the client had gone.
panel_forget
bind_panel
wait_for card_of_panel
draw card
was_reset() { [ "$(panel_count hard_resets)" -gt 0 ]; }
ok "bound again, it is reset" was_reset
ok "not a complaint from the panel" panel_is quiet
