# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# defects: upstream
# complaints: allowed
#
# Open of the card, with each of its allocations failing once: there is a clean error, or
# a file; and the next open works.

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/faults.sh"
sweeps "$@"

opens() {
	faulted "$1" || return
	case $VERDICT in
	ok | ENOMEM) ;;
	*) echo "open says $VERDICT"; return 1 ;;
	esac
	replies "ok spared" 0
}

panel_up
drawer fault open --card "$(card_of_panel)"
sweep opens
