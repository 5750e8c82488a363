# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the guest's scripts share. A test reads like
#
#	. "$LAB_GUEST/lib.sh"
#	plan 3
#	panel_up
#	draw smpte
#	ok "the panel shows it" panel_shows smpte
#	echo "$PANEL" >"$DRIVER/unbind"
#	ok "and is off after unbind" panel_is asleep off
#	...
#
# Functions without a result print nothing when all is well. A command that fails
# outside of "ok" ends the script by "set -e", if the script has set it; the
# harness notices the missing points.

# What is tested; a script that sets it does so before it sources this.
DRIVER_MODULE=${DRIVER_MODULE:-tinydrm_ili9341}
PANEL_NAME=${PANEL_NAME:-yx240qv29}
PANEL_SIZE=${PANEL_SIZE:-240x320}
DRIVER=/sys/bus/spi/drivers/${DRIVER_NAME:-$DRIVER_MODULE}
# What waits, waits so many seconds at most; the translator is given more.
PATIENCE=${PATIENCE:-$((10 * ${LAB_PATIENCE:-1}))}

# --- KTAP ---------------------------------------------------------------

KTAP_DONE=0 KTAP_FAILED=0 KTAP_SKIPPED=0

# plan NUMBER - so many points follow.
plan() {
	KTAP_PLANNED=$1
	echo "KTAP version 1"
	echo "1..$1"
	trap ktap_end EXIT
}

# skip_all REASON - nothing here applies.
skip_all() {
	echo "KTAP version 1"
	echo "1..0 # SKIP $*"
	exit 4
}

ktap_end() {
	local status=$?
	undraw
	[ "$status" -eq 0 ] || exit "$status"
	[ "$KTAP_FAILED" -eq 0 ] || exit 1
	[ "$KTAP_SKIPPED" -lt "$KTAP_PLANNED" ] || exit 4
	exit 0
}

pass() { KTAP_DONE=$((KTAP_DONE + 1)); echo "ok $KTAP_DONE $*"; }

fail_point() {
	KTAP_DONE=$((KTAP_DONE + 1)) KTAP_FAILED=$((KTAP_FAILED + 1))
	echo "not ok $KTAP_DONE $*"
}

# skip DESCRIPTION REASON - the next point does not apply.
skip() {
	KTAP_DONE=$((KTAP_DONE + 1)) KTAP_SKIPPED=$((KTAP_SKIPPED + 1))
	echo "ok $KTAP_DONE $1 # SKIP $2"
}

# ok DESCRIPTION COMMAND... - a point: does the command succeed? What it prints is shown
# as diagnosis if it does not.
ok() {
	local description=$1 said
	shift
	# Not in a subshell: a command may change what later ones need.
	if "$@" >/run/lab.said 2>&1; then
		pass "$description"
	else
		said="$* failed with status $?"
		fail_point "$description"
		diagnose "$said" "$(</run/lab.said)"
	fi
}

# not COMMAND... - the other way round.
not() { ! "$@"; }

# is WHAT EXPECTED GOT - two texts are the same.
is() {
	[ "$2" = "$3" ] && return
	echo "$1: expected '$2', got '$3'"
	return 1
}

# diagnose TEXT... - comments for the reader of a report.
diagnose() { printf '%s\n' "$@" | sed '/^$/d; s/^/# /'; }

# --- Waiting --------------------------------------------------------------

# A descriptor on which nothing ever arrives: to read from it with a time limit
# is a rest without a process.
exec {REST}<> <(:)
rest() { read -r -t "${1:-0.01}" -u "$REST" || true; }

# wait_for COMMAND... - until it succeeds. Sysfs has no event that fits every question.
wait_for() {
	local end=$((SECONDS + PATIENCE))
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "$* is not true after $PATIENCE s"
			return 1
		fi
		rest
	done
}

# within SECONDS COMMAND... - succeeds if the command does, in so much time (on a kernel
# that is not slow). One that never ends is ended by the script's own limit.
within() {
	local limit=$(($1 * ${LAB_PATIENCE:-1})) began=$SECONDS
	shift
	"$@" || return 1
	[ $((SECONDS - began)) -le "$limit" ] && return
	echo "$* took $((SECONDS - began)) s, not $limit"
	return 1
}

