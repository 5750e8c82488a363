# SPDX-License-Identifier: GPL-2.0
#
# Probe and picture: what a client draws is what the panel's memory holds, in
# each of the four rotations and both formats.

. "$LAB_GUEST/lib.sh"
plan 33

lab_plug
load_driver

for rotation in 0 90 180 270; do
	board rotation=$rotation
	ok "rotation $rotation: the driver binds" spi_new_device yx240qv29
	ok "rotation $rotation: there is a card" wait_for card_of_panel
	for format in xrgb8888 rgb565; do
		ok "rotation $rotation: $format is drawn" draw card --format $format
		ok "rotation $rotation: $format is shown" panel_shows card $rotation $format
	done
	ok "rotation $rotation: the panel is lit" panel_is awake on lit
	picture "picture/rotation-$rotation.png" $rotation
	undraw
	spi_delete_device
	ok "rotation $rotation: the panel is off after it" panel_is asleep off dark
done

ok "not a complaint from the panel" panel_is quiet
