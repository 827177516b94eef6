#!/bin/bash
# SPDX-License-Identifier: MIT
# The lock-out promise with real processes: killed in mid-login, timed out, refused, twenty at once.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator "$@"
path="POST /api/m2m/v1/session/login"
export THINGSPACE_STATE_DIR

# How many logins left, those that met a fault too.
left() { control GET state | jq -r ".paths[\"$path\"] // 0"; }
wait_for_logins() { # NUMBER
    for _ in $(seq 2000); do
        [ "$(left)" -ge "$1" ] && return
        sleep 0.05
    done
}
# The process that holds the latch's lock: who is in mid-login.
holder() {
    inode=$(stat -c %i "$THINGSPACE_STATE_DIR"/latch-*.lock)
    awk -v inode=":$inode" '$2 == "FLOCK" && index($6 "$", inode "$") { print $5 }' /proc/locks
}

# twenty: starts 20 processes at once, kills the one in mid-login; their statuses in $statuses
twenty() {
    THINGSPACE_STATE_DIR=$work/state-$1
    control POST reset >/dev/null
    fault 'POST /session/login delay=8000 times=1'
    pids=
    for _ in $(seq 20); do
        thingspace --timeout 120 list A >/dev/null 2>>"$work/err-$1" &
        pids="$pids $!"
    done
    wait_for_logins 1
    sleep 0.5
    first=$(holder)
    case " $pids " in *" $first "*) kill -KILL "$first" ;; esac
    statuses=
    for pid in $pids; do
        wait "$pid" 2>/dev/null
        statuses="$statuses $?"
    done
}
# shellcheck disable=SC2086
number() { printf '%s\n' $statuses | grep -cx "$1"; }

twenty right
is "one of twenty was killed in mid-login" 1 "$(number 137)"
is "the nineteen others did their work" 19 "$(number 0)"
is "two logins left" 2 "$(left)"
is "a success clears the count" 0 "$(thingspace auth status | cut -f 5)"

# An expired bearer that twenty processes meet is renewed once.
control POST 'expire?what=bearer' >/dev/null
before=$(control GET state | jq .tokenRequests)
pids=
for _ in $(seq 20); do
    thingspace list A >/dev/null 2>&1 &
    pids="$pids $!"
done
statuses=
for pid in $pids; do
    wait "$pid"
    statuses="$statuses $?"
done
is "twenty processes with an expired bearer succeed" 20 "$(number 0)"
is "with one token request" $((before + 1)) "$(control GET state | jq .tokenRequests)"
is "and no login" 2 "$(left)"

export THINGSPACE_PASSWORD=wrong-1
twenty wrong
is "with a wrong password one was killed" 1 "$(number 137)"
is "the nineteen others failed" 19 "$(number 4)"
is "two logins left again" 2 "$(left)"
is "one of them was refused" 1 "$(grep -c '^thingspace: auth: ' "$work/err-wrong")"
is "eighteen sent nothing" 18 "$(grep -c '^thingspace: latched: ' "$work/err-wrong")"
run env THINGSPACE_USERNAME=somebody-else thingspace list A
like "another user is not concerned" "thingspace: auth: *" "$err"
is "and a login left" 3 "$(left)"

# One refusal is enough: the same password is not sent again, another one is.
control POST reset >/dev/null
THINGSPACE_STATE_DIR=$work/state-refused
run thingspace list A
like "a wrong password is refused" "thingspace: auth: *" "$err"
run thingspace list A
like "the next process does not send it" "thingspace: latched: *" "$err"
is "one login left" 1 "$(left)"
run env THINGSPACE_PASSWORD=demo-password thingspace list A
exits "but the right one" 0

# A time-out and a kill in mid-login count, two in a row; then only a changed password leaves.
THINGSPACE_PASSWORD=demo-password
THINGSPACE_STATE_DIR=$work/state-unclear
control POST reset >/dev/null
fault 'POST /session/login delay=20000 times=2'
run thingspace --timeout 4 list A
like "a login times out" "thingspace: timeout: *" "$err"
thingspace --timeout 60 list A >/dev/null 2>&1 &
pid=$!
wait_for_logins 2
kill -KILL "$pid"
wait "$pid" 2>/dev/null
is "and one is killed" 2 "$(thingspace auth status | cut -f 5)"
run thingspace list A
exits "the third, with the same password" 4
like "is not sent" "thingspace: latched: *" "$err"
is "two left" 2 "$(left)"
for password in wrong-3 wrong-4; do
    run env THINGSPACE_PASSWORD=$password thingspace list A
    like "a changed password is sent: $password" "thingspace: auth: *" "$err"
done
run thingspace list A
like "after four none is, not even a right one" "thingspace: latched: *" "$err"
run env THINGSPACE_PASSWORD=wrong-5 thingspace list A
like "nor a changed one" "thingspace: latched: *" "$err"
is "four left" 4 "$(left)"
is "the service has not locked the user" '[]' "$(control GET state | jq -c .lockedUsers)"
run thingspace auth unlatch
exits "unlatch" 0
run thingspace list A
exits "then the right password works" 0
end