# --- The board ------------------------------------------------------------

. "$LAB_GUEST/board-$LAB_ARCH.sh"

# --- The lab --------------------------------------------------------------

# ask REQUEST... - asks the lab (qemu/lab/src/control.rs), and sets ANSWER.
ask() {
	local port
	# A port can be open only once: who finds it taken waits.
	until { exec {port}<>"$LAB_CONTROL"; } 2>/dev/null; do rest; done
	printf '%s\n' "$*" >&"$port"
	IFS= read -r -t 120 ANSWER <&"$port" || ANSWER='{"error":"the lab does not answer"}'
	exec {port}>&-
	[[ $ANSWER != *'"error":'* ]]
}

# aloud ASK ARGUMENTS... - asks so, and prints the answer.
aloud() {
	local status=0
	"$@" || status=1
	printf '%s\n' "$ANSWER"
	return $status
}

# lab REQUEST... - asks the lab, and prints the answer.
lab() { aloud ask "$@"; }

# field_of JSON NAME - sets REPLY to one field of the flat object.
field_of() {
	REPLY=
	[[ ! $1 =~ \"$2\":(\"([^\"]*)\"|([^],}]*)) ]] || REPLY=${BASH_REMATCH[2]}${BASH_REMATCH[3]}
}

# field NAME - prints one field of the flat object on standard input.
field() {
	local text
	IFS= read -r -d '' text || true
	field_of "$text" "$1"
	printf '%s\n' "$REPLY"
}

lab_note() { lab note "$*" >/dev/null; }

# lab_plug - plugs the panel, and waits for both of its drivers.
lab_plug() {
	lab plug >/run/lab.answer || { cat /run/lab.answer; return 1; }
	wait_for wires_up
}

lab_replug() { lab_unplug && lab_plug; }

# lab_unplug - takes it out in good order: the guest is asked to let go.
lab_unplug() {
	slot_off || return 1
	lab unplug >/run/lab.answer || { cat /run/lab.answer; return 1; }
	slot_emptied
}

# lab_yank [WIRE] - pulls the cable, or cuts this wire of it (see fault); sets REFUSED, the
# number of SPI transfers that were tried after that.
lab_yank() {
	slot_yanked "${1:-both}" || return 1
	lab yank "$@" >/run/lab.answer || { cat /run/lab.answer; return 1; }
	REFUSED=$(field refused </run/lab.answer)
	slot_emptied
}

wires_up() { [ -n "$(spi_master)" ] && [ -n "$(gpio_chip)" ]; }

# spi_master - the panel's SPI controller, as spi0.
spi_master() {
	local path
	for path in /sys/bus/virtio/drivers/spi_virtio/virtio*/spi_master/spi*/new_device \
		/sys/bus/virtio/drivers/virtio_spi/virtio*/spi_master/spi*/new_device \
		/sys/devices/faux/tinydrm_tally/spi_master/spi*/new_device; do
		[ -e "$path" ] || continue
		path=${path%/new_device}
		echo "${path##*/}"
		return
	done
}

# gpio_chip - the GPIO controller with the panel's lines, as gpiochip0.
gpio_chip() {
	local path
	for path in /sys/bus/virtio/drivers/gpio_virtio/virtio*/gpiochip* \
		/sys/bus/virtio/drivers/gpio-virtio/virtio*/gpiochip* \
		/sys/devices/faux/tinydrm_tally/gpiochip*; do
		[ -e "$path" ] || continue
		echo "${path##*/}"
		return
	done
}

# --- The panel --------------------------------------------------------------

# ask_panel JSON - asks the panel emulator, sets ANSWER. It is that at chip select SITE.
ask_panel() { ask panel "{\"panel\":${SITE:-0},${1#\{}"; }

# panel JSON - the same, and prints it.
panel() { aloud ask_panel "$1"; }

# panel_state FIELD - what is so of the panel.
panel_state() {
	ask_panel '{"do":"state"}'
	field_of "$ANSWER" "$1"
	printf '%s\n' "$REPLY"
}

# panel_is WORD... - all of: on off asleep awake lit dark natural in-reset quiet; natural
# is what is not inverted.
panel_is() {
	ask_panel '{"do":"state"}' || { echo "$ANSWER"; return 1; }
	state_is "$ANSWER" "$@"
}

# state_is STATE WORD... - so it is in an answer of the panel's.
state_is() {
	local state=$1 word name want wrong=0
	shift
	for word; do
		want=true
		case $word in
		on) name=on ;;
		off) name=on want=false ;;
		asleep) name=asleep ;;
		awake) name=asleep want=false ;;
		lit) name=lit ;;
		dark) name=lit want=false ;;
		natural) name=inverted want=false ;;
		in-reset) name=in_reset ;;
		quiet) name=complaint_count want=0 ;;
		*) echo "panel_is: what is $word?"; return 1 ;;
		esac
		field_of "$state" "$name"
		[ "$REPLY" = "$want" ] || { echo "the panel is not $word: $name is $REPLY"; wrong=1; }
	done
	[ "$wrong" = 0 ] || echo "$state"
	return "$wrong"
}

