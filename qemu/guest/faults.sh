# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Allocations that fail, one after another: sweeps over all those of one call. For
# kernels with fault injection (Documentation/fault-injection/fault-injection.rst).
#
# A step of a sweep is a function that is given a number N, has the Nth allocation of
# its call fail ("faulted"), and looks whether what came of it is right: it succeeds if so.
# Reports in the kernel's log are the lab's to judge (qemu/lab/src/upstream.rs). Such a
# kernel is slow, at processes most of all: a step that goes well has none.

. "$LAB_GUEST/leaks.sh"

FAILSLAB=/sys/kernel/debug/failslab
FAIL_PAGE_ALLOC=/sys/kernel/debug/fail_page_alloc

# How many steps in a row have to come to no allocation that fails: how many pages
# are allocated depends on what the slab has left.
SPARED=3

# After so many steps the kernel is asked for what is lost.
BLOCK=50

# A new guest begins so many steps before those that are not done yet: an allocation can have
# another number there.
OVERLAP=5

# What is failed, kind by kind: objects, nodes of trees (is_failed), and pages. A script may have
# others.
KINDS="slab node page"

# Those of which there has to be one at least.
NEEDED=slab

SWEEP_FIRST=1 SWEEP_LAST=
# sweeps SCRIPT'S ARGUMENTS - begins a script of sweeps, one a kind; or, with KIND FROM DIED... as
# arguments, goes on with that kind from there, in a new guest, after steps that others have
# not outlived.
sweeps() {
	[ -e /proc/self/fail-nth ] && [ -d $FAILSLAB ] && [ -e "$KMEMLEAK" ] ||
		skip_all "this kernel has no fault injection (/proc/self/fail-nth): make test-debug has"
	local kind=${1:-${KINDS%% *}}
	KINDS=${KINDS#"${KINDS%%"$kind"*}"}
	SWEEP_FROM=${2:-$SWEEP_FIRST} SWEEP_DIED=${*:3}
	# shellcheck disable=SC2086 # several
	plan "$(set -- $KINDS; echo $#)"
}

# sweeps_part KIND FIRST LAST SCRIPT'S ARGUMENTS - begins a script of one part of a sweep, of
# the steps FIRST to LAST, each of which is to come to its allocation; or, if LAST is "end",
# until there is nothing more to fail.
sweeps_part() {
	KINDS=$1 NEEDED=$1 SWEEP_FIRST=$2 SWEEP_LAST=${3#end}
	sweeps "${@:4}"
}

# mend - after a step that went wrong; a script may have its own.
mend() { :; }

# sweep STEP - all sweeps, or the part; a point for each.
sweep() {
	local kind follower
	leaks_prepare
	# The kernel's own log is soon too long to be read in each step.
	stdbuf -oL dmesg --follow >>/run/lab.log &
	follower=$!
	for kind in $KINDS; do
		sweep_kind "$kind" "$1" "$SWEEP_FROM"
		SWEEP_FROM=1 SWEEP_DIED=
	done
	kill "$follower"
	wait "$follower" 2>/dev/null || true
}

# sweep_kind KIND STEP FROM - from step FROM on, until there is nothing more to fail, or
# to the part's last.
sweep_kind() {
	local kind=$1 step=$2 n first=$3 spared=0 wrong=0 scanned=$(($3 - 1)) began=$SECONDS
	[ -z "$SWEEP_DIED" ] || first=$(($3 > OVERLAP ? $3 - OVERLAP : 1))
	choose_faults "$kind"
	for ((n = first; spared < SPARED && n <= ${SWEEP_LAST:-n}; n++)); do
		! has_died_twice "$n" || continue
		: >/run/lab.log
		echo "sweep: $step $kind $n" >/dev/kmsg
		FAILED=
		if ! "$step" "$n" >/run/lab.said 2>&1 && [ -z "$DIED" ]; then
			wrong=$((wrong + 1))
			diagnose "$kind $n: $(</run/lab.said)"
			mend || true
		fi
		spared=$((spared + 1))
		[ -z "$FAILED" ] || spared=0
		if [ -n "$DIED" ]; then
			# The log tells of it. What is lost cannot be asked any more.
			# shellcheck disable=SC2086 # numbers
			go_on_with "$wrong" "$kind" $((scanned + 1)) $SWEEP_DIED "$n"
		elif ! lockdep_is_on; then
			DIED="lockdep is off"
			lost_in "$kind" $((scanned + 1)) "$n"
			# shellcheck disable=SC2086 # numbers
			go_on_with "$wrong" "$kind" $((n + 1)) $SWEEP_DIED "$n"
		elif [ $((n - scanned)) = $BLOCK ]; then
			lost_in "$kind" $((scanned + 1)) "$n"
			scanned=$n
		fi
	done
	lost_in "$kind" $((scanned + 1)) $((n - 1))
	no_faults
	n=$((n - 1 - spared))
	diagnose "$kind: steps $first to $n have each had one fail, in $((SECONDS - began)) s"
	if [ "$n" -lt "${SWEEP_LAST:-0}" ]; then
		diagnose "the part goes to $SWEEP_LAST"
		wrong=$((wrong + 1))
	elif [ "$n" -lt "$SWEEP_FIRST" ] && [[ $NEEDED == *$kind* ]]; then
		diagnose "nothing has failed"
		wrong=$((wrong + 1))
	fi
	ok "$kind: whichever allocation fails, it fails cleanly or works" is "steps that went wrong" 0 "$wrong"
}

# go_on_with WRONG KIND FROM DIED... - ends this guest: the lab goes on in a new one.
go_on_with() {
	diagnose "$DIED"
	no_faults
	[ "$1" = 0 ] || fail_point "$2: $1 steps went wrong before"
	trap - EXIT
	echo "# again: ${*:2}"
	exit 85
}

# has_died_twice N - two guests have not outlived this step. After one it is done again, as its
# number may be that of another allocation.
has_died_twice() {
	local died times=0
	for died in $SWEEP_DIED; do
		[ "$died" != "$1" ] || times=$((times + 1))
	done
	[ $times -ge 2 ]
}

# lost_in KIND FROM TO - says what these steps have lost, for the lab to judge.
lost_in() {
	diagnose "$1 $2 to $3"
	leaks
}

# lockdep_is_on - it says nothing more after its first report.
lockdep_is_on() {
	local stats
	mapfile -t stats </proc/lockdep_stats
	[[ "${stats[*]}" =~ debug_locks:\ *1 ]]
}

# choose_faults KIND - which allocations count from now on. Those that kmemleak makes for
# itself never do.
choose_faults() {
	local directory start end
	# It, up to the next one.
	read -r start _ _ end _ < <(sed -n '/ __alloc_object$/ { N; s/\n/ /p; q }' /proc/kallsyms)
	for directory in $FAILSLAB $FAIL_PAGE_ALLOC; do
		echo N >$directory/ignore-gfp-wait
		echo 2 >$directory/verbose
		echo 0 >$directory/verbose_ratelimit_interval_ms
		echo 16 >$directory/stacktrace-depth
		echo "0x$start" >$directory/reject-start
		echo "0x$end" >$directory/reject-end
	done
	echo N >$FAIL_PAGE_ALLOC/ignore-gfp-highmem
	choose_allocations "$1"
	# The console is slow; the log has it all. An oops is to be outlived, for its report.
	echo 4 >/proc/sys/kernel/printk
	echo 0 >/proc/sys/kernel/panic_on_oops
}

no_faults() {
	choose_allocations none
	echo 6 >/proc/sys/kernel/printk
	echo 1 >/proc/sys/kernel/panic_on_oops
}

# choose_allocations KIND|none
choose_allocations() {
	local cache
	echo Y >$FAILSLAB/cache-filter
	for cache in /sys/kernel/slab/*/failslab; do
		if is_failed "$1" "${cache%/failslab}"; then echo 1; else echo 0; fi >"$cache"
	done
	case $1 in
	page) echo 0 ;;
	# None is so large.
	*) echo 99 ;;
	esac >$FAIL_PAGE_ALLOC/min-order
}

# is_failed KIND CACHE - whether its objects are of that kind. A tree's nodes are a kind of their own,
# as one call finds those that another has left: each time the allocations behind them would
# have other numbers, and some would be passed over. So they would with what the kernel keeps to debug
# itself, which is of none.
is_failed() {
	case ${2##*/} in
	debug_objects_cache | kmemleak_*) return 1 ;;
	radix_tree_node) [ "$1" = node ] ;;
	*) [ "$1" = slab ] ;;
	esac
}

