# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# complaints: allowed
#
# Programs that people have, on the panel: each draws, then the panel is taken out while it
# runs. What the program makes of that is its own matter, and told as a comment; the
# kernel's is that nothing is left. Pictures are in programs/ beside the logs.
# Seen to fail when the console's drawing is not passed on (DriverPlane::dirty), and when a
# reference to the device is lost (Unplug::drop).

. "$LAB_GUEST/lib.sh"
# They are large, and come over 9p.
PATIENCE=$((3 * PATIENCE))

[ -x /usr/bin/weston ] || skip_all "the root has no programs"
programs=(fbcon modetest kmscube mpv weston)
plan $((1 + 7 * ${#programs[@]}))

udev_begins() {
	/usr/lib/systemd/systemd-udevd --daemon && wait_for udevadm control --ping
}

fbcon_runs() {
	local fb
	fb=$(fb_of_panel)
	con2fbmap 1 "${fb#/dev/fb}"
	chvt 1
	# Another screenful each time: of lines that are much alike only the difference is sent.
	while true; do
		head -c 400 /dev/urandom | base64 -w 28
		rest 0.1
	done >/dev/tty1
}

modetest_runs() {
	local driver connector
	read -r driver _ <"/sys/kernel/debug/dri/${card#/dev/dri/card}/name"
	connector=$(modetest -M "$driver" -c | awk '$3 == "connected" { print $1; exit }')
	# It ends with its standard input, on which nothing comes.
	exec modetest -M "$driver" -s "$connector:#0" <&"$REST"
}

# It ends when there is anything on its standard input, also its end.
kmscube_runs() { exec kmscube -D "$card" <&"$REST"; }

mpv_runs() {
	exec mpv --no-config --no-audio --vo=drm --drm-device="$card" --loop=inf av://lavfi:testsrc=size=240x320:rate=10
}

weston_runs() {
	export XDG_RUNTIME_DIR=/run/weston LIBSEAT_BACKEND=builtin SEATD_VTBOUND=0
	mkdir -p -m 700 $XDG_RUNTIME_DIR
	udevadm settle
	exec weston --backend=drm --renderer=pixman --shell=kiosk --continue-without-input \
		--drm-device="${card##*/}" -- weston-simple-shm
}

# has_drawn - the panel is lit, and shows something else than before, and than black.
has_drawn() {
	[ "$(panel_state lit)" = true ] && panel_got_pixels && not is crc "$before" "$(panel_crc)" &&
		not is crc "$black" "$(panel_crc)"
}

# goes_on - all but modetest have sent more than the one frame that the panel holds.
goes_on() {
	not ended "$program" && { [ "$name" = modetest ] || [ "$(panel_state pixels)" -gt 80000 ]; }
}

last_words() { tail -n 1 "/run/lab.$1" | cut -c 1-100; }

ends() {
	kill -9 "$program" 2>/dev/null
	wait_for ended "$program"
}

ok "udev begins" udev_begins
black=$(kms crc black "$PANEL_SIZE")
for name in "${programs[@]}"; do
	panel_up
	card=$(card_of_panel)
	watch_release
	before=$(panel_crc)
	panel_forget
	"${name}_runs" >"/run/lab.$name" 2>&1 &
	program=$!
	ok "$name: draws" wait_for has_drawn || diagnose "$(tail -n 5 "/run/lab.$name")"
	ok "$name: and goes on" wait_for goes_on
	picture "programs/$name.png"
	ok "$name: the panel is taken out meanwhile" within 20 lab_unplug
	ok "$name: the panel sleeps" panel_is asleep off
	if ended "$program" || { rest 1; ended "$program"; }; then
		wait "$program"
		diagnose "$name ends by itself, with status $?: $(last_words "$name")"
	else
		diagnose "$name goes on: $(last_words "$name")"
	fi
	ok "$name: ends" ends
	ok "$name: the DRM device was freed" wait_for released 1
	ok "$name: the module is free" wait_for module_is_free
	unwatch
done
udevadm control --exit
rm -rf /run/udev /run/weston