# panel_count FIELD - a counter; since panel_forget, that is.
panel_count() { panel_state "$1"; }

# panel_forget - counters and complaints start anew.
panel_forget() { panel '{"do":"forget"}' >/dev/null; }

# panel_power_cycle - as if its supply had been off.
panel_power_cycle() { panel '{"do":"power-cycle"}' >/dev/null; }

# panel_idle [MS] - waits until nothing has come over the wire for so long.
panel_idle() {
	panel '{"do":"wait","until":{"idle_ms":'"${1:-50}"'},"timeout_ms":'$((PATIENCE * 1000))'}' >/dev/null
}

# panel_messages NUMBER - waits until more SPI messages than that have come. Without a process,
# as who waits for it has something to do at once.
panel_messages() {
	ask_panel '{"do":"wait","until":{"messages_above":'"$1"'},"timeout_ms":'$((PATIENCE * 1000))'}'
	[[ $ANSWER == *'"timed_out":false'* ]]
}

# panel_got_pixels - whether any have come since panel_forget.
panel_got_pixels() { [ "$(panel_state pixels)" -gt 0 ]; }

# fault MODE [WIRE [AFTER]] - from now on, or after so many messages, the wires are
# broken: none, error, stall or vanish.
fault() {
	panel '{"do":"fault","mode":"'"$1"'","wire":"'"${2:-both}"'","after":'"${3:-0}"'}' >/dev/null
}

# panel_crc [ROTATION] - of what is in the panel's memory.
panel_crc() {
	panel '{"do":"picture","turn":'"${1:-0}"'}' | field crc
}

# panel_becomes CRC [ROTATION] - waits until that is in the panel's memory: what was drawn may
# not even have begun to be sent, on a machine that is busy.
panel_becomes() {
	local end=$((SECONDS + PATIENCE)) got
	until got=$(panel_crc "${2:-0}") && [ "$got" = "$1" ]; do
		[ "$SECONDS" -lt "$end" ] || { is crc "$1" "$got"; return 1; }
		rest
	done
}

# picture FILE [ROTATION] - saves what the panel shows, below the run's directory.
picture() {
	panel '{"do":"picture","turn":'"${2:-0}"',"path":"'"$1"'","scale":2}' >/dev/null
}

# panel_mount NAME - another module is mounted, with the power just given to it.
panel_mount() { panel '{"do":"mount","module":"'"$1"'"}' >/dev/null; }

# size_at ROTATION - width and height of the panel's mode.
size_at() {
	case $1 in
	90 | 270) echo "${PANEL_SIZE#*x}x${PANEL_SIZE%x*}" ;;
	*) echo "$PANEL_SIZE" ;;
	esac
}

declare -A CRCS
# panel_shows PATTERN [ROTATION] [FORMAT] [OPTIONS OF kms crc...] - the panel's memory
# holds the pattern. What is still on its way is waited for.
panel_shows() {
	local pattern=$1 rotation=${2:-0} format=${3:-xrgb8888} size crc want
	shift "$(($# < 3 ? $# : 3))"
	size=$(size_at "$rotation")
	# Who asks over and over does not pay over and over.
	crc=${CRCS[$pattern $size $format $*]-}
	want=${crc:-$(kms crc "$pattern" "$size" --format "$format" "$@")} || return 1
	CRCS[$pattern $size $format $*]=$want
	panel_becomes "$want" "$rotation" && return
	picture "mismatch/$pattern-$rotation-$KTAP_DONE.png" "$rotation"
	echo "the panel does not show $pattern: see mismatch/ beside the logs"
	return 1
}

