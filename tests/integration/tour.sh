#!/bin/sh
# SPDX-License-Identifier: MIT
# The tour of the README, run on a terminal: every command of the second console block, each
# answer compared to the letter. The first block's command is the one that wraps them.
. "$top_srcdir/tests/integration/lib.sh"
need script
has_terminals || {
    echo "1..0 # SKIP there are no terminals"
    exit 0
}

awk '/<!-- tour/ {wanted = 1} wanted && /^```$/ {exit} wanted && !/^```/ && !/^<!--/' \
    "$top_srcdir/README.md" >"$work/expected"
grep '^\$ ' "$work/expected" >"$work/commands"

# Prints what a person sees: the prompt's line, then what the command answers.
cat >"$work/typed" <<'END'
stty columns 200
again() { return "$1"; }
status=0
while IFS= read -r line; do
    printf '%s\n' "$line"
    again "$status"
    eval "${line#??}"
    status=$?
done <"$1"
END
NO_COLOR=1 thingspace simulate -- script -qec "sh '$work/typed' '$work/commands'" /dev/null \
    </dev/null 2>"$work/errors" | tr -d '\r' >"$work/actual"

is "the README has a tour" 8 "$(wc -l <"$work/commands")"
is "every answer is the one that the README shows" "" \
    "$(diff -u "$work/expected" "$work/actual" 2>&1)"
end
