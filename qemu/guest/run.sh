# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# run.sh STAGE PICTURE - one stage of "make run" (qemu/lab/src/run.rs). Each
# tells its steps, and ends with status 0 if all was as it should be.

. "$LAB_GUEST/lib.sh"
stage=$1
picture=$2
trap undraw EXIT

# step TEXT COMMAND... - tells what is done, does it, and stops if it fails.
step() {
	local text=$1 said
	shift
	echo "$text"
	"$@" >/run/lab.said 2>&1 && return
	said=$(</run/lab.said)
	echo "    failed: $*"
	[ -z "$said" ] || printf '    %s\n' "$said"
	dmesg | tac | sed '/lab: begin /q' | tac | tail -n 5 | sed 's/^/    | /'
	[ "$picture" = - ] || picture "$picture"
	exit 1
}

new_device() {
	spi_new_device yx240qv29 && wait_for bound && wait_for card_of_panel
}

# modetest draws, and holds the picture until its standard input ends. It knows a
# card by its driver's name.
modetest_draws() {
	local card name connector
	card=$(card_of_panel)
	read -r name _ <"/sys/kernel/debug/dri/${card#/dev/dri/card}/name"
	connector=$(modetest -M "$name" -c 2>/run/lab.modetest | awk '$3 == "connected" { print $1; exit }')
	if [ -z "$connector" ]; then
		echo "modetest sees no connected connector:"
		modetest -M "$name" -c
		return 1
	fi
	exec {held}> >(exec modetest -M "$name" -s "$connector:#0" >/run/lab.modetest 2>&1)
	drawer_of_modetest=$!
	wait_for panel_is awake on || { cat /run/lab.modetest; return 1; }
	panel_idle 100
}

modetest_ends() {
	exec {held}>&-
	wait "$drawer_of_modetest" 2>/dev/null || true
}

console_shows() {
	printf '\033[2J\033[H\033[1;32mtinydrm\033[0m\n\nThe console of Linux\n%s\non a panel of %s.\n' \
		"$(uname -r)" "$(tr , x <"/sys/class/graphics/${1##*/}/virtual_size")" >/dev/tty1
	panel_idle 200
	# Black but for the text: it is neither the bars nor empty.
	local pattern shown
	shown=$(panel_crc)
	for pattern in smpte black; do
		[ "$shown" != "$(kms crc $pattern "$PANEL_SIZE")" ] || return
	done
}

gone() { not card_of_panel; }

case $stage in
draw)
	step "plug the panel into the running machine" lab_plug
	step "load $DRIVER_MODULE" load_driver
	step "make the SPI device: the driver binds" new_device
	step "modetest draws the SMPTE bars" modetest_draws
	step "the panel shows them, pixel for pixel" panel_shows smpte
	step "photograph it" picture "$picture"
	step "modetest ends" modetest_ends
	;;
console)
	fb=$(fb_of_panel "$(spi_master).0")
	step "there is a frame buffer: ${fb:-none}" test -n "$fb"
	step "write to the console" console_shows "$fb"
	step "the panel is lit" panel_is awake on lit
	step "photograph it" picture "$picture"
	;;
unbind)
	PANEL=$(spi_master).0
	step "unbind the driver by sysfs" unbind_panel
	step "the card is gone" gone
	step "the panel is asleep and off" panel_is asleep off
	step "photograph it" picture "$picture"
	;;
rebind)
	PANEL=$(spi_master).0
	step "bind it again" bind_panel
	step "wait for the card" wait_for card_of_panel
	step "draw" draw card
	step "the panel shows it, pixel for pixel" panel_shows card
	step "photograph it" picture "$picture"
	;;
unplug)
	PANEL=$(spi_master).0
	step "a client draws frame after frame" animate --dirty
	step "take the device out meanwhile" lab_unplug
	step "the client was told" animated gone
	step "the panel is asleep and off" panel_is asleep off
	step "photograph it" picture "$picture"
	;;
replug)
	step "plug it in again" lab_plug
	step "make the SPI device: the driver binds" new_device
	step "draw" draw smpte
	step "the panel shows it, pixel for pixel" panel_shows smpte
	step "photograph it" picture "$picture"
	;;
unload)
	step "remove $DRIVER_MODULE" unload_driver
	step "the panel is asleep and off" panel_is asleep off
	loaded tinydrm && step "remove tinydrm" rmmod tinydrm
	step "take the panel out" lab_unplug
	;;
*)
	echo "run.sh: what is $stage?"
	exit 1
	;;
esac
exit 0
