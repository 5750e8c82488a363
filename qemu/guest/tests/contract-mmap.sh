# SPDX-License-Identifier: GPL-2.0
#
# Buffers that are mapped when the device goes. drm_dev_unplug() takes every page out of
# every mapping, so each access afterwards is a fault that somebody has to answer: not
# with SIGBUS, which no program can handle.

. "$LAB_GUEST/lib.sh"
plan $((2 * 16))

panel_up
for how in unbind unplug; do
	contract memory
	advice=$(asked forget)
	ok "$how: the buffer is mapped and used" answers ok kept without
	watch_release
	detach "$how"
	ok "$how: it holds what it held, by a fault for every page" answers ok kept by faults
	ok "$how: now its pages are there" answers ok kept without
	ok "$how: it can be written" answers ok write
	ok "$how: pages never touched before can be used" answers ok untouched
	ok "$how: madvise(MADV_DONTNEED) is what it was: $advice" answers "$advice" forget
	ok "$how: a new mapping is refused" answers ENODEV map
	ok "$how: the card is closed" answers ok close
	ok "$how: closed: the buffer still holds what it held" answers ok kept
	ok "$how: closed: it can be written" answers ok write
	ok "$how: closed: pages never touched before can be used" answers ok untouched
	ok "$how: closed: the mapping alone keeps the device" not released 1
	ok "$how: closed: and the module" not unload_driver
	ok "$how: unmapped" answers ok unmap
	ok "$how: unmapped, the device is freed" wait_for released 1
	ok "$how: and the module is free" wait_for module_is_free
	undraw
	attach "$how"
done