# panel_shows_panned PATTERN X,Y - it holds what "draw PATTERN --pan X,Y" shows.
panel_shows_panned() { panel_shows "$1" 0 xrgb8888 --pan "$2"; }

# --- Sleep ------------------------------------------------------------------

# can_sleep - the system can say that it sleeps, and has a power button to be woken by.
can_sleep() {
	[ "$LAB_ARCH" = x86 ] && [ -e /sys/power/pm_debug_messages ] || return 1
	modprobe button 2>/dev/null || [ -d /sys/module/button ]
}

# sleeps [REQUEST...] - the system sleeps (s2idle). The lab does what is requested of it
# then, and wakes it. Its answer, if nothing else the panel's state, is in /run/lab.slept.
sleeps() {
	local level status=0
	[ $# -gt 0 ] || set -- panel '{"do":"state"}'
	lab when-asleep "$@" >/run/lab.answer || { cat /run/lab.answer; return 1; }
	# What the lab listens for, on a console that stays awake.
	read -r level _ </proc/sys/kernel/printk
	echo 8 >/proc/sys/kernel/printk
	echo 1 >/sys/power/pm_debug_messages
	echo N >/sys/module/printk/parameters/console_suspend
	echo freeze >/sys/power/state || status=1
	echo Y >/sys/module/printk/parameters/console_suspend
	echo 0 >/sys/power/pm_debug_messages
	echo "$level" >/proc/sys/kernel/printk
	[ $status = 0 ] || return 1
	lab woken >/run/lab.slept || { cat /run/lab.slept; return 1; }
}

# panel_was WORD... - as panel_is, of the panel while the system slept.
panel_was() { state_is "$(</run/lab.slept)" "$@"; }

# --- Firmware -----------------------------------------------------------------

# install_firmware NAME HEX... - a file of these bytes where the kernel looks for it.
install_firmware() {
	local file=/lib/firmware/$1 byte text=
	shift
	mkdir -p "${file%/*}"
	for byte; do text+="\\x$byte"; done
	printf '%b' "$text" >"$file"
}

# The head of a firmware file for the generic panel: the magic, and version 1.
MIPI_DBI="4d 49 50 49 20 44 42 49 00 00 00 00 00 00 00 01"

# --- Modules --------------------------------------------------------------

# our_modules - the files of the modules that are not the distribution's.
our_modules() {
	local directory
	for directory in $LAB_MODULES; do
		find "$directory" -maxdepth 2 -name '*.ko'
	done
}

loaded() { [ -d "/sys/module/$1" ]; }

load_driver() { modprobe "$DRIVER_MODULE"; }

unload_driver() { rmmod "$DRIVER_MODULE"; }

# use_driver rust|c - the one that all here is about: ours or the kernel's own.
use_driver() {
	case $1 in
	rust) DRIVER_MODULE=tinydrm_ili9341 ;;
	c) DRIVER_MODULE=ili9341 ;;
	esac
	DRIVER=/sys/bus/spi/drivers/$DRIVER_MODULE
}

# module_users NAME - the count that keeps a module from being removed.
module_users() { cat "/sys/module/$1/refcnt"; }

