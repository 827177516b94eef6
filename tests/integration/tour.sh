#!/bin/sh
# The tour of the README, run on a terminal: every command of the second console block, each
# answer compared to the letter. The first block's command is the one that wraps them.
. "$top_srcdir/tests/integration/lib.sh"

command -v script >/dev/null || { plan_skip "script(1) is not installed"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/<!-- tour/ {wanted = 1} wanted && /^```$/ {exit} wanted && !/^```/ && !/^<!--/' \
    "$top_srcdir/README.md" >"$work/expected"

# Prints what a person sees: the prompt's line, then what the command answers.
cat >"$work/run" <<'END'
while IFS= read -r line; do
    printf '%s\n' "$line"
    eval "${line#??}"
done <"$1"
END
grep '^\$ ' "$work/expected" >"$work/commands"

PATH=$(dirname "$THINGSPACE"):$PATH
export PATH NO_COLOR=1 COLUMNS=200
"$THINGSPACE" simulate -- script -qec "bash '$work/run' '$work/commands'" /dev/null </dev/null 2>"$work/errors" |
    tr -d '\r' >"$work/actual"

plan 2
ok "the README has a tour" test "$(wc -l <"$work/commands")" -ge 5
ok "every answer is the one that the README shows" diff -u "$work/expected" "$work/actual"