DIED=
# faulted N WORDS... - asks "kms fault", which is there as "drawer", to make its call with
# the Nth allocation failing. Sets VERDICT: ok, or the error's name; and FAILED, if the call
# came to that allocation. Fails if the kernel has ended the client, with DIED set.
faulted() {
	local how
	drawer_says "$@"
	hear
	read -r VERDICT how <<<"$REPLY"
	case $how in
	failed) FAILED=1 ;;
	spared) ;;
	*) [ "$REPLY" != "the client has died" ] || DIED=$REPLY; echo "$REPLY"; return 1 ;;
	esac
}

# failed_in FUNCTION... - all of these are in the trace of the allocation that has failed in
# this step.
failed_in() {
	local function
	dmesg_mark
	wait_for logged "$DMESG_MARK" || return
	for function; do
		[[ ${LOGGED##*sweep: } =~ [[:space:]]$function\+0x ]] || { echo "$function has not failed"; return 1; }
	done
}

# logged TEXT - sets LOGGED to what the kernel has said in this step, and TEXT is in it.
logged() {
	IFS= read -r -d '' LOGGED </run/lab.log || true
	[[ $LOGGED == *"$1"* ]]
}

# replies EXPECTED REQUEST... - what the client answers, without a process.
replies() {
	local expected=$1
	shift
	drawer_says "$@"
	hear
	is "$*" "$expected" "$REPLY"
}

# shows_or_tells N - a step of a call that shows a picture. It is another one each time.
shows_or_tells() {
	local picture=card
	[ $(($1 % 2)) = 0 ] || picture=smpte
	faulted "$1" "$picture" || return
	case $VERDICT in
	ok) ;;
	ENOMEM) replies "ok spared" 0 "$picture" || return ;;
	*) echo "it says $VERDICT"; return 1 ;;
	esac
	panel_comes_to "$picture"
}

# panel_comes_to PATTERN - it shows it, or will: a transfer without memory is made up for
# by the next look at the panel.
panel_comes_to() {
	[ -n "${CRCS[$1]-}" ] || CRCS[$1]=$(kms crc "$1" 240x320)
	wait_for panel_has "${CRCS[$1]}" && return
	echo "the panel shows $(panel_crc), not $1 (${CRCS[$1]})"
	return 1
}

panel_has() {
	ask_panel '{"do":"picture","turn":0}'
	field_of "$ANSWER" crc
	[ "$REPLY" = "$1" ]
}

have_card() {
	local card
	for card in /sys/bus/spi/devices/"$PANEL"/drm/card*; do
		[ -e "$card" ]
	done
}
