# SPDX-License-Identifier: GPL-2.0
#
# While devices are suspended nothing is on the wire: no poll, no frame, no text. For as
# long as a poll would take to come, the system stays half asleep (pm_test): its devices
# are suspended, and its workers go on.

. "$LAB_GUEST/lib.sh"
can_sleep || skip_all "this guest cannot tell that it sleeps, or be woken"
# Polls are 10 s apart.
PATIENCE=$((3 * PATIENCE))
POLLS=12
plan 6

tracing=/sys/kernel/tracing
# messages_between BEGIN END - how many SPI messages began between these events.
messages_between() {
	awk -v begin="$1" -v end="$2" '
	index($0, begin) { inside = 1; seen = 1 }
	index($0, end) { inside = 0 }
	inside && / spi_message_start: / { n++ }
	END { print seen ? n + 0 : "never" }' $tracing/trace
}

panel_up
fb=$(fb_of_panel)
con2fbmap 1 "${fb#/dev/fb}"
chvt 1
while :; do printf '\e[H%s' "$RANDOM$RANDOM" >/dev/tty1; done &
writer=$!
ok "the console is on the panel" wait_for panel_is awake on lit

echo $POLLS >/sys/module/suspend/parameters/pm_test_delay
echo devices >/sys/power/pm_test
echo 1 >$tracing/events/power/suspend_resume/enable
echo 1 >$tracing/events/spi/spi_message_start/enable
echo >$tracing/trace
ok "the system half sleeps, and wakes" eval 'echo freeze >/sys/power/state'
ok "to switch the panel off takes messages" test \
	"$(messages_between "dpm_suspend[2] begin" "dpm_suspend[2] end")" -gt 0
ok "then there are none" is messages 0 \
	"$(messages_between "dpm_suspend[2] end" "dpm_resume[16] begin")"
kill "$writer"
wait "$writer" 2>/dev/null || true
panel_idle
echo >$tracing/trace
ok "polls go on after it" wait_for grep -q spi_message_start $tracing/trace
ok "and the console is on the panel" panel_is awake on lit

echo 0 >$tracing/events/power/suspend_resume/enable
echo 0 >$tracing/events/spi/spi_message_start/enable
echo none >/sys/power/pm_test
