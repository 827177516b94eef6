#!/bin/sh
# SPDX-License-Identifier: MIT
# Many processes on one audit file: at once, and killed in the middle.
. "$top_srcdir/tests/integration/lib.sh"
need jq
inside_simulator
. "$top_srcdir/tests/integration/plugins/compiled.sh"

file=$work/audit.jsonl
audit="$(module audit),{\"file\":\"$file\"}"

# writer N ROUNDS: changing calls that the service answers with 404, so that they are independent.
writer() {
    for round in $(seq "$2"); do
        thingspace --plugin "$audit" call "A-$1" POST "/nothing/$round" \
            --data "{\"x\":\"$(printf '%0300d' "$round")\"}" >/dev/null 2>&1
    done
}

for n in 1 2 3 4 5 6 7 8; do writer $n 6 & done
wait
run thingspace audit verify "$file" --output json
exits "eight writers at once" 0
json "every line is there" \
    '.lines == 97 and .intents == 48 and .results == 48 and .unfinished == [] and .torn == 0' "$out"
is "and every one is JSON of its own" 97 "$(jq -c . "$file" | wc -l | tr -d ' ')"

# Killed at any moment; the next one goes on.
intents=48
for delay in 01 02 03 04 05 06 07 08 09 10 12 14 16 18 20; do
    thingspace --plugin "$audit" call A-9 POST /nothing/here \
        --data "{\"x\":\"$(printf '%020000d' 1)\"}" >/dev/null 2>&1 &
    pid=$!
    sleep "0.$delay"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
done
writer 10 1
run thingspace audit verify "$file" --output json
exits "after fifteen kills the chain fits" 0
json "and tells which calls have no result" \
    '.intents >= '$((intents + 1))' and (.unfinished | length) == .intents - .results' "$out"

# What a power cut leaves: half a line. It stays, and the next line says how long it is.
size=$(stat -c %s "$file")
truncate -s $((size - 100)) "$file"
run thingspace audit verify "$file"
exits "a torn last line" 8
writer 11 1
run thingspace audit verify "$file" --output json
exits "is ended by the next append" 0
json "and counted" '.torn == 1' "$out"
json "and told" '.bytes > 0' "$(grep '"event":"torn"' "$file")"
end
