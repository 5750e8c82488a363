# SPDX-License-Identifier: GPL-2.0
#
# A panel that comes back is a new device. Somebody who still holds the old one
# disturbs nobody.

. "$LAB_GUEST/lib.sh"
plan 10

panel_up
exec {held}<>"$(card_of_panel)"
watch_release
lab_unplug
ok "unplugged with the card open: not freed" not released 1

ok "replug" lab_replug
ok "the driver binds" spi_new_device yx240qv29
ok "there is a new card" wait_for card_of_panel
new=$(card_of_panel)
ok "the new one shows a picture" draw smpte --card "$new"
ok "which is on the panel" panel_shows smpte
undraw
ok "the old one is still there" not released 1
exec {held}>&-
ok "the old one is freed when it is closed" wait_for released 1
ok "the new one is not" test -e "$new"
ok "not a complaint from the panel" panel_is quiet
