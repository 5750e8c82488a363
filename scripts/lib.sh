# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every script here shares: where things are kept, what is built for, and how
# progress is told.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/tinydrm

# ARCH is the kernel's word for the machine; its packages have Debian's.
case ${ARCH:-x86} in
x86 | x86_64) DEBIAN_ARCH=amd64 ;;
*) DEBIAN_ARCH=$ARCH ;;
esac

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# recipe_hash FILE... - names a cached product by what defines it.
recipe_hash() { (cd "$TOP" && sha256sum "$@") | sha256sum | cut -c1-12; }

# alone DIR - holds the lock of a directory in the cache until the script ends. Another
# checkout may be making the same.
alone() {
	mkdir -p "$1"
	exec {lock}>"$1/.lock"
	flock -n "$lock" || { say "Waiting for $1, which is being made already"; flock "$lock"; }
}

# step TITLE COMMAND... - runs a command that may take minutes: a line when it
# starts, a dot every ten seconds, its time at the end. Its output goes to a
# log, the end of which is shown when it fails.
step() {
	local title=$1 log start rc pid ticker
	shift
	mkdir -p "$CACHE/log"
	log=$CACHE/log/${title//[^A-Za-z0-9.+-]/-}.log
	printf '==> %s ' "$title" >&2
	start=$SECONDS
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	(while sleep 10; do printf . >&2; done) &
	ticker=$!
	rc=0
	wait "$pid" || rc=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	if [ "$rc" -ne 0 ]; then
		printf ' failed\n' >&2
		tail -n 25 "$log" | sed -E 's#(https?://)[^/ ]+#\1...#g' >&2
		die "$title: exit status $rc, the whole log is $log"
	fi
	printf ' %d s\n' $((SECONDS - start)) >&2
}
