# SPDX-License-Identifier: GPL-2.0
#
# Two identical panels on one bus: each shows its own picture, also while both are drawn
# to, and one goes without the other.

. "$LAB_GUEST/lib.sh"
[ "$LAB_ARCH" = x86 ] || skip_all "only the PC's board file describes that"
plan 30

declare -A holders

# at SITE COMMAND... - done to the panel at that chip select.
at() {
	local SITE=$1 PANEL status=0
	PANEL=$(spi_master).$1
	shift
	"$@" || status=$?
	return $status
}

# shown PATTERN - a client of its own draws it, and stays until let_go.
shown() {
	exec {hold}<> <(:)
	kms draw "$1" --card "$(card_of_panel)" --hold <&"$hold" >"/run/lab.shown$SITE" 2>&1 &
	holders[$SITE]=$!
	wait_for grep -qs drawn "/run/lab.shown$SITE" || { cat "/run/lab.shown$SITE"; return 1; }
}

# let_go - the client ends.
let_go() {
	kill "${holders[$SITE]}"
	wait "${holders[$SITE]}" 2>/dev/null || true
}

# films - frame after frame, on its card.
films() {
	kms animate --dirty --frames 12 --card "$(card_of_panel)" >"/run/lab.film$SITE" 2>&1 &
	holders[$SITE]=$!
}

filmed() { wait "${holders[$SITE]}" && grep -qx "12 frames" "/run/lab.film$SITE"; }

lab_plug
load_driver
for site in 0 1; do
	ok "panel $site: a device" at $site spi_new_device "$PANEL_NAME"
	ok "panel $site: bound" at $site wait_for bound
	ok "panel $site: a card" at $site wait_for card_of_panel
	at $site panel_forget
done

ok "one picture on the first" at 0 shown smpte
ok "another one on the second" at 1 shown noise:7
ok "the first one shows its own" at 0 panel_shows smpte
ok "the second one shows its own" at 1 panel_shows noise:7

at 0 let_go
at 1 let_go
at 0 films
at 1 films
ok "both are drawn to at once, the first" at 0 filmed
ok "the second" at 1 filmed
ok "neither came between a command and its parameters" is interruptions 0 "$(panel_state interruptions)"
ok "another picture on the first" at 0 shown noise:8
ok "another one on the second" at 1 shown smpte
ok "the first one shows its own" at 0 panel_shows noise:8
ok "the second one shows its own" at 1 panel_shows smpte

ok "the first one is unbound" at 0 unbind_panel
ok "and is off" at 0 panel_is asleep off dark
ok "the second one still shows its own" at 1 panel_shows smpte
ok "and is lit" at 1 panel_is awake on lit
at 1 let_go
at 0 let_go
ok "and can be drawn to" at 1 shown noise:9
ok "it shows that" at 1 panel_shows noise:9

# A device that is deleted says so on the bus, to all who listen.
at 0 bind_panel
at 0 wait_for card_of_panel
ok "the first one is deleted" at 0 spi_delete_device
ok "and is off" at 0 panel_is asleep off dark
at 1 let_go
at 1 panel_idle
at 1 panel_forget
ok "the second one does not take that for its own end" at 1 shown noise:10
ok "it shows what is drawn" at 1 panel_shows noise:10
ok "and is lit" at 1 panel_is awake on lit

at 1 let_go
ok "not a complaint from the first" at 0 panel_is quiet
ok "not a complaint from the second" at 1 panel_is quiet
