# SPDX-License-Identifier: GPL-2.0
#
# The order of release, as devres tells it (devres_log): each layer of the onion is a node
# of its own, added right after the call that it undoes; the nodes are released in the
# reverse order, all of them; and the action of each is that of its layer. The same for
# every way in which a device and its driver can come apart.

. "$LAB_GUEST/lib.sh"
tracing=/sys/kernel/tracing
[ -e $tracing/events/dev/devres_log ] || skip_all "this kernel does not trace devres"
plan 22

# What probe calls, and what undoes it.
declare -A UNDONE=(
	[drm_kms_helper_poll_init]=drm_kms_helper_poll_fini
	[drm_mode_config_reset]=drm_atomic_helper_shutdown
	[drm_dev_register]=drm_dev_unplug
)
ONION="drm_dev_init drm_kms_helper_poll_init drm_mode_config_reset drm_dev_register"

watch_devres() {
	local call
	modprobe drm_kms_helper || return 1
	for call in "${!UNDONE[@]}" "${UNDONE[@]}"; do
		[ -d "$tracing/events/layers/$call" ] ||
			echo "p:layers/$call $call" >>$tracing/kprobe_events || return 1
	done
	echo 1 >$tracing/events/layers/enable
	echo 1 >$tracing/events/dev/devres_log/enable
	echo >$tracing/trace
}

unwatch_devres() {
	local call
	echo 0 >$tracing/events/dev/devres_log/enable
	echo 0 >$tracing/events/layers/enable
	for call in "${!UNDONE[@]}" "${UNDONE[@]}"; do
		echo "-:layers/$call" >>$tracing/kprobe_events
	done
}

# events - of the panel's devices, in order: "ADD NODE NAME", "REL NODE NAME", "call NAME".
events() {
	sed -nE "s/.* devres_log: $PANEL +([A-Z]+) +([^ ]+) (.*) \(.*/\1 \2 \3/p
		s/.* ([a-z_]+): \([a-z_]+\+0x.*/call \1/p" $tracing/trace
}

# nodes_added, nodes_released - all nodes, in the order of their release.
nodes_added() {
	events | awk '
	$1 == "ADD" { node[++n] = $2 }
	$1 == "REM" { for (i = 1; i <= n; i++) if (node[i] == $2) node[i] = "" }
	END { for (i = n; i; i--) if (node[i] != "") print node[i] }'
}
nodes_released() { events | awk '$1 == "REL" { print $2 }'; }

# layers_added - which node belongs to which layer, from the outside: the one that is
# added next after the call.
layers_added() {
	events | awk -v onion="$ONION" '
	BEGIN { n = split(onion, layer) }
	$1 == "call" { for (i in layer) if (layer[i] == $2) waits = $2 }
	$1 == "ADD" && $3 == "devm_drm_dev_init_release" { of["drm_dev_init"] = $2; next }
	$1 == "ADD" && waits != "" { of[waits] = $2; waits = "" }
	END { for (i = n; i; i--) print layer[i], of[layer[i]] }'
}

# layers_released - which layer was undone by the release of which node, in their order.
layers_released() {
	local call
	events | awk -v undone="$(for call in "${!UNDONE[@]}"; do echo "${UNDONE[$call]} $call"; done)" '
	BEGIN { n = split(undone, word); for (i = 1; i < n; i += 2) layer[word[i]] = word[i + 1] }
	$1 == "REL" { node = $2 }
	$1 == "REL" && $3 == "devm_drm_dev_init_release" { print "drm_dev_init", node }
	$1 == "call" && $2 in layer { print layer[$2], node }'
}

# bound_watched HOW... - the device is bound, and its nodes are known: ADDED and LAYERS.
bound_watched() {
	watch_devres && "$@" && wait_for card_of_panel || return 1
	ADDED=$(nodes_added) LAYERS=$(layers_added)
	[ "$(wc -w <<<"$LAYERS")" = 8 ] || { echo "not every layer has its node:"; events; return 1; }
	echo >$tracing/trace
}

all_released() { is "nodes released" "$ADDED" "$(nodes_released)"; }
peeled() { is "the onion" "$LAYERS" "$(layers_released)"; }

# come_apart NAME HOW... - three points of a way to come apart.
come_apart() {
	local name=$1
	shift
	ok "$name" "$@"
	ok "$name: the nodes are released in reverse order" wait_for all_released
	ok "$name: each with the action of its layer" peeled
}

unbind_controller() {
	controller=$(readlink -f "/sys/class/spi_master/$(spi_master)/device")
	controller_driver=$(readlink -f "$controller/driver")
	echo "${controller##*/}" >"$controller_driver/unbind"
}

panel_up
unbind_panel
ok "bind: each layer adds a node" bound_watched bind_panel
come_apart "sysfs unbind" unbind_panel

ok "bind again" bound_watched bind_panel
come_apart "module removed (driver_unregister)" unload_driver

ok "the module again" bound_watched load_driver
come_apart "device deleted (device_unregister)" spi_delete_device

ok "the device again" bound_watched spi_new_device yx240qv29
if [ "$LAB_ARCH" = x86 ]; then
	come_apart "controller unbound" unbind_controller
	echo "${controller##*/}" >"$controller_driver/bind"
	wait_for wires_up

	ok "the controller again" bound_watched spi_new_device yx240qv29
else
	# It would put its node once more than it has got it.
	for point in "controller unbound" "the nodes" "their actions" "the controller again"; do
		skip "$point" "virtio's controllers cannot be bound again where they have a node"
	done
fi
come_apart "hot-unplug" lab_unplug
unwatch_devres

# That the layers are told apart at all.
ok "the layers are different nodes" is layers 4 "$(cut -d' ' -f2 <<<"$LAYERS" | sort -u | wc -l)"
ok "and there are more than these" test "$(wc -l <<<"$ADDED")" -gt 4
