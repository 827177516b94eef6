#!/bin/sh
# SPDX-License-Identifier: MIT
# The metrics plugin: a file that Prometheus reads, whole at any time.
. "$top_srcdir/tests/integration/lib.sh"
need jq
inside_simulator
. "$top_srcdir/tests/integration/plugins/compiled.sh"

file=$work/thingspace.prom
metrics="$(module metrics),{\"file\":\"$file\"}"
cat >"$work/no.lua" <<'LUA'
return { name = "no", version = "1.0.0", api = 1, hooks = {
  check = function(call) if call.operation == "deregister" then return thingspace.deny("window", "not now") end end } }
LUA
chmod 600 "$work/no.lua"

run thingspace --plugin "$metrics" list TestAccount-1 TestAccount-2 TestAccount-3
exits "three lists" 0
like "are counted by operation and outcome" \
    '*thingspace_calls_total{operation="list",kind="ok"} 3*' "$(cat "$file")"
like "with what was sent" '*thingspace_attempts_total{what="send"} 3*' "$(cat "$file")"
like "and how long it took" '*thingspace_call_duration_seconds_bucket{le="+Inf"} 3*' "$(cat "$file")"
like "in all" '*thingspace_call_duration_seconds_count 3*' "$(cat "$file")"
is "every line is a comment or a number" "" \
    "$(grep -Ev '^# (HELP|TYPE) [a-z_]+ |^[a-z_]+(\{[^}]*\})? [0-9]+(\.[0-9]+)?$' "$file")"
is "each metric has a type" 4 "$(grep -c '^# TYPE' "$file")"
is "everybody may read it" 644 "$(stat -c %a "$file")"
is "nothing is left beside it" "thingspace.prom" "$(cd "$work" && ls | grep prom)"

run thingspace --plugin "$metrics" --plugin "$work/no.lua" deregister TestAccount-2 CarrierService
exits "a denied call" 3
like "is counted" '*thingspace_calls_total{operation="deregister",kind="denied"} 1*' "$(cat "$file")"
like "by its code" '*thingspace_denied_total{code="window"} 1*' "$(cat "$file")"

run thingspace --plugin "$(module metrics),{\"file\":\"$work/of-%p.prom\",\"interval_ms\":0}" \
    list TestAccount-1
exits "%p" 0
is "is the process" 1 "$(cd "$work" && ls | grep -Ec '^of-[0-9]+\.prom$')"

# Two rows with one file: one count.
cat >"$work/policy.lua" <<LUA
return { name = "counted", accounts = { "TestAccount-1" }, plugins = {
  { "$(module metrics)", name = "a", options = { file = "shared.prom" } },
  { "$(module metrics)", name = "b", options = { file = "shared.prom" } } } }
LUA
chmod 600 "$work/policy.lua"
run thingspace --policy "$work/policy.lua" list TestAccount-1
exits "two instances of one file" 0
like "share their numbers" '*thingspace_calls_total{operation="list",kind="ok"} 2*' \
    "$(cat "$work/shared.prom")"

run thingspace --plugin "$(module metrics),{\"file\":\"$work/nowhere/m.prom\"}" list TestAccount-1
exits "a file that cannot be written fails no call" 0
like "but is told" '*nowhere/m.prom cannot be written: No such file*' "$err"
mkfifo "$work/pipe"
run thingspace --plugin "$(module metrics),{\"file\":\"$work/pipe\"}" list TestAccount-1
exits "what is no regular file fails no call" 0
like "but is told" '*pipe cannot be written: it is not a regular file*' "$err"
is "and is left alone" fifo "$(stat -c %F "$work/pipe")"
run thingspace --plugin "$(module metrics),{\"file\":\"\"}" list TestAccount-1
exits "an empty name" 3
run thingspace --plugin "$(module metrics),{\"file\":\"$file\",\"interval_ms\":-1}" list TestAccount-1
exits "a negative interval" 3
end
