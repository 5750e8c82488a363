# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The test that every panel has to pass. A script of tests/ says which one it is, and
# sources this:
#
#	DRIVER_MODULE=tinydrm_st7735r PANEL_NAME=rh128128t PANEL_SIZE=128x128
#	. "$LAB_GUEST/panel-test.sh"
#	panel_test
#
# FORMATS: of framebuffers that it can show, where there are others.
# GREY=--grey: it has no colours. CLOCKWISE=1: the driver turns the other way round, as the C driver does. MOUNTED=NAME:
# what is mounted goes by another name.

. "$LAB_GUEST/lib.sh"

GREY=${GREY-}
FORMATS=${FORMATS:-xrgb8888 rgb565}

# Points of panel_test.
# shellcheck disable=SC2206 # several
formats=($FORMATS)
PANEL_POINTS=$((2 + 4 * (7 + 2 * ${#formats[@]})))

# turn_of ROTATION - how the viewer turns the module to see it upright.
turn_of() {
	if [ -n "${CLOCKWISE-}" ]; then
		echo $(((360 - $1) % 360))
	else
		echo "$1"
	fi
}

# parts_of SIZE - rectangles with odd corners, at all edges of the display.
parts_of() {
	local w=${1%x*} h=${1#*x}
	echo "0,0,1,1 $((w - 1)),$((h - 1)),$w,$h 17,33,58,77 $((w / 2)),0,$((w / 2 + 3)),$h 0,$((h - 29)),$w,$((h - 28))"
}

# shows_parts ROTATION FORMAT - the parts, and all else as it was.
shows_parts() {
	local size want
	size=$(size_at "$1")
	# shellcheck disable=SC2046 # several
	want=$(kms crc card "$size" --over noise:5 --parts $(parts_of "$size") --format "$2" $GREY)
	panel_becomes "$want" "$(turn_of "$1")"
}

# draws_parts ROTATION FORMAT
draws_parts() {
	# shellcheck disable=SC2046 # several
	draw_rects card noise:5 --format "$2" $(parts_of "$(size_at "$1")")
}

# goes ROTATION - the device goes, in a way of each rotation's own.
goes() {
	case $1 in
	0) unbind_panel && bind_panel && wait_for card_of_panel && unbind_panel ;;
	90) spi_delete_device ;;
	180) animate --dirty && lab_unplug && animated gone ;;
	270) unload_driver ;;
	esac
}

panel_test() {
	local rotation format
	plan $PANEL_POINTS
	ok "$PANEL_NAME is mounted" panel_mount "${MOUNTED:-$PANEL_NAME}"
	for rotation in 0 90 180 270; do
		board rotation=$rotation
		loaded "$DRIVER_MODULE" || load_driver
		lab_replug
		ok "$rotation: the driver binds" spi_new_device "$PANEL_NAME"
		ok "$rotation: there is a card" wait_for card_of_panel
		for format in $FORMATS; do
			ok "$rotation: $format is drawn" draw card --format "$format"
			ok "$rotation: $format is shown" panel_shows card "$(turn_of $rotation)" "$format" $GREY
		done
		ok "$rotation: it is lit, in its natural colours" panel_is awake on lit natural
		picture "$PANEL_NAME/rotation-$rotation.png" "$(turn_of $rotation)"
		undraw
		ok "$rotation: odd parts are drawn" draws_parts $rotation "$format"
		ok "$rotation: and nothing else" shows_parts $rotation "$format"
		undraw
		panel_idle
		ok "$rotation: it goes" goes $rotation
		ok "$rotation: the panel is off after it" panel_is asleep off dark
	done
	ok "not a complaint from the panel" panel_is quiet
}
