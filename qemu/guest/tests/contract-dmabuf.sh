# SPDX-License-Identifier: GPL-2.0
#
# A dma-buf outlives the device that exported it: it can be mapped, imported, and shown
# on another screen.

. "$LAB_GUEST/lib.sh"
plan $((2 * 15))

panel_up
modprobe vgem
for how in unbind unplug; do
	contract dmabuf
	ok "$how: its picture is shown" panel_shows noise:77
	watch_release
	detach "$how"
	ok "$how: the card is closed" answers ok close
	ok "$how: the dma-buf alone keeps the device" not released 1
	ok "$how: and the module" not unload_driver
	ok "$how: it can be mapped and used" answers ok map
	ok "$how: it can be imported by another driver" answers ok "import vgem"
	attach "$how"
	ok "$how: it can be shown by the device that comes back" answers ok "show $(card_of_panel)"
	ok "$how: which shows its picture" panel_shows noise:77
	ok "$how: the importer lets go" answers ok unshow
	ok "$how: the first device is still there" not released 1
	ok "$how: the dma-buf is closed" answers ok drop
	ok "$how: and the first device is freed" wait_for released 1
	undraw
	ok "$how: the device goes again" detach "$how"
	ok "$how: it is freed, as nobody has it" wait_for released 2
	ok "$how: and the module is free" wait_for module_is_free
	attach "$how"
done
rmmod vgem
