#!/bin/sh
# SPDX-License-Identifier: MIT
# Policy files that are none: each is one clear line of error, and nothing is sent.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
# shellcheck source=tests/integration/threats/nobody.sh
. "$top_srcdir/tests/integration/threats/nobody.sh"
need curl jq
inside_simulator "$@"

before=$(control GET state | jq .requestCount)
policy=$work/policy.lua
good='return { name = "good", accounts = { "A" } }'

# refused WHAT STATUS KIND PATTERN: the file at $policy
refused() {
    run timeout 300 thingspace --policy "$policy" list A
    exits "$1" "$2"
    is "$1: one line" 1 "$(wc -l <"$work/err" | tr -d ' ')"
    like "$1: it is told" "thingspace: $3: $4" "$err"
    is "$1: no result" "" "$out"
}
mkdir "$policy"
refused "a directory" 9 local "*$policy*"
rmdir "$policy"
refused "a file that is not there" 9 local "*$policy*"
ln -s policy.lua "$policy"
refused "a link to itself" 9 local "*$policy*"
rm "$policy"
ln -s /dev/zero "$policy"
refused "a device without end" 3 policy "*$policy*longer than 256 KiB*"
rm "$policy"
: >"$policy"
refused "an empty file" 3 policy "*"
{ echo "$good"; head -c 300000 /dev/zero | tr '\0' ' '; } >"$policy"
refused "a script of 300 KB" 3 policy "*policy.lua*"
printf 'return { name = "a\0b", accounts = { "A" } }' >"$policy"
refused "a NUL in a text" 3 policy "*"
printf '%s\0garbage' "$good" >"$policy"
refused "a NUL after the end" 3 policy "*"
printf 'return { name = "n", accounts = { "A\0B" } }' >"$policy"
refused "a NUL in an account" 3 policy "*"
printf 'return { name = "n", accounts = { "A\\0B" } }' >"$policy"
refused "a NUL in an account, escaped" 3 policy "*"
printf 'return { name = "n", accounts = { "A\\r\\nX-Evil: 1" } }' >"$policy"
refused "a line break in an account" 3 policy "*"
printf 'return { name = "n", accounts = { "../../session/login" } }' >"$policy"
refused "an account that is a path" 3 policy "*"
printf '\033Lua\124\0\031\223' >"$policy"
refused "bytecode" 3 policy "*"
head -c 2000 /dev/urandom >"$policy"
refused "random bytes" 3 policy "*"
printf '\377\376r\0e\0t\0' >"$policy"
refused "UTF-16" 3 policy "*"
printf 'while true do end' >"$policy"
refused "an endless loop" 3 policy "*"
printf 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1e6) .. i end' >"$policy"
refused "a memory eater" 3 policy "*"
printf 'error({})' >"$policy"
refused "an error that is a table" 3 policy "*"
printf 'error("a\\nb\\27[31m")' >"$policy"
refused "an error with a line break and an escape sequence" 3 policy "*"
is "which are escaped" "" "$(tr -d '[:print:]\n' <"$work/err")"

# A byte order mark, as some editors write it, is read over.
printf '\357\273\277%s' "$good" >"$policy"
run thingspace --policy "$policy" policy check
exits "a byte order mark" 0
like "is read over" "good (*1 account*" "$out"

echo "$good" >"$policy"
chmod 600 "$policy"
if can_be_nobody; then
    run as_nobody thingspace --policy "$policy" --state-dir "$work/nobody" list A
    exits "a file that cannot be read" 9
    like "it is told" "thingspace: local: *$policy*ermission denied*" "$err"
else
    skip "a file that cannot be read" "only root can take the part of another user"
fi
is "nothing was sent" "$before" "$(control GET state | jq .requestCount)"
run thingspace --policy "$policy" list A
exits "the good one works" 0
end
