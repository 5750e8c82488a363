# SPDX-License-Identifier: GPL-2.0
#
# What a panel has in debugfs: commands can be sent by hand and answers read, also wrongly;
# the driver says how it is doing; and who has a file open when the panel goes gets an
# error, not a device that is gone.

. "$LAB_GUEST/lib.sh"
plan 27

panel_up
directory=/sys/kernel/debug/dri/$PANEL

# tell BYTES - sends a command.
tell() { echo "$*" >"$directory/command"; }

# answer_to COMMAND - what the panel answers.
answer_to() { sed -n "s/^$1: //p" "$directory/command"; }

draw card
ok "it is present" says_state presence present
ok "and lit" says_state lit yes
ok "and can be read" says_state readable yes
ok "nothing has failed" says_state "last error" none
ok "the whole screen was sent at least" test "$(state_of_driver columns)" -ge $((240 * 320))

ok "a command is sent" tell 21
ok "and does what it does" not panel_is natural
tell 20
ok "and the reverse" panel_is natural
tell 0x36 C8
ok "one with a parameter" is MADCTL 200 "$(panel_state madctl)"
tell 36 48
ok "the power mode is read" is RDDPM 9c "$(answer_to 0a)"
ok "the display's id, behind a dummy clock" is RDDID 008000 "$(answer_to 04)"
ok "the display's status, too" is RDDST a4530400 "$(answer_to 09)"
ok "no byte: EINVAL" fails "Invalid argument" tell 36 zz
ok "nothing at all: EINVAL" fails "Invalid argument" tell ""
# shellcheck disable=SC2046 # several
ok "65 parameters: E2BIG" fails "Argument list too long" tell 36 $(printf '1 %.0s' $(seq 65))

# The driver has set this window last, and must not take it for set.
tell 2a 00 00 00 10
drawer_says smpte
drawer_hears drawn
ok "a window by hand does not stay" panel_shows smpte

exec {open}<"$directory/command" {writable}>"$directory/command"
ok "unbind" unbind_panel
ok "an open file: reading ends in an error" fails "Input/output error" cat <&"$open"
write_late() { echo 21 >&"$writable"; }
ok "and writing does" fails "Input/output error" write_late
ok "the directory has gone" not test -e "$directory"
undraw
ok "the file keeps the module, nothing else does" not module_is_free
exec {open}<&- {writable}>&-
ok "and then does not" wait_for module_is_free

bind_panel
wait_for card_of_panel
fault error spi
draw card || true
ok "the wire breaks: it is lost" wait_for says_state presence lost
# Not every kernel knows the names of errors.
last_error() { says_state "last error" EIO >/dev/null || says_state "last error" "Error(5)"; }
ok "with an error" last_error
ok "once" says_state losses 1
ok "a command: ENODEV" fails "No such device" tell 21
fault none
undraw
ok "not a complaint from the panel" panel_is quiet
