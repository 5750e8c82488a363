# SPDX-License-Identifier: GPL-2.0
#
# What changes is what goes over the wire, wherever it is and however odd its
# corners; and a framebuffer larger than the panel is shown from where the plane
# starts in it.

. "$LAB_GUEST/lib.sh"
plan 13

# parts DRAWN SHOWN PARTS - parts of a picture are drawn over, in each format: two points.
parts() {
	local format want
	for format in xrgb8888 rgb565; do
		# shellcheck disable=SC2086 # several
		ok "$format: $1" draw_rects card noise:5 --format $format $3
		# shellcheck disable=SC2086 # several
		want=$(kms crc card 240x320 --over noise:5 --parts $3 --format $format)
		ok "$format: $2" panel_becomes "$want"
		undraw
		panel_idle
		panel_forget
	done
}

panel_up
parts "five odd parts" "are where they belong" \
	"0,0,1,1 239,319,240,320 17,33,58,77 100,0,103,320 0,200,240,201"
# Small ones with little between are one window, and what is between is as it was.
parts "parts with a line between" "which is as it was" \
	"0,10,8,11 0,12,8,13 100,40,108,41 100,43,108,44"

ok "pan: a larger framebuffer" draw noise:4 --pan 31,17
ok "pan: is shown from (31, 17) on" panel_shows_panned noise:4 31,17
undraw
ok "pan: and from another corner" draw noise:4 --pan 1,63
ok "pan: (1, 63)" panel_shows_panned noise:4 1,63
undraw
ok "not a complaint from the panel" panel_is quiet
