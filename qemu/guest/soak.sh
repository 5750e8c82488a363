# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# soak.sh SEED ROUNDS SECONDS - so many rounds (fewer if the time is over): load on a
# panel, a detach at some moment, what must be so then, attach, a picture that must be
# right. All that is done, and how long is waited before it, follows from the seed.
#
# One point for all of them; qemu/lab/src/soak.rs runs this over and over. A round
# says what it will do before it begins ("# round"), and that the device is out
# ("# detached"): for the lab to count and to tell, if nothing more is heard.

. "$LAB_GUEST/lib.sh"
seed=$1 rounds=$2 seconds=$3

# one_of WORD... - sets REPLY to one of them. (In a subshell RANDOM would begin anew.)
one_of() {
	local number=$((RANDOM % $# + 1))
	REPLY=${!number}
}

# decide - sets all that a round does, before it does any of it.
decide() {
	one_of unbind delete rmmod controller unplug yank
	kind=$REPLY
	one_of none flip dirty rects memory fb
	load=$REPLY
	one_of xrgb8888 rgb565
	format=$REPLY
	one_of drawn starting
	moment=$REPLY
	one_of nothing nothing card fb "card fb"
	holds=$REPLY
	one_of silent silent written
	console=$REPLY
	one_of early late
	closes=$REPLY
	one_of 0 90 180 270
	rotation=$REPLY
	one_of 1 40 400
	delay=$((RANDOM % REPLY))
	# Few, as the guest is slow at telling what they look like.
	one_of 1 2 3
	noise=$REPLY
	# Who opens a card first is its master: that must be the one who draws. And that is
	# over and over another one with "rects".
	[[ $holds != *card* ]] || moment=drawn
	[ "$load" != rects ] || holds=${holds/card/}
	actions="$kind after $delay ms; load $load $format $moment, console $console,"
	actions+=" holds $holds, closes $closes; then rotation $rotation, noise:$noise"
}

# must WHAT COMMAND... - succeeds if the command does; else sets FAILURE.
must() {
	local what=$1
	shift
	"$@" >/run/lab.said 2>&1 && return
	FAILURE="$what: $* failed with status $?"$'\n'$(</run/lab.said)
	return 1
}

# --- Load -----------------------------------------------------------------

# client COMMAND... - starts one that draws until it is told that the device is gone.
client() {
	exec {client_out}< <(exec 2>&1; "$@")
	client=$!
}

rects() {
	local number=0
	# When it is killed it ends after the one that it has started.
	trap exit TERM
	while kms rects "noise:$number" card 3,5,100,200 150,17,201,18 --format "$format"; do
		number=$((number + 1))
	done
}

client_has_drawn() {
	local line
	IFS= read -r -t "$PATIENCE" -u "$client_out" line || line="no answer"
	is "what the client says" drawn "$line"
}

# client_was_told - it ends by itself, for no other reason than that the device went.
client_was_told() {
	local line last= status
	[ -n "$client" ] || return 0
	while IFS= read -r -t "$PATIENCE" -u "$client_out" line || { status=$?; false; }; do
		last=$line
	done
	[ "$status" = 1 ] || { echo "the client goes on after '$last'"; return 1; }
	client_ends
	case $last in
	# While it opens the card it may be told in other words: ENOENT, ENXIO, ENODEV.
	gone | *"(os error 2)" | *"(os error 6)" | *"(os error 19)") ;;
	*"no card is a panel's"* | *"there is no DRM device"*) ;;
	# Between the yank and the detach its connector is disconnected, and who draws is told EIO.
	*"the card has no connector with a mode" | *"(os error 5)") is "$last: kind" yank "$kind" ;;
	*) echo "the client ends with '$last'"; return 1 ;;
	esac
}

client_ends() {
	[ -n "$client" ] || return 0
	kill "$client" 2>/dev/null
	wait "$client" 2>/dev/null
	exec {client_out}<&-
	client=
}

load_begins() {
	case $load in
	none) ;;
	flip | dirty) client exec kms animate "--$load" --format "$format" ;;
	rects) client rects ;;
	memory) contract memory --format "$format" ;;
	fb) contract fb "$(fb_of_panel)" ;;
	esac || return
	[ -z "$client" ] || [ "$moment" = starting ] || client_has_drawn
}

# hold NODE... - opens them.
hold() {
	local node fd
	for node; do
		exec {fd}<>"$node" || return
		held+=("$fd")
	done
}

holding_begins() {
	[[ $holds != *card* ]] || hold "$(card_of_panel)" || return
	[[ $holds != *fb* ]] || hold "$(fb_of_panel)"
}

