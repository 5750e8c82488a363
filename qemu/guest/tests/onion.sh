# SPDX-License-Identifier: GPL-2.0
#
# The order in which the onion is peeled, as the kernel's own functions are called:
# the same for every way in which a device and its driver can come apart.

. "$LAB_GUEST/lib.sh"
plan 12

# Where there is a device tree, the backlight is a device of its own.
LIGHT="devm_backlight_device_release gpiod_put"
[ "$LAB_ARCH" = x86 ] || LIGHT=
ONION="drm_dev_unplug drm_atomic_helper_shutdown gpiod_put gpiod_put drm_kms_helper_poll_fini \
${LIGHT:+$LIGHT }drm_managed_release"

watch_onion() {
	local layer tracing=/sys/kernel/tracing
	for layer in $(printf '%s\n' $ONION | sort -u); do
		[ -d "$tracing/events/onion/$layer" ] ||
			echo "p:onion/$layer $layer" >>$tracing/kprobe_events || return 1
	done
	echo 1 >$tracing/events/onion/enable
	echo >$tracing/trace
}

unwatch_onion() {
	echo 0 >/sys/kernel/tracing/events/onion/enable
	printf -- '-:onion/%s\n' $(printf '%s\n' $ONION | sort -u) >>/sys/kernel/tracing/kprobe_events
}

peeled() {
	local seen
	# Whatever comes after it is not ours: the backlight of a device tree goes too.
	seen=$(sed -nE 's/.* ([a-z_]+): \(.*/\1/p' /sys/kernel/tracing/trace |
		sed '/^drm_managed_release$/q' | tr '\n' ' ')
	is "the order" "$ONION" "${seen% }"
}

panel_up
ok "the layers can be watched" watch_onion
ok "sysfs unbind" unbind_panel
ok "sysfs unbind: the order" peeled

bind_panel
wait_for card_of_panel
watch_onion
ok "module removed (driver_unregister)" unload_driver
ok "module removed: the order" peeled

load_driver
wait_for card_of_panel
watch_onion
ok "device deleted (device_unregister)" spi_delete_device
ok "device deleted: the order" peeled

spi_new_device yx240qv29
wait_for card_of_panel
watch_onion
controller=$(readlink -f "/sys/class/spi_master/$(spi_master)/device")
driver=$(readlink -f "$controller/driver")
ok "controller unbound" eval 'echo "${controller##*/}" >"$driver/unbind"'
ok "controller unbound: the order" peeled
echo "${controller##*/}" >"$driver/bind"
wait_for wires_up

spi_new_device yx240qv29
wait_for card_of_panel
watch_onion
ok "hot-unplug" lab_unplug
ok "hot-unplug: the order" wait_for peeled
ok "the panel is asleep and off" panel_is asleep off
unwatch_onion
