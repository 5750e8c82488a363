#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The build root: every compiler and tool that the project uses, so that the
# machine it runs on needs none.
#
#   root.sh path              print where it is (made first where it is not yet)
#   root.sh run COMMAND...    run a command inside, in the current directory
#   root.sh in DIR COMMAND... the same in the root DIR, made or half made

set -euo pipefail
. "$(dirname "$0")/lib.sh"

ROOT=$CACHE/root-$(recipe_hash scripts/root-recipe.sh scripts/root.packages)

ensure() {
	[ -e "$ROOT/.complete" ] || "$TOP/scripts/root-recipe.sh" "$ROOT"
}

# The checkout and the cache keep their paths inside, so that whatever names a
# file there is true outside as well. The mounts end with the command.
enter() {
	local root=$1
	shift
	export TINYDRM_ROOT=$root
	exec unshare --mount --propagation private /bin/bash -euc '
		root=$1 top=$2 cache=$3 cwd=$4; shift 4
		bind() { mkdir -p "$root$1"; mount --rbind "$1" "$root$1"; }
		bind /proc; bind /sys; bind /dev; bind /tmp
		bind "$top"; bind "$cache"
		touch "$root/etc/resolv.conf"
		mount --bind -o ro /etc/resolv.conf "$root/etc/resolv.conf"
		# Networks that sign TLS themselves: the authorities of this machine.
		if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
			mkdir -p "$root/run/tinydrm"
			cp /etc/ssl/certs/ca-certificates.crt "$root/run/tinydrm/ca.crt"
			export CARGO_HTTP_CAINFO=/run/tinydrm/ca.crt
		fi
		# One for each checkout: cargo would take the binaries of another for its own.
		export CARGO_TARGET_DIR=$cache/cargo-$(printf %s "$top" | sha256sum | cut -c-12)
		export HOME=$cache/home XDG_CACHE_HOME=${cache%/*}
		export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
		# The build tree of a kernel knows its ARCH.
		unset RUSTUP_TOOLCHAIN RUSTC CARGO MAKEFLAGS MAKELEVEL ARCH CROSS_COMPILE
		mkdir -p "$HOME"
		cd "$cwd" 2>/dev/null || cd "$top"
		exec chroot "$root" /bin/sh -c "cd \"\$0\" && exec \"\$@\"" "$PWD" "$@"
	' root.sh "$root" "$TOP" "$CACHE" "$PWD" "$@"
}

[ "$(id -u)" = 0 ] || die "the build root is a chroot, and that takes root: sudo make ..."
mkdir -p "$CACHE"
case ${1:-} in
path) ensure; echo "$ROOT" ;;
run) shift; ensure; enter "$ROOT" "$@" ;;
in) shift; enter "$@" ;;
*) die "usage: root.sh path | run COMMAND... | in DIR COMMAND..." ;;
esac