# unload_ours - removes the modules that are there beyond those of boot, users first.
# Tells which cannot be.
unload_ours() {
	local name size users by rest wrong=0 again=1 busy modules
	local -A stays=() ours=()
	while read -r name; do stays[$name]=1; done </run/modules-of-boot
	while read -r name; do
		name=${name##*/} name=${name%.ko}
		ours[${name//-/_}]=1
	done < <(our_modules)
	while [ "$again" = 1 ]; do
		again=0 busy=
		# All of it at once: it changes with each that goes.
		modules=$(</proc/modules)
		while read -r name size users by rest; do
			[ -z "${stays[$name]-}" ] && [ -n "${ours[$name]-}" ] || continue
			if [ "$users" = 0 ] && rmmod "$name" 2>/dev/null; then
				again=1
			else
				busy+=" $name($users users $by)"
			fi
		done <<<"$modules"
	done
	[ -z "$busy" ] || { echo "modules stay in use:$busy"; wrong=1; }
	return "$wrong"
}

# --- The driver and its card --------------------------------------------------

bound() { [ -e "$DRIVER/${1:-$PANEL}" ]; }
bind_panel() { echo "$PANEL" >"$DRIVER/bind"; }
unbind_panel() { echo "$PANEL" >"$DRIVER/unbind"; }

# panel_up [NAME] - plugs the panel, loads the driver, and has it bound.
panel_up() {
	lab_plug && load_driver && spi_new_device "${1:-$PANEL_NAME}" && wait_for bound && wait_for card_of_panel
}

# node_of DIRECTORY PATH... - the first of these in sysfs that has a node in DIRECTORY: the node.
node_of() {
	local directory=$1 path
	shift
	for path; do
		[ -e "$directory/${path##*/}" ] && echo "$directory/${path##*/}" && return
	done
	return 1
}

# card_of_panel - the device node of the panel's DRM card.
card_of_panel() { node_of /dev/dri /sys/bus/spi/devices/"${1:-$PANEL}"/drm/card*; }

# fb_of_panel - the device node of its frame buffer.
fb_of_panel() { node_of /dev /sys/bus/spi/devices/"${1:-$PANEL}"/graphics/fb*; }

# draw PATTERN [OPTIONS] - draws with kms, which stays to hold the picture (and the
# card) until undraw or the next draw.
draw() { drawer draw "$@" --hold; }

# draw_rects PATTERN OVER [OPTIONS] PARTS... - draws PATTERN, then the PARTS (X1,Y1,X2,Y2)
# of OVER, of which alone the driver is told; stays like draw.
draw_rects() { drawer rects "$@" --hold; }

# drawer ARGUMENTS... - starts kms to stay, and waits for its "drawn".
drawer() {
	undraw
	coproc DRAWER { exec kms "$@" 2>&1; }
	# Copies, as bash closes and forgets its own when the process ends.
	drawer=$DRAWER_PID
	exec {drawer_in}>&"${DRAWER[1]}" {drawer_out}<&"${DRAWER[0]}"
	eval "exec ${DRAWER[1]}>&- ${DRAWER[0]}<&-"
	drawer_hears drawn
}

# drawer_says WORDS - tells the one who stays: a pattern to draw next, or "off".
drawer_says() { echo "$*" >&"$drawer_in"; }

# drawer_hears WORD - and waits for its answer: drawn, off or gone.
drawer_hears() {
	local line
	IFS= read -r -t "$((PATIENCE * 3))" -u "$drawer_out" line || line="no answer"
	is "what the client says" "$1" "$line"
}

# undraw - ends what draw began.
undraw() {
	[ -n "${drawer-}" ] || return 0
	exec {drawer_in}>&-
	wait "$drawer" 2>/dev/null || true
	exec {drawer_out}<&-
	drawer=
}

# animate [--dirty | --flip] - a client draws frame after frame from now on; returns
# when frames arrive at the panel.
animate() {
	local card before
	card=$(card_of_panel) || return 1
	kms animate "$@" --card "$card" >/run/lab.animation 2>&1 &
	animation=$!
	wait_for grep -qs drawn /run/lab.animation || { cat /run/lab.animation; return 1; }
	before=$(panel_state messages)
	panel_messages $((before + 10))
}

# animated WORD - waits for the client's end: "gone" if the device went.
animated() {
	wait_for ended "$animation" || return 1
	wait "$animation" || { cat /run/lab.animation; return 1; }
	grep -qx "$1" /run/lab.animation || { cat /run/lab.animation; return 1; }
}

# ended PID - a child of ours has ended (and is not yet waited for).
ended() {
	local state
	state=$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null) || return 0
	[ "$state" = Z ]
}

# module_is_free [NAME] - nothing keeps it from being removed.
module_is_free() { [ "$(module_users "${1:-$DRIVER_MODULE}")" = 0 ]; }

# watch_release - from now on, the DRM devices are counted that are freed.
watch_release() {
	local tracing=/sys/kernel/tracing
	modprobe drm
	if [ ! -d $tracing/events/lab ]; then
		# The last of a device; what calls it is inlined.
		echo 'p:lab/release drm_managed_release' >>$tracing/kprobe_events || return 1
	fi
	echo 1 >$tracing/events/lab/release/enable
	echo >$tracing/trace
}

# released NUMBER - so many have been, since then.
released() {
	is "DRM devices freed" "$1" "$(grep -c ' release: ' /sys/kernel/tracing/trace)"
}

# unwatch - counts no more.
unwatch() {
	local tracing=/sys/kernel/tracing
	[ -d $tracing/events/lab ] || return 0
	echo 0 >$tracing/events/lab/release/enable
	echo '-:lab/release' >>$tracing/kprobe_events
}

# listen - the kernel's uevents are written down from now on.
listen() {
	stdbuf -oL udevadm monitor --kernel >/run/lab.uevents &
	listener=$!
	wait_for grep -q '^KERNEL - ' /run/lab.uevents
}

# heard - all that have been sent until now are written down: the last is ours.
heard() {
	echo change >/sys/class/mem/null/uevent
	wait_for grep -q ' change .*/mem/null ' /run/lab.uevents
	kill "$listener"
	wait "$listener" 2>/dev/null || true
}

# told ACTION PATTERN - how often.
told() { grep -cE "^KERNEL\[[0-9.]+\] $1 +/devices/.*/$2 \(" /run/lab.uevents || true; }

# go_down poweroff|reboot|kexec - the guest goes, by the system call itself: the kernel
# alone has devices switched off. The script that ends so says it to the lab, for the
# panel can be asked only then: "# ends:" (qemu/lab/src/test.rs).
go_down() {
	case $1 in
	# LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC
	kexec) perl -e 'require "syscall.ph"; syscall(SYS_reboot(), 0xfee1dead, 0x28121969, 0x45584543, 0)' ;;
	*) /bin/busybox "$1" -f ;;
	esac
}

