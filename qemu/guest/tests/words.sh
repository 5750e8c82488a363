# SPDX-License-Identifier: GPL-2.0
#
# A controller that knows words of 8 bits alone: pixels go most significant
# byte first, and the picture is the same.

. "$LAB_GUEST/lib.sh"
plan 6

panel '{"do":"words","bits":[8]}' >/dev/null
panel_up
for format in xrgb8888 rgb565; do
	ok "$format: drawn" draw card --format $format
	ok "$format: shown" panel_shows card 0 $format
	undraw
done
ok "parts too" draw_rects card noise:2 17,33,58,77
undraw
ok "not a complaint from the panel" panel_is quiet
