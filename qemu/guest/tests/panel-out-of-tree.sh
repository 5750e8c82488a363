# SPDX-License-Identifier: GPL-2.0
#
# A driver that was built in a tree of its own, examples/out-of-tree-panel: it loads the
# library, and passes what every panel has to pass.
# timeout: 300

DRIVER_MODULE=tinydrm_sainsmart18 PANEL_NAME=sainsmart18 PANEL_SIZE=128x160
# The same controller and the same glass, from another maker.
MOUNTED=jd-t18003-t01
. "$LAB_GUEST/panel-test.sh"
panel_test
