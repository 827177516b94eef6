#!/bin/bash
# SPDX-License-Identifier: MIT
# apply under kill -9: at each step of an update that is a removal and a registration, and at random
# moments of many such updates at once. The next run repairs: no account that had a listener is left
# without, and in the end all is as declared. The audit file stays whole.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator --second-post refuse
# shellcheck source=tests/integration/scale/fleet.sh
. "$top_srcdir/tests/integration/scale/fleet.sh"
# shellcheck source=tests/integration/plugins/compiled.sh
. "$top_srcdir/tests/integration/plugins/compiled.sh"

audit="$(module audit),{\"file\":\"$work/audit.jsonl\"}"
records() { find "$THINGSPACE_STATE_DIR" -name 'intent-*.json' | wc -l | tr -d ' '; }
has_records() { [ "$(records)" != 0 ]; }
has_requests() { [ "$(control GET state | jq .requestCount)" -gt "$1" ]; }
# What an account has, whatever its version.
names() { registered | jq -c '[.[] | [.accountName, .serviceName]]'; }
apply() { thingspace --plugin "$audit" --set "version=$1" apply --yes --force --output json "${@:2}"; }
# The same in the background, as $pid: the process itself, not a shell around it.
begin() {
    thingspace --plugin "$audit" --set "version=$1" apply --yes --force --output json "${@:2}" >/dev/null 2>&1 &
    pid=$!
}
# applied VERSION WHAT: after one run all is as that version declares
applied() {
    run apply "$1"
    exits "$2: the next run" 0
    same "$2: all is as declared" "$(fleet_declared "$count" "$1" | by_name)" "$(registered)"
}

# ---- at each step ----

# One listener changes, step by step; nothing else is asked for meanwhile.
count=1 version=1
fleet_policy "$count"
applied 1 "nothing was there"

# step RULE: killed while that request of the next version's apply is held up
step() {
    version=$((version + 1))
    had=$(names)
    faultless
    fault "$1 times=1 delay=1000"
    begin "$version" --service DeviceService
    wait_until held || not_ok "killed in $1: it comes"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    wait_until idle # what was under way may be carried out meanwhile
    faultless
    # The next run first does what is left of this one.
    thingspace --set "version=$((version - 1))" plan >/dev/null 2>&1
    is "killed in $1: each listener is there again" "$had" "$(names)"
    applied "$version" "killed in $1"
}
for after in "" " after"; do
    step "GET /callbacks/*$after"
    step "GET /callbacks/* skip=1$after"
    step "POST /callbacks/*$after"
    step "DELETE /callbacks/*$after"
    step "POST /callbacks/* skip=1$after"
done
is "no record is left" 0 "$(records)"

# ---- at any moment of many at once ----

count=12
fleet_policy "$count"
version=$((version + 1))
applied "$version" "a dozen accounts"
had=$(names)
fault 'GET /callbacks* delay=20
* /callbacks* delay=80'
times=$((4 * rounds)) repaired=0 lost=0
for n in $(seq "$times"); do
    version=$((version + 1))
    before=$(control GET state | jq .requestCount)
    begin "$version"
    # Every other time amid updates, else at any moment from the first request on.
    if [ $((n % 2)) = 1 ]; then
        wait_until has_records || not_ok "kill $n: updates begin"
    else
        wait_until has_requests "$before"
        sleep "0.$(printf %03d $((RANDOM % 350)))"
    fi
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    wait_until idle
    [ "$(records)" = 0 ] || repaired=$((repaired + 1))
    # Now and then the next run wants another version still.
    [ $((n % 3)) = 0 ] && version=$((version + 1))
    thingspace --set "version=$version" plan >/dev/null 2>&1
    [ "$(names)" = "$had" ] || lost=$((lost + 1))
    [ $((n % 4)) = 0 ] && continue
    apply "$version" >/dev/null 2>&1 || not_ok "the run after kill $n"
done
is "after $times kills no account is without a listener" 0 "$lost"
unlike "and updates were killed half done" 0 "$repaired"
faultless
applied "$version" "in the end"
is "and no record is left" 0 "$(records)"
run thingspace audit verify "$work/audit.jsonl" --output json
exits "the audit file fits" 0
json "and tells which changes have no result" '.torn == 0 and (.unfinished | length) == .intents - .results' "$out"
end
