# SPDX-License-Identifier: GPL-2.0
# timeout: 240
#
# Ioctls that passed DRM's check of the device long ago, and sleep for their arguments
# while the device goes (userfaultfd makes that as long as one likes). Whatever they do
# when they have them comes after the detach: no harm to anything.

. "$LAB_GUEST/lib.sh"

ioctls=("atomic commit" "atomic modeset" "dirtyfb" "page flip" "create blob")
# These sleep with locks of DRM's. A detach waits for them to switch the panel off, in any
# driver that does so by drm_atomic_helper_shutdown(); userfaultfd is root's to use so.
locking=("atomic commit with locks" "modeset with locks")
# What they say. A commit for a screen that is off by now is refused, as is a modeset for
# a connector that is not registered any more: by DRM, which does not know better.
declare -A says=(
	["atomic commit"]=EINVAL
	["atomic modeset"]=EINVAL
	["dirtyfb"]=ok
	["page flip"]=ENODEV
	["create blob"]=ok
	["atomic commit with locks"]=ok
	["modeset with locks"]=EINVAL
)
plan $((2 * (3 * ${#ioctls[@]} + 5 + 6 * ${#locking[@]} + 4)))

# detaching - in the background, and so far that DRM has unregistered the device.
detaching() {
	local node
	node=$(card_of_panel)
	detach "$how" &
	detaching=$!
	wait_for not test -e "$node"
}

detached() { wait_for ended "$detaching" && wait "$detaching"; }

panel_up
for how in unbind unplug; do
	contract parked
	watch_release
	for ioctl in "${ioctls[@]}"; do
		ok "$how: $ioctl: sleeps" answers parked park "$ioctl"
	done
	ok "$how: that does not hold up the detach" within 5 detach "$how"
	ok "$how: the panel sleeps" panel_is asleep off
	panel_forget
	for ioctl in "${ioctls[@]}"; do
		ok "$how: $ioctl: still sleeps" answers parked still "$ioctl"
		error=$(asked go on "$ioctl")
		ok "$how: $ioctl: when it goes on: $error" is "$ioctl" "${says[$ioctl]}" "$error"
	done
	panel_idle
	ok "$how: the wire stayed silent" is messages 0 "$(panel_count messages)"
	undraw
	ok "$how: closed, the device is freed" wait_for released 1
	ok "$how: and the module is free" wait_for module_is_free
	attach "$how"

	for ioctl in "${locking[@]}"; do
		contract parked
		watch_release
		ok "$how: $ioctl: sleeps" answers parked park "$ioctl"
		panel_idle
		panel_forget
		detaching
		rest 0.5
		ended "$detaching" || diagnose "$how: $ioctl: the detach waits"
		error=$(asked go on "$ioctl")
		ok "$how: $ioctl: when it goes on: $error" is "$ioctl" "${says[$ioctl]}" "$error"
		ok "$how: $ioctl: the detach goes on" detached
		ok "$how: $ioctl: no picture was sent" not panel_got_pixels
		ok "$how: $ioctl: the panel sleeps" panel_is asleep off
		undraw
		ok "$how: $ioctl: closed, the device is freed" wait_for released 1
		attach "$how"
	done

	contract parked
	watch_release
	ok "$how: killed: sleeps" answers parked park "modeset with locks"
	detaching
	kill -KILL "$drawer"
	ok "$how: killed: the detach goes on" detached
	ok "$how: killed: the device is freed" wait_for released 1
	ok "$how: killed: the module is free" wait_for module_is_free
	undraw
	attach "$how"
done