# load_kernel - loads a kernel for kexec: the same, with nothing to do but to power off.
load_kernel() {
	local root=/run/next
	mkdir -p $root/bin
	cp /bin/busybox $root/bin
	printf '#!/bin/busybox sh\nexec /bin/busybox poweroff -f\n' >$root/init
	chmod +x $root/init
	(cd $root && find . | cpio -o -H newc) >$root.cpio || return 1
	perl -e 'require "syscall.ph";
		my ($kernel, $initrd, $line) = @ARGV;
		open my $k, "<", $kernel or die "$kernel: $!\n";
		open my $i, "<", $initrd or die "$initrd: $!\n";
		$line .= "\0";
		syscall(SYS_kexec_file_load(), fileno $k, fileno $i, length $line, $line, 0) == 0
			or die "kexec_file_load: $!\n"' "$LAB_KERNEL/vmlinuz" $root.cpio "console=ttyS0 panic=-1"
}

# goes_down HOW [--flip | --dirty] - with a picture on the panel, or while a client draws.
# Two points, and those of the lab.
goes_down() {
	panel_up
	if [ $# -gt 1 ]; then
		ok "frames arrive" animate "$2"
	else
		draw card
		ok "the panel shows the picture" panel_shows card
		panel_idle
	fi
	ok "the panel is on" panel_is on awake lit
	panel_forget
	go_down "$1"
}

# dmesg_mark, dmesg_since - the kernel's log from the mark on.
dmesg_mark() {
	DMESG_MARK="mark $BASHPID $RANDOM$RANDOM"
	echo "lab: $DMESG_MARK" >/dev/kmsg
}
dmesg_since() { dmesg | sed "0,/lab: $DMESG_MARK/d"; }

# says TEXT - the driver gives one reason for a failed probe since the mark, and TEXT is in
# it. (The driver core and the SPI core have their own lines, which name no reason.)
says() {
	local reasons
	reasons=$(dmesg_since | grep "$DRIVER_MODULE spi.*: error -")
	is "reasons" 1 "$(grep -c . <<<"$reasons")" && grep -F "$1" <<<"$reasons" && return
	echo "$reasons"
	return 1
}

# state_of_driver KEY - what it says of itself in debugfs.
state_of_driver() { sed -n "s/^$1: //p" "/sys/kernel/debug/dri/$PANEL/panel"; }

# says_state KEY VALUE
says_state() { is "$1" "$2" "$(state_of_driver "$1")"; }

# fails ERRNO COMMAND... - with this error, in words.
fails() {
	local error=$1 said
	shift
	said=$("$@" 2>&1) && return 1
	[[ $said == *"$error"* ]] || { echo "$said"; return 1; }
}

# --- Detach ---------------------------------------------------------------

# detach unbind|unplug - the device goes from the driver, or from the machine.
detach() {
	case $1 in
	unbind) unbind_panel ;;
	unplug) lab_unplug ;;
	esac
}