writing_begins() {
	[ "$console" = written ] || return 0
	while :; do
		printf '\e[H%s' "$RANDOM$RANDOM"
		rest
	done >/dev/tty1 &
	writer=$!
}

writing_ends() {
	[ -n "$writer" ] || return 0
	kill "$writer"
	wait "$writer" 2>/dev/null
	writer=
}

# let_go - ends those who hold on to the device.
let_go() {
	local fd
	for fd in "${held[@]}"; do
		exec {fd}>&-
	done
	held=()
	undraw
}

# memory_holds - a device that is gone has left its client the memory.
memory_holds() {
	[ -n "${drawer-}" ] || return 0
	# The console may have written to its memory too.
	[ "$load" = fb ] || answers ok kept || return
	answers ok write && answers ok untouched
}

# --- Detach and attach -------------------------------------------------------

# find_controller - sets CONTROLLER to the SPI controller's device, as its driver knows it.
find_controller() {
	for CONTROLLER in /sys/bus/virtio/drivers/{spi_virtio,virtio_spi}/virtio*; do
		[ -e "$CONTROLLER" ] && return
	done
}

take_out() {
	case $kind in
	unbind) unbind_panel ;;
	delete) spi_delete_device ;;
	# An open file keeps the module, so they are closed; the last of it is raced with.
	rmmod) let_go; [ -z "$client" ] || kill "$client"; wait_for unload_driver ;;
	controller) find_controller && echo "${CONTROLLER##*/}" >"${CONTROLLER%/*}/unbind" ;;
	unplug) lab_unplug ;;
	yank) panel_forget; lab_yank ;;
	esac
}

new_device() {
	turned=$rotation
	board rotation="$turned"
	spi_new_device yx240qv29
}

bring_back() {
	case $kind in
	unbind) bind_panel ;;
	delete) new_device ;;
	rmmod) load_driver ;;
	controller) echo "${CONTROLLER##*/}" >"${CONTROLLER%/*}/bind" && new_device ;;
	unplug) lab_replug && new_device ;;
	# Without its cable the panel had no supply; it may have been told half a command.
	yank) fault none; panel_power_cycle; lab_replug && new_device ;;
	esac && wait_for bound && wait_for card_of_panel && wait_for fb_of_panel
}

round() {
	# First, as it has the files open that are open by then.
	writing_begins
	must "load" load_begins || return
	must "load" holding_begins || return
	rest "$(printf '0.%03d' "$delay")"

	must "detach" within 10 take_out || return
	echo "# detached $kind"
	case $kind in
	yank) must "a dead wire is left alone" test "$REFUSED" -le 1 || return ;;
	*) must "the panel sleeps" panel_is asleep off || return ;;
	esac
	case $kind in
	rmmod) client_ends ;;
	*) must "the client is told" client_was_told || return ;;
	esac
	must "memory" memory_holds || return
	[ "$closes" = late ] || let_go

	must "attach" within 20 bring_back || return
	must "memory, after attach" memory_holds || return
	let_go
	must "the device is freed" wait_for released "$number" || return
	must "the module is free" wait_for module_is_free || return

	must "a picture is drawn" draw "noise:$noise" --format "$format" || return
	must "it is shown" panel_shows "noise:$noise" "$turned" "$format" || return
	must "the panel is lit" panel_is awake on lit || return
	undraw
	writing_ends
	must "the kernel is well" is tainted "$tainted" "$(</proc/sys/kernel/tainted)"
}

plan 1
RANDOM=$seed
# What comes first is much alike for seeds in a row.
for ((number = 0; number < 4; number++)); do decide; done

# Those of the rounds before, of other seeds: a picture takes long to be worked out.
[ ! -e /run/lab.crcs ] || . /run/lab.crcs
panel_up
chvt 1
fb=$(fb_of_panel)
con2fbmap 1 "${fb#/dev/fb}"
watch_release
tainted=$(</proc/sys/kernel/tainted)
turned=0 client= writer= held=() FAILURE=
for ((number = 1; number <= rounds && (number == 1 || SECONDS < seconds); number++)); do
	decide
	echo "# round $number: $actions"
	# The kernel's log is to tell what was being done as well.
	echo "soak: seed $seed, round $number: $actions" >/dev/kmsg
	round || break
done
declare -p CRCS >/run/lab.crcs
if [ -z "$FAILURE" ]; then
	pass "seed $seed: $((number - 1)) rounds"
else
	fail_point "seed $seed, round $number: $actions"
	diagnose "$FAILURE"
fi
