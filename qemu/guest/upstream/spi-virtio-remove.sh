# SPDX-License-Identifier: GPL-2.0
# says: BUG: kernel NULL pointer dereference
#
# spi-virtio has no .remove, and virtio_dev_remove() calls it.

. "$LAB_GUEST/lib.sh"
lab_plug
lab_unplug
