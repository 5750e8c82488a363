# SPDX-License-Identifier: GPL-2.0
# timeout: 300
#
# Whoever asked for an event or a fence gets it, also when the device goes before the
# picture is on the panel.

. "$LAB_GUEST/lib.sh"
rounds=5
plan $((2 * 2 * 6 + 2 * (rounds + 1)))

# At this speed a picture takes more than a second, and longer where all does.
slow=$((1000000 / ${LAB_PATIENCE:-1}))
panel_at() { spi_new_device yx240qv29 "$1" && wait_for card_of_panel; }

# all_came ANSWER - every event has come, and every fence is signalled.
all_came() {
	local received requested
	read -r _ received _ requested _ <<<"$1"
	[[ $1 == "ENODEV, "*" events, 0 fences pending" ]] && [ "$received" = "$requested" ] && return
	echo "$1"
	return 1
}

lab_plug
load_driver
for how in unbind unplug; do
	for way in flip commit; do
		panel_at $slow
		contract events
		fences=0
		[ $way = flip ] || fences=1
		ok "$how, $way: a picture is on its way" answers ok $way
		ok "$how, $way: which is when it counts" answers "1 of 1 events, 0 fences pending" wait
		ok "$how, $way: the next one waits behind it" answers ok $way
		ok "$how, $way: it does" answers "1 of 2 events, $fences fences pending" count
		ok "$how, $way: the device goes" within 10 detach "$how"
		ok "$how, $way: what was asked for has come" answers "2 of 2 events, 0 fences pending" wait
		undraw
		case $how in
		unbind) spi_delete_device ;;
		unplug) lab_replug ;;
		esac
	done
done

panel_at 32000000
for way in flip commit; do
	for ((round = 1; round <= rounds + 1; round++)); do
		how=unbind
		[ $round -le $rounds ] || how=unplug
		contract events
		drawer_says hammer $way
		drawer_hears hammering
		detach $how
		said=$(answer)
		ok "$how, $way as fast as can be: $said" all_came "$said"
		undraw
		attach $how
	done
done