# attach unbind|unplug - and comes back.
attach() {
	case $1 in
	unbind) bind_panel ;;
	unplug) lab_replug && spi_new_device "$PANEL_NAME" ;;
	esac && wait_for card_of_panel
}

# survives DOING HOW MODE WIRE [AFTER] - the wires break (see fault) while DOING is done:
# idle, --flip or --dirty (see animate). The device still goes HOW (see detach) and
# unplug, in time and for good, and works when it is plugged anew.
survives() {
	local doing=$1 how=$2 status=0
	shift 2
	dmesg_mark
	panel_forget
	watch_release
	went_bad "$doing" "$how" "$@" || status=1
	works_again || status=1
	return $status
}

# survives_all MODE - that, wire by wire: idle and drawing, unbound and unplugged. 12 points.
survives_all() {
	local wire
	for wire in spi gpio both; do
		ok "$wire, idle: unbind" survives idle unbind "$1" $wire
		ok "$wire, idle: unplug" survives idle unplug "$1" $wire
		ok "$wire, drawing: unbind" survives --flip unbind "$1" $wire
		ok "$wire, drawing: unplug" survives --dirty unplug "$1" $wire
	done
}

# What both may take: a second for each wire until its driver gives up on it (their
# timeout_ms), and what a detach takes anyway.
BREAKS_WITHIN=5

went_bad() {
	local doing=$1 how=$2
	shift 2
	if [ "$doing" != idle ]; then
		animate "$doing" || return 1
	fi
	fault "$@" || return 1
	# It is to be met in the middle of a frame, not in what detach does.
	if [ "$1" = error ] && [ "$doing" != idle ]; then
		wait_for felt error || return 1
	fi
	within $BREAKS_WITHIN detach "$how" || return 1
	[ "$doing" = idle ] || animated gone || return 1
	wait_for released 1 && wait_for module_is_free && felt "$1" || return 1
	within $BREAKS_WITHIN lab_unplug
}

# felt MODE - the guest has met with the fault; without that, nothing was shown.
felt() {
	case $1 in
	error) [ $(($(panel_count refused) + $(panel_count gpio_refused))) -gt 0 ] ;;
	*) dmesg_since | grep -q 'does not answer, giving up on it' ;;
	esac && return
	echo "nothing met with the fault"
	return 1
}

# works_again - plugged anew, with good wires, it shows what is drawn.
works_again() {
	local status=0
	fault none && lab_replug && spi_new_device "$PANEL_NAME" && wait_for card_of_panel &&
		draw card && panel_shows card || status=1
	undraw
	return $status
}

# contract KIND... - a client that holds on to what it has (qemu/guest/kms/src/contract),
# and stays like draw to be asked.
contract() { drawer contract "$@"; }

# asked REQUEST... - asks it, and prints what it answers.
asked() (
	trap '' PIPE
	drawer_says "$@" 2>/dev/null
	answer
)

# answer - prints what it says next.
answer() { hear; printf '%s\n' "$REPLY"; }

# hear - sets REPLY to that.
hear() {
	IFS= read -r -t "$((PATIENCE * 3))" -u "$drawer_out" && return
	# A signal ends it before it can say so: then there is nobody to wait for.
	if [ $? -le 128 ] && wait_for ended "$drawer" >/dev/null; then
		REPLY="the client has died"
	else
		REPLY="no answer"
	fi
}

# answers EXPECTED REQUEST... - that is what it answers.
answers() {
	local expected=$1
	shift
	is "$*" "$expected" "$(asked "$@")"
}

# all_succeed REQUEST... - each is answered "ok": what succeeds now cannot fail later
# for another reason than the one in question.
all_succeed() {
	local request wrong=0
	for request; do
		answers ok "$request" || wrong=1
	done
	return $wrong
}
