# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Memory that our modules have lost, as kmemleak knows it; for kernels that have
# that. It is asked when the modules are gone, since what they still hold then is
# lost for good. Their functions have no names any more: an address without a
# name was one of theirs.

KMEMLEAK=/sys/kernel/debug/kmemleak

# leaks_prepare - notes the names, and does not tell twice what is known already.
leaks_prepare() {
	grep '\[tinydrm' /proc/kallsyms | LC_ALL=C sort >/run/lab.symbols
	echo clear >"$KMEMLEAK"
}

# leaks - prints a line for each object that is lost; those of others go to the lab's log.
leaks() {
	local line
	# It leaves alone what is younger than five seconds, or has changed since the
	# last scan; and where kobjects are released late for a test, that takes four.
	rest 6
	echo scan >"$KMEMLEAK"
	echo scan >"$KMEMLEAK"
	leaks_tell <"$KMEMLEAK" | while read -r line; do
		case $line in
		"of others: "*) lab_note "leak $line" ;;
		*) echo "leak: $line" ;;
		esac
	done
	echo clear >"$KMEMLEAK"
}

# leaks_tell - kmemleak's report, one line for each object.
leaks_tell() {
	awk '
	BEGIN { while ((getline line <"/run/lab.symbols") > 0) { split(line, word); at[++n] = word[1]; name[n] = word[3] } }
	function resolved(frame,   i) {
		if (frame !~ /^0x[0-9a-f]+$/)
			return frame
		frame = substr(frame, 3)
		for (i = 0; i < n && at[i + 1] "" <= frame ""; i++)
			;
		return (i ? name[i] : "?") " (" frame ")"
	}
	function tell() {
		if (object)
			print (ours ? "" : "of others: ") object who ":" frames
	}
	/^unreferenced object/ { tell(); object = $3 " " $4 " " $5; frames = ""; ours = 0; inside = 0; next }
	/^  comm / {
		gsub(/[",]/, "")
		who = " by " $2 " " $4
		# What a call of our client has lost is worth a look whoever has lost it.
		if ($2 == "kms")
			ours = 1
		next
	}
	/^  backtrace/ { inside = 1; next }
	inside && NF {
		if ($1 ~ /^0x[0-9a-f]+$/ || $0 ~ /\[tinydrm/)
			ours = 1
		frames = frames " < " resolved($1)
	}
	END { tell() }'
}
