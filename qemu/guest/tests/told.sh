# SPDX-License-Identifier: GPL-2.0
#
# Whether the device itself is going, or its driver alone: the presence is told of the first before
# the driver core takes the device from its driver, and of the second only by what devres
# releases. That is so in every way in which the two can come apart.

. "$LAB_GUEST/lib.sh"
plan 10
tracing=/sys/kernel/tracing

# What tells is a completion (drm/leaving.rs): the argument says whose.
watch_telling() {
	modprobe drm || return 1
	if [ ! -d $tracing/events/told ]; then
		echo 'p:told/complete_all complete_all done=$arg1
p:told/release device_release_driver_internal
p:told/unplug drm_dev_unplug' >>$tracing/kprobe_events || return 1
	fi
	echo 1 >$tracing/events/told/enable
	echo >$tracing/trace
}

unwatch_telling() {
	echo 0 >$tracing/events/told/enable
	printf -- '-:told/%s\n' complete_all release unplug >>$tracing/kprobe_events
}

# told WHEN - first, or afterwards: seen from the task that unplugs. It tells once more just
# before it does, so the last completion is the presence's; the last device to be released
# until then is the panel.
told() {
	local seen
	seen=$(awk '
	{ task = $1 }
	/ release: / { at[task] = NR }
	/ complete_all: / { done[task] = $NF; if (!((task, $NF) in first)) first[task, $NF] = NR }
	/ unplug: / { print (first[task, done[task]] < at[task] ? "first" : "afterwards"); exit }
	' $tracing/trace)
	is "told" "$1" "$seen"
}

# parted WHEN NAME COMMAND... - two points of a way to come apart.
parted() {
	local when=$1 name=$2
	shift 2
	watch_telling
	ok "$name" "$@"
	ok "$name: the presence is told $when" wait_for told "$when"
}

# again - the panel has its driver.
again() { wait_for bound && wait_for card_of_panel; }

panel_up
parted afterwards "sysfs unbind" unbind_panel
bind_panel
again
parted afterwards "module removed" unload_driver
load_driver
again
parted first "device deleted" spi_delete_device
spi_new_device yx240qv29
again
if [ "$LAB_ARCH" = x86 ]; then
	controller=$(readlink -f "/sys/class/spi_master/$(spi_master)/device")
	driver=$(readlink -f "$controller/driver")
	parted first "controller unbound" eval 'echo "${controller##*/}" >"$driver/unbind"'
	echo "${controller##*/}" >"$driver/bind"
	spi_new_device yx240qv29
	again
else
	# As in onion-devres.
	for point in "controller unbound" "controller unbound: the presence is told first"; do
		skip "$point" "virtio's controllers cannot be bound again where they have a node"
	done
fi
parted first "hot-unplug" lab_unplug
unwatch_telling
