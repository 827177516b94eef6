#!/bin/sh
# SPDX-License-Identifier: MIT
# thingspace simulate: the environment it gives, signals, exit statuses, its switches.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq

run env THINGSPACE_KEY_FILE=/x THINGSPACE_API_URL=x THINGSPACE_TOKEN_URL=y THINGSPACE_POLICY=/p \
    THINGSPACE_KEY=mine thingspace simulate -- env
exits "a program" 0
environment=$(printf '%s\n' "$out" | grep '^THINGSPACE_' | cut -d = -f 1 | sort | tr '\n' ' ')
is "exactly these variables" "THINGSPACE_KEY THINGSPACE_PASSWORD THINGSPACE_POLICY THINGSPACE_SECRET \
THINGSPACE_STATE_DIR THINGSPACE_URL THINGSPACE_USERNAME " "$environment"
like "its own credential" "*THINGSPACE_KEY=demo-key*" "$out"
like "the policy stays" "*THINGSPACE_POLICY=/p*" "$out"
state_dir=$(printf '%s\n' "$out" | sed -n 's/^THINGSPACE_STATE_DIR=//p')
is "the state directory goes at the end" no "$([ -e "$state_dir" ] && echo yes || echo no)"

run thingspace simulate -- sh -c 'exit 7'
exits "the program's status" 7
run thingspace simulate -- sh -c 'kill -9 $$'
exits "the program's signal" 137
run thingspace simulate -- /no/such/program
exits "a program that is not there" 9
like "is named" "thingspace: local: /no/such/program cannot be run: *" "$err"
run thingspace simulate -- sh -c 'ulimit -c 1024 2>/dev/null; trap "" USR1; cat /proc/self/status'
like "SIGPIPE is the program's again" "*SigIgn:*0*" "$out"

# shellcheck disable=SC2016
thingspace simulate -- sh -c 'trap "echo got it; exit 5" TERM; echo ready
    while :; do sleep 0.1; done' >"$work/out" 2>&1 &
pid=$!
for _ in $(seq 2000); do grep -q ready "$work/out" && break; sleep 0.05; done
kill -TERM "$pid"
wait "$pid"
is "signals go to the program" "5 got it" "$? $(tail -n 1 "$work/out")"

thingspace simulate --port 0 >"$work/exports" 2>"$work/err" &
pid=$!
for _ in $(seq 2000); do grep -q Ctrl-C "$work/err" && break; sleep 0.05; done
(
    . "$work/exports"
    thingspace -q register A CarrierService https://hooks.example.com/a
) >"$work/out" 2>&1
like "without a program: lines for a shell" "registered*" "$(cat "$work/out")"
like "and where it is" "*http://127.0.0.1:*Ctrl-C ends it" "$(cat "$work/err")"
kill -TERM "$pid"
wait "$pid"
is "it ends when told" 0 $?

thingspace --output json simulate >"$work/json" 2>/dev/null &
pid=$!
for _ in $(seq 2000); do [ -s "$work/json" ] && break; sleep 0.05; done
json "in JSON" '.environment.THINGSPACE_URL == .url' "$(cat "$work/json")"
kill -TERM "$pid"
wait "$pid"

run thingspace simulate --second-post refuse -- sh -c '
    thingspace register A CarrierService https://hooks.example.com/a &&
    thingspace register A CarrierService https://hooks.example.com/b --replace'
like "--second-post refuse: replaced all the same" "*replaced*" "$out"
run thingspace simulate --fault 'GET /callbacks/* status=503 times=2 header=Retry-After:0' -- \
    thingspace list A
exits "--fault: retried" 0
run thingspace simulate --dead-session 401 --session-seconds 1 -- sh -c '
    thingspace list A && sleep 2 && thingspace list A'
exits "--dead-session 401: renewed" 0
run thingspace simulate --fault nonsense -- true
exits "a rule that is none" 2

cat >"$work/fate.sh" <<'END'
for _ in $(seq 30); do
    curl -s -o "$HOME/answer" -w '%{http_code}\n' --noproxy '*' "$THINGSPACE_URL/x"
done
END
fate() { thingspace simulate --fault '* * status=500 chance=30%' --seed "$1" -- sh "$work/fate.sh" | tr '\n' ' '; }
first=$(fate 1)
like "some misfortunes" "*500*404*500*" "$first"
is "the same with the same seed" "$first" "$(fate 1)"
unlike "others with another one" "$first" "$(fate 2)"

run thingspace simulate -- sh -c '
    thingspace register A CarrierService https://hooks.example.com/a >/dev/null &&
    curl -s --noproxy "*" "$THINGSPACE_URL/simulator/listeners"'
printf '%s' "$out" >"$work/state.json"
run thingspace simulate --state "$work/state.json" -- thingspace list A --output json
json "--state: what was registered is there" \
    '.[0].accountName == "A" and .[0].url == "https://hooks.example.com/a"' "$out"
run thingspace simulate --state "$work/nowhere.json" -- true
exits "--state: a file that is not there" 9
printf 'nonsense' >"$work/state.json"
run thingspace simulate --state "$work/state.json" -- true
exits "--state: a file that is none" 2

# ---- what can be asked of it is told ----

run thingspace simulate --help
told=$(printf '%s' "$out" | sed '/^Options:/,$d' | tr '\n' ' ')
for word in $(sed -n 's/^    {"\([a-z]*\)", WORD_.*/\1/p' "$top_srcdir/simulator/fault_rule.c"); do
    like "--help tells the word $word" "* $word[=, .]*" "$told"
done
for path in $(sed -n 's/^    {"[A-Z]*", "\([a-z]*\)", .*/\1/p' "$top_srcdir/simulator/control.c"); do
    like "and the path $path" "*/simulator/$path[? ,]*" "$told"
done
end
