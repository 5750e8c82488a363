# SPDX-License-Identifier: GPL-2.0
# timeout: 240
#
# A client holds the card with all that one can have of it, and goes on to use it when
# the device has gone. DRM allows that an ioctl fails with ENODEV or is faked; drivers
# that end with drm_dev_unplug() give ENODEV, and clients count on it.

. "$LAB_GUEST/lib.sh"
mapfile -t ioctls < <(kms contract ioctls --list)
# What is done with a lease that was made before.
leased=(lessee "get lease" "revoke lease")
plan $((2 * (${#ioctls[@]} + ${#leased[@]} + 9) - 1))

# opening NODE - why it cannot be opened.
opening() {
	case $(kms open --card "$1" 2>&1) in
	*'os error 19)') echo ENODEV ;;
	*'os error 6)') echo ENXIO ;;
	*'os error 2)') echo ENOENT ;;
	open) echo ok ;;
	*) echo unknown ;;
	esac
}

no_connector() { not compgen -G "/sys/class/drm/${1##*/}-*" >/dev/null; }

panel_up
for how in unbind unplug; do
	contract ioctls
	card=$(card_of_panel)
	stale=/run/stale-$how
	# shellcheck disable=SC2046 # two numbers
	mknod "$stale" c $(stat -c '0x%t 0x%T' "$card")
	ok "$how: while it is there, every ioctl succeeds" all_succeed "${ioctls[@]}"
	ok "$how: and its node can be opened" is open ok "$(opening "$stale")"
	ok "$how: and there is nothing to be read" answers nothing poll
	ok "$how: and the screen can be leased, taken back, and leased again" all_succeed lease "${leased[@]}" lease
	watch_release
	detach "$how"
	panel_idle
	before=$(panel_count messages)
	for ioctl in "${ioctls[@]}" "${leased[@]}"; do
		error=$(asked "$ioctl")
		ok "$how: $ioctl: $error" is "$ioctl" ENODEV "$error"
	done
	ok "$how: poll: nothing to be read" answers nothing poll
	error=$(opening "$stale")
	ok "$how: open of a stale node: $error" is open ENODEV "$error"
	ok "$how: its node is gone, and its connector" eval 'not test -e "$card" && no_connector "$card"'
	[ "$how" = unplug ] ||
		ok "$how: the wire stayed silent" is messages "$before" "$(panel_count messages)"
	undraw
	ok "$how: closed, the device is freed" wait_for released 1
	rm "$stale"
	attach "$how"
done
