# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# defects: upstream
# complaints: allowed
#
# Unbind, with each of its allocations failing once: it succeeds all the same, and the panel
# is dark and asleep; unless sysfs has no memory to begin with. The next bind works.

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/faults.sh"
sweeps "$@"

unbinds() {
	faulted "$1" || return
	case $VERDICT in
	ok) ;;
	ENOMEM) panel_is awake on && unbind_panel || return ;;
	*) echo "unbind says $VERDICT"; return 1 ;;
	esac
	not bound && panel_is asleep off dark || return
	bind_panel && have_card
}

mend() { bound || bind_panel; }

panel_up
drawer fault write "$DRIVER/unbind" "$PANEL"
sweep unbinds
