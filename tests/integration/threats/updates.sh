#!/bin/bash
# SPDX-License-Identifier: MIT
# An update is a removal and a registration where the service does not overwrite. Whoever is killed
# in between leaves a record, and the next command that changes anything puts a listener there.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
# shellcheck source=tests/integration/threats/nobody.sh
. "$top_srcdir/tests/integration/threats/nobody.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator --second-post refuse

old=https://hooks.example.com/old new=https://hooks.example.com/new
state=$THINGSPACE_STATE_DIR

registered() { control GET state | jq -r '[.listeners[] | select(.accountName == "A") | .url] | join(" ")'; }
records() { find "$state" -name 'intent-*.json' | wc -l | tr -d ' '; }
# count METHOD: requests of account A so far
count() {
    control GET state | jq "[.paths | to_entries[] | select(.key | test(\"^$1 .*/callbacks/A\\\\b\")) | .value] | add // 0"
}
# afresh: account A has the old listener, nothing else is left
afresh() {
    faultless >/dev/null
    control POST reset >/dev/null
    rm -f "$state"/intent-*
    thingspace -q register B DeviceService "$old" >/dev/null 2>&1
    thingspace -q register A CarrierService "$old" >/dev/null 2>&1
}

# ---- killed at each step ----

# killed METHOD NTH WORDS: while the NTH such request of the update is held up; `after`: done, not told
killed() {
    afresh
    fault "$1 /callbacks/A* skip=$(($2 - 1)) times=1 delay=3000 $3"
    thingspace -q register A CarrierService "$new" --replace >/dev/null 2>&1 &
    pid=$!
    wait_until held
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    what="killed in $1 $2${3:+, which took effect}"
    # Another account, and nothing of that command depends on A.
    run thingspace register B DeviceService "$old"
    exits "$what: the next register" 0
    # What was under way may have been carried out meanwhile: then the one after it repairs.
    wait_until idle
    run thingspace register B DeviceService "$old"
    exits "$what: the one after it" 0
    like "$what: a listener is there" "$4" "$(registered)"
}
killed GET 1 '' "$old"
killed POST 1 '' "$old"
killed DELETE 1 '' "https://hooks.example.com/*"
killed DELETE 1 after "$new"
killed POST 2 '' "$new"
killed POST 2 after "$new"
is "no record is left" 0 "$(records)"
is "nor a lock of one" "" "$(find "$state" -name 'intent-*')"

# ---- killed at any moment, again and again ----

afresh
lost=0 repaired=0 hold=1500
for round in $(seq 12); do
    # Every other time after its removal (held up longer when that was missed), else at any moment from its first request on.
    faultless >/dev/null
    [ $((round % 2)) = 1 ] || fault "DELETE /callbacks/A* delay=$hold after"
    fault '* /callbacks/A* delay=60'
    thingspace -q register A CarrierService "https://hooks.example.com/$round" --replace >/dev/null 2>&1 &
    pid=$!
    wait_until held
    [ $((round % 2)) = 0 ] || sleep "0.$(printf %03d $((round * 20)))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    wait_until idle
    if [ -z "$(registered)" ]; then repaired=$((repaired + 1))
    elif [ $((round % 2)) = 0 ]; then hold=$((hold * 2)); fi
    thingspace -q register B DeviceService "$old" >/dev/null 2>&1
    [ -n "$(registered)" ] || lost=$((lost + 1))
done
is "after 12 kills no account is without a listener" 0 "$lost"
like "and some had none before" "[1-9]*" "$repaired"

# ---- who repairs ----

is_gone() { [ "$(records)" = 1 ] && [ -z "$(registered)" ]; }
# orphan: account A lost its listener, and a record tells of it
orphan() {
    afresh
    fault 'DELETE /callbacks/A* delay=60000 after'
    thingspace -q register A CarrierService "$new" --replace --password-file "$work/password" \
        --username u >/dev/null 2>&1 &
    pid=$!
    wait_until is_gone
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    faultless >/dev/null
}
printf 'listener-secret' >"$work/password"
chmod 600 "$work/password"
orphan
is "the account has no listener" "" "$(registered)"
is "the record is private" 600 "$(stat -c %a "$state"/intent-*.json)"
run thingspace -vv register B DeviceService "$old"
exits "a register of another account" 0
like "tells what was repaired" "*A CarrierService had no listener*registered again: $new*" "$err"
unlike "and not the password" "*listener-secret*" "$out$err"
is "with its password" listener-secret \
    "$(control GET state | jq -r '.listeners[] | select(.accountName == "A") | .password')"
is "the record is gone" 0 "$(records)"

orphan
fault 'POST /callbacks/A times=1 status=400 body="{\"errorCode\":\"X.INPUT_INVALID.Url\"}"'
run thingspace register B DeviceService "$old"
is "the old one, where the new one is refused" "$old" "$(registered)"

orphan
fault 'POST /callbacks/A status=400 body="{\"errorCode\":\"X.INPUT_INVALID.Url\"}"'
run thingspace register B DeviceService "$old"
exits "a repair that fails does not stop the others" 0
like "is told" "*A CarrierService may have no listener*" "$err"
is "is kept" 1 "$(records)"
faultless >/dev/null
run thingspace register B DeviceService "$old"
is "is done by the next" "$new" "$(registered)"

orphan
run thingspace deregister A CarrierService
exits "what is deregistered" 0
run thingspace register B DeviceService "$old"
is "does not come back" "" "$(registered)"

# ---- two at once ----

afresh
fault 'DELETE /callbacks/A* delay=5000'
thingspace -q register A CarrierService "$new" --replace >"$work/first" 2>&1 &
first=$!
wait_until held
thingspace -q register A CarrierService "$new-2" --replace >"$work/second" 2>&1 &
second=$!
wait "$first"
one=$?
wait "$second"
two=$?
is "two at once: one is done, one refused" "0 8" "$(printf '%s\n' "$one" "$two" | sort -n | tr '\n' ' ' | sed 's/ $//')"
like "is told why" "*is being changed by another process*" "$(cat "$work/first" "$work/second")"
like "and a listener is there" "$new*" "$(registered)"
is "and no record" 0 "$(records)"

# ---- nowhere to note it ----

afresh
deletes=$(count DELETE)
err=$(bash -c 'ulimit -f 0; exec thingspace -q register A CarrierService '"$new"' --replace' 2>&1 >/dev/null)
status=$?
exits "no room for the record" 9
like "no room for the record: it is told" \
    "thingspace: local: *the old listener was not removed*cannot be written*" "$err"
is "no room for the record: nothing was removed" "$deletes $old" "$(count DELETE) $(registered)"

if can_be_nobody; then
    THINGSPACE_STATE_DIR=$work/readonly
    export THINGSPACE_STATE_DIR
    mkdir -m 700 "$work/readonly"
    chown 65534 "$work/readonly"
    as_nobody thingspace list A >/dev/null 2>&1
    chmod 500 "$work/readonly"
    run as_nobody thingspace register A CarrierService "$new" --replace
    exits "a state directory that is read-only" 9
    like "a state directory that is read-only: it is told" "*thingspace: local: *cannot be written*" "$err"
    is "a state directory that is read-only: nothing was removed" "$deletes $old" \
        "$(count DELETE) $(registered)"
else
    skip "a state directory that is read-only" "needs root, and a build that others can reach"
fi
end
