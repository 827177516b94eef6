#!/bin/bash
# SPDX-License-Identifier: MIT
# Two applies with one state directory: the second is refused and told who runs. A lock does not
# outlive its process, however that ended; plans and single changes are not held up.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator
# shellcheck source=tests/integration/scale/fleet.sh
. "$top_srcdir/tests/integration/scale/fleet.sh"

fleet_policy 6
# first: an apply whose first change is held up; $first is its process
first() {
    faultless
    control POST reset
    fault 'POST /callbacks/* times=1 delay=60000'
    thingspace apply --yes --output json >"$work/first" 2>&1 &
    first=$!
    wait_until held || not_ok "an apply begins"
}

first
before=$(registered)
posts=$(control GET state | jq '[.paths | to_entries[] | select(.key | startswith("POST /api/m2m")) | .value] | add')
run thingspace apply --yes
exits "a second one" 8
like "it is told who runs" "*$first*" "$err"
is "and with one line" 1 "$(wc -l <"$work/err" | tr -d ' ')"
run thingspace --output json apply --yes
exits "in JSON" 8
json "its kind" '.error.kind == "refused"' "$err"
is "it sent no change" "$posts" \
    "$(control GET state | jq '[.paths | to_entries[] | select(.key | startswith("POST /api/m2m")) | .value] | add')"
run thingspace --state-dir "$work/elsewhere" plan
exits "another state directory is another matter" 0
run thingspace plan
exits "a plan is not held up" 0
run thingspace register N-0004 PromoChanges https://hooks.example.com/promo
exits "nor is a single change" 0

kill -9 "$first"
wait "$first" 2>/dev/null
faultless
run thingspace apply --yes
exits "after kill -9 of the first the lock is free" 0
same "and all is as declared" "$(fleet_declared 6 1 | by_name)" "$(registered '.serviceName != "PromoChanges"')"

first
kill -TERM "$first"
sleep 0.2
kill -TERM "$first" # what is under way takes a minute
wait "$first"
is "interrupted twice it ends at once" 130 "$?"
faultless
run thingspace apply --yes
exits "after an interruption it is free, too" 0

# Many at once: one does it all, the others are refused or find nothing left to do.
control POST reset
fault '* /callbacks/* delay=30'
for n in 1 2 3 4 5 6; do
    (
        thingspace apply --yes >/dev/null 2>"$work/err.$n"
        echo $? >"$work/status.$n"
    ) &
done
wait
is "six at once: done or refused" "" "$(cat "$work"/status.* | grep -vx '[08]')"
like "one at least is done" "*0*" "$(cat "$work"/status.* | tr '\n' ' ')"
same "and all is as declared, again" "$(fleet_declared 6 1 | by_name)" "$(registered)"
end
