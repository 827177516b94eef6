#!/bin/sh
# SPDX-License-Identifier: MIT
# Ctrl-C, SIGTERM and a terminal that goes away: calls end, what is done is told, exit 130.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq env
inside_simulator
thingspace -q register A CarrierService https://hooks.example.com/a >/dev/null

# interrupted SIGNAL TIMES COMMAND...: when so many have met the first rule. Background children of sh ignore SIGINT, whoever runs this under nohup SIGHUP, so env resets both.
interrupted() {
    signal=$1 times=$2
    shift 2
    env --default-signal=INT,HUP "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    wait_until held "$times"
    sleep 1 # for an answer that came with it
    kill -s "$signal" "$pid"
    wait "$pid"
    status=$?
    out=$(cat "$work/out") err=$(cat "$work/err")
}
fault 'GET /callbacks/B delay=20000'
times=0
for signal in INT TERM HUP; do
    interrupted "$signal" $((times + 1)) thingspace list B
    exits "SIG$signal" 130
    like "SIG$signal: told" "*thingspace: cancelled: *" "$err"
done
interrupted INT $((times + 1)) thingspace --output json list A B
exits "one account is done" 130
json "the result is a whole document" 'map(.accountName) == ["A"]' "$out"
json "and so is the error" '.error.kind == "cancelled"' "$err"

# Where the service does not overwrite, the old listener is removed first. An interruption while
# that has no answer yet leaves no account without a listener.
faultless
thingspace -q register C CarrierService https://hooks.example.com/old >/dev/null
fault 'DELETE /callbacks/* delay=20000 after'
fault 'POST /callbacks/C status=400 times=1'
interrupted INT 1 thingspace register C CarrierService https://hooks.example.com/new --replace
exits "a replacement in the middle" 130
like "says what became of it" "*the old listener was put back*" "$err"
is "and it is there" https://hooks.example.com/old "$(thingspace list C | cut -f 3)"
end
