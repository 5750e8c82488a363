#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# compare.sh - takes a panel away from both drivers, in one way after another, and tells
# what comes of it: a line of JSON for each point, whose words are those of the table in
# docs/lifetime.md. Nothing is right or wrong here; that is for the tests.

. "$LAB_GUEST/lib.sh"

# saw POINT TEXT... - one thing that is so with the driver.
saw() {
	local point=$1
	shift
	printf '{"driver":"%s","point":"%s","saw":"%s"}\n' "$driver" "$point" "$*"
}

# fresh [SPEED] - a panel that was just plugged in, and nothing said about it yet.
fresh() {
	undraw
	fault none
	lab_replug
	panel_power_cycle
	spi_new_device yx240qv29 "${1-}" && wait_for card_of_panel
	panel_idle
	panel_forget
	dmesg_mark
}

# look_of_panel - what a person sees, and what the datasheet calls it.
look_of_panel() {
	local state
	state=$(panel '{"do":"state"}')
	case $(field lit <<<"$state") in true) printf lit ;; *) printf dark ;; esac
	case $(field asleep <<<"$state") in true) echo ", asleep" ;; *) echo ", awake" ;; esac
}

# answer_of REQUEST - what becomes of the client's ioctl, in the kernel's words.
answer_of() {
	case $(asked "$1") in
	drawn | off | ok) echo 0 ;;
	lost) echo EIO ;;
	gone) echo ENODEV ;;
	"the client has died") echo "SIGBUS" ;;
	*) echo "another error" ;;
	esac
}

# lines - how many have been logged.
lines() { dmesg_since | grep -c .; }

now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

connector_status() { cat /sys/class/drm/"$(basename "$(card_of_panel)")"-*/status; }

unbinding() {
	fresh && draw card
	panel_forget
	unbind_panel
	saw "unbind" "$(look_of_panel)"

	local try began took longest=0
	for try in 0 3 6 9 12 15 18 21; do
		fresh && draw card
		drawer_says off && drawer_hears off
		panel_idle
		# So that no driver finds it lit already.
		panel_power_cycle
		drawer_says card
		rest "0.$(printf '%02d' "$try")"
		began=$(now_ms)
		unbind_panel
		took=$(($(now_ms) - began))
		[ "$took" -le "$longest" ] || longest=$took
	done
	saw "unbind during a mode set" "takes up to $longest ms"
}

# Memory, events and ioctls of a client whose device goes.
contracts() {
	local how ioctls number=0 ioctl
	for how in unbind unplug; do
		fresh && contract memory
		detach $how
		saw "a mapping is written to after $how" "$(answer_of write)"
	done

	mapfile -t ioctls < <(kms contract ioctls --list)
	fresh && contract ioctls
	for ioctl in "${ioctls[@]}"; do asked "$ioctl" >/dev/null; done
	unbind_panel
	for ioctl in "${ioctls[@]}"; do
		[ "$(asked "$ioctl")" != ENODEV ] || number=$((number + 1))
	done
	saw "ioctls after unbind" "$number of ${#ioctls[@]} give ENODEV"

	fresh 1000000 && contract events
	asked flip >/dev/null
	unbind_panel
	saw "events that are waited for at unbind" "$(asked wait)"
}

# Wires that die under a driver that goes on.
dead_wires() {
	local answer
	fresh && draw card
	panel_forget
	fault error spi
	# A client that does not give up.
	local end=$((SECONDS + 5))
	while [ "$SECONDS" -lt "$end" ]; do
		drawer_says noise:1
		answer >/dev/null
	done
	saw "dead wire: transfers tried in 5 s" "$(panel_count refused)"
	saw "dead wire: lines in the log" "$(lines)"
	saw "dead wire: DIRTYFB" "$(answer_of noise:2)"
	asked off >/dev/null
	saw "dead wire: SETCRTC" "$(answer_of noise:3)"
	saw "dead wire: the connector" "$(connector_status)"

	fresh && draw card
	panel_forget
	fault error gpio
	answer=$(answer_of noise:1)
	saw "dead D/C line: DIRTYFB, and the next" "$answer, $(answer_of noise:2)"
	saw "dead D/C line: bytes sent all the same" "$(panel_count bytes)"
	saw "dead D/C line: lines in the log" "$(lines)"

	undraw
	fault none
	lab_replug
	panel_power_cycle
	fault error spi
	dmesg_mark
	spi_new_device yx240qv29
	if bound; then
		saw "bind on a dead wire" "succeeds"
	else
		saw "bind on a dead wire" "fails"
	fi

	fresh && draw card
	panel_power_cycle
	local began=$SECONDS
	while [ $((SECONDS - began)) -lt 30 ] && ! panel_is lit >/dev/null; do rest 0.2; done
	if panel_is lit >/dev/null; then
		saw "the supply dips" "shown again within 30 s"
	else
		saw "the supply dips" "dark, 30 s later still"
	fi
}

pulled() {
	local began
	fresh && animate --dirty
	began=$(now_ms)
	lab_unplug
	saw "hot-unplug while a client draws" "$(look_of_panel); $(($(now_ms) - began)) ms"
	animated gone >/dev/null || true

	fresh && animate --dirty
	lab_yank
	saw "the cable is pulled while a client draws" "transfers tried afterwards: $REFUSED"
	animated gone >/dev/null || true
}

for driver in c rust; do
	use_driver $driver
	load_driver
	unbinding
	contracts
	dead_wires
	pulled
	undraw
	fault none
	lab_unplug
	unload_driver
done
