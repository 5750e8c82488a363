# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# A hundred detaches: each device is freed, and nothing stays behind. Where the kernel has
# kmemleak, the lab asks that afterwards for every object that is lost (leaks.sh).

. "$LAB_GUEST/lib.sh"
plan 5

# cycle DETACH ATTACH - once.
cycle() {
	$1 && panel_is asleep off >/dev/null && asleep=$((asleep + 1))
	$2 && wait_for bound && wait_for card_of_panel && attached=$((attached + 1))
}

new_device() { spi_new_device yx240qv29; }
replug() { lab_replug && new_device; }

panel_up
watch_release
asleep=0 attached=0
for ((i = 0; i < 50; i++)); do cycle unbind_panel bind_panel; done
for ((i = 0; i < 30; i++)); do cycle spi_delete_device new_device; done
for ((i = 0; i < 20; i++)); do cycle lab_unplug replug; done
ok "the panel slept after each" is "times asleep" 100 "$asleep"
ok "the driver was bound after each" is "times bound" 100 "$attached"
ok "each device was freed" wait_for released 100
ok "unbind" unbind_panel
ok "the module is free" wait_for module_is_free
