# SPDX-License-Identifier: GPL-2.0
#
# What the board says of the panel is what the driver does: the clock, whether there is a
# reset line, and a backlight that is somebody else's.
# Seen to fail with commands at 10 MHz whatever the board says (Hw::command), without
# SOFT_RESET (Hw::reset), and on arm64 without Backlight::find (backlight::of_device).

. "$LAB_GUEST/lib.sh"
plan 13

# lights - the panel is lit by a picture.
lights() { draw card && panel_shows card && panel_is awake on lit; }

lab_plug
load_driver

panel_forget
spi_new_device yx240qv29 8000000
ok "8 MHz: a picture" lights
ok "8 MHz: the clock is not above it" is max_hz 8000000 "$(panel_state max_hz)"
ok "8 MHz: the panel was reset by its line" is hard_resets 1 "$(panel_state hard_resets)"
undraw
spi_delete_device

panel_power_cycle
panel_forget
board reset=0
spi_new_device yx240qv29
ok "no reset line: a picture" lights
ok "no reset line: none was given" is hard_resets 0 "$(panel_state hard_resets)"
ok "no reset line: the panel was told by its command" is soft_resets 1 "$(panel_state soft_resets)"
undraw
spi_delete_device
board_reset

if [ "$LAB_ARCH" = arm64 ]; then
	light=/sys/bus/platform/drivers/gpio-backlight
	spi_new_device yx240qv29
	ok "backlight: a picture" lights
	undraw
	unbind_panel
	ok "backlight: off, without the driver" is backlight false "$(panel_state backlight)"
	bind_panel
	watch_release
	echo panel-light >$light/unbind
	ok "backlight: it goes, and the panel before it" not bound
	ok "backlight: the panel sleeps" panel_is asleep off dark
	ok "backlight: its DRM device was freed" wait_for released 1
	echo panel-light >$light/bind
	ok "backlight: it comes, and the panel after it" wait_for bound
	ok "backlight: a picture again" eval 'wait_for card_of_panel && lights'
	undraw
else
	for point in "a picture" "off" "it goes" "the panel sleeps" "the DRM device" "it comes" "a picture again"; do
		skip "backlight: $point" "the PC's board has the backlight on a line of the panel"
	done
fi
