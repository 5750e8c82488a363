# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The board of a guest with a device tree: an SPI device is a node, in an overlay that the
# module tinydrm_overlay applies. See board-x86.sh for what is said of the functions.

OVERLAYS=/sys/module/tinydrm_overlay/parameters
declare -A BOARD

spi_new_device() {
	wait_for wires_up || return 1
	# What udev would do on a board: no panel without its light.
	modprobe gpio_backlight || return 1
	overlay "$@" >/run/lab.dts || return 1
	# Without symbols: those that an overlay brings are never freed.
	dtc -q -I dts -O dtb -o /run/lab.dtbo /run/lab.dts || return 1
	echo /run/lab.dtbo >"$OVERLAYS/apply" || return 1
	PANEL=$(spi_master).0
}

spi_delete_device() { echo 1 >"$OVERLAYS/remove"; }

board() {
	local setting
	for setting; do
		BOARD[${setting%%=*}]=${setting#*=}
	done
}

board_reset() {
	board dc=1 reset=1 led=1 te= rotation=-1 compatible= format= write_only=0 timing=0 supplies=0
}
board_reset

# What of a "panel-timing" the driver reads, in the order of tinydrm_board.c.
TIMING=(hactive vactive hback-porch vback-porch hfront-porch vfront-porch hsync-len vsync-len)

# compatible_of NAME - the compatible of the driver that has it as an SPI id: one that ends
# with it, or else the driver's first. spidev takes none that is called after it.
compatible_of() {
	local module compatibles
	if [ "$1" = spidev ]; then
		echo rohm,dh2228fv
		return
	fi
	module=$(sed -n "s/^alias spi:$1 //p" /etc/modprobe.d/lab.conf)
	compatibles=$(sed -n "s/^alias of:N\*T\*C\([^*]*\) ${module:-none}$/\1/p" /etc/modprobe.d/lab.conf |
		sed 's/C$//')
	grep -E -m1 "(^|,)$1$" <<<"$compatibles" || head -n 1 <<<"$compatibles" | grep . || {
		echo "no driver has an SPI id $1" >&2
		return 1
	}
}

# overlay NAME [SPEED [MODE]] - prints the source: GPIO lines have the numbers that the
# panel emulator gives them.
overlay() {
	local compatible mode=${3:-0}
	compatible=$(compatible_of "$1") || return 1
	echo '/dts-v1/; /plugin/;'
	[ "${BOARD[led]}" = 0 ] || echo '
&{/} {
	panel_light: panel-light {
		compatible = "gpio-backlight";
		gpios = <&panel_gpio 2 0>;
	};
};'
	echo "
&panel_spi {
	#address-cells = <1>;
	#size-cells = <0>;

	panel@0 {
		compatible = ${BOARD[compatible]:+\"${BOARD[compatible]}\", }\"$compatible\";
		reg = <0>;
		spi-max-frequency = <${2:-32000000}>;"
	[ $((mode & 1)) = 0 ] || echo '		spi-cpha;'
	[ $((mode & 2)) = 0 ] || echo '		spi-cpol;'
	[ "${BOARD[reset]}" = 0 ] || echo '		reset-gpios = <&panel_gpio 0 0>;'
	# The same line by its other names: Ilitek's, Sitronix's.
	[ "${BOARD[dc]}" = 0 ] || printf '\t\t%s-gpios = <&panel_gpio 1 0>;\n' dc rs a0
	[ -z "${BOARD[te]}" ] || echo "		te-gpios = <&panel_gpio $(te_number "${BOARD[te]}") 0>;"
	[ "${BOARD[led]}" = 0 ] || echo '		backlight = <&panel_light>;'
	[ "${BOARD[rotation]}" = -1 ] || echo "		rotation = <${BOARD[rotation]}>;"
	[ -z "${BOARD[format]}" ] || echo "		format = \"${BOARD[format]}\";"
	[ "${BOARD[write_only]}" = 0 ] || echo '		write-only;'
	[ "${BOARD[timing]}" = 0 ] || timing "${BOARD[timing]}"
	echo '	};
};'
}

# te_number LINE - that of a line by its name; of the second panel only TE.
te_number() {
	case $1 in
	reset) echo 0 ;;
	te) echo 3 ;;
	te1) echo 7 ;;
	esac
}

# timing NUMBER,... - the node "panel-timing", as long as the numbers last.
timing() {
	local numbers number name=0
	IFS=, read -ra numbers <<<"$1"
	echo '		panel-timing {'
	for number in "${numbers[@]}"; do
		echo "			${TIMING[name++]} = <$number>;"
	done
	echo '		};'
}

# The panel's slot is a PCIe one (the number is machine.rs's), with a switch for its power.
# Without it, what is to be taken out would be blinking for the five seconds in which
# somebody may change their mind.
slot_off() {
	local switch=/sys/bus/pci/slots/1/power
	[ "$(<$switch)" = 0 ] || echo 0 >$switch
}

slot_yanked() { fault error "$1" && slot_off; }

# What described the panel goes with it.
slot_emptied() { echo 99 >"$OVERLAYS/remove"; }
