# SPDX-License-Identifier: GPL-2.0
#
# After an unbind the code may still be reached through an open card, an open
# frame buffer device or a mapping of it: as long as that is so, rmmod is refused.

. "$LAB_GUEST/lib.sh"
plan 8

panel_up
draw card
unbind_panel
ok "card open: rmmod is refused" not unload_driver
undraw
ok "closed: the module is free" wait_for module_is_free

bind_panel
fb=$(wait_for fb_of_panel && fb_of_panel)
exec {held}<>"$fb"
ok "frame buffer open: the module is in use" not module_is_free
unbind_panel
ok "frame buffer open after unbind: rmmod is refused" not unload_driver
exec {held}>&-
ok "closed: the module is free" wait_for module_is_free
ok "rmmod" unload_driver
ok "the library too" rmmod tinydrm
ok "not a complaint from the panel" panel_is quiet
