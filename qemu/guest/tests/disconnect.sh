# SPDX-License-Identifier: GPL-2.0
#
# A driver with a last word to its panel (examples/disconnect/tinydrm_sample_disconnect.rs): it is
# said where the panel is there to hear it, once, after the panel was put to sleep.

DRIVER_MODULE=tinydrm_sample_disconnect
. "$LAB_GUEST/lib.sh"
plan 21

# The software reset of the sample; the library's own ends with 0x10, sleep in.
last_word() { is "off, sleep-in, reset, last command" "1 1 1 0x01" \
	"$(for name in display_offs sleep_ins soft_resets last_command; do panel_state $name; done | xargs)"; }
says() { is "lines with '$1'" "$2" "$(dmesg_since | grep -c "$1")"; }
hook="leaving the panel as its reset does"

lights_up() {
	wait_for card_of_panel && draw card --card "$(card_of_panel)" && panel_shows card || return 1
	undraw
	dmesg_mark
	panel_idle
	panel_forget
}

ok "a driver of its own tree" panel_up sample-disconnect
ok "it draws" lights_up
ok "unbind" unbind_panel
ok "unbind: the panel is asleep and off" panel_is asleep off dark
ok "unbind: the last word is on the wire" last_word

bind_panel
lights_up
ok "rmmod" unload_driver
ok "rmmod: the last word is on the wire" last_word

load_driver
lights_up
ok "unplug" lab_unplug
ok "unplug: the last word is on the wire, as the slot had power" last_word
ok "unplug: once" says "$hook" 1

lab_replug
spi_new_device sample-disconnect
lights_up
ok "yank: lit" panel_is awake on lit
ok "yank" lab_yank
ok "yank: one transfer was tried at most" test "$REFUSED" -le 1
ok "yank: one line says so" says 'the panel is gone' 1
ok "yank: the last word was not asked for" says "$hook" 0

fault none
panel_power_cycle
lab_replug
spi_new_device sample-disconnect
wait_for card_of_panel
draw card --card "$(card_of_panel)"
drawer_says off
drawer_hears off
dmesg_mark
ok "asleep: the panel is" panel_is asleep off
ok "asleep: yank" lab_yank
undraw
ok "asleep: nobody could know, so the last word was tried" says "$hook" 1
ok "asleep: one transfer was tried at most" test "$REFUSED" -le 1
ok "asleep: one line says so" says 'the panel is gone' 1
fault none
ok "not a complaint from the panel" panel_is quiet
