#!/bin/sh
# SPDX-License-Identifier: MIT
# Answers that are too long, too many, compressed or too slow: the command ends at its caps.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq python3
inside_simulator "$@"
peer=$top_srcdir/tests/integration/threats/peer.py

# weigh COMMAND...: as `run`, with the most memory it used in $kib
weigh() {
    run python3 "$peer" memory "$@"
    kib=$(tail -n 1 "$work/err")
    err=$(sed '$d' "$work/err")
}
weigh thingspace list A
exits "an ordinary list" 0
ordinary=$kib
# is_bounded WHAT: no more than 40 MiB above the ordinary list
is_bounded() {
    if [ "$kib" -lt $((ordinary + 40960)) ]; then ok "$1: memory is bounded"
    else not_ok "$1: memory is bounded" "$kib KiB, ordinary $ordinary KiB"; fi
}

fault 'GET /callbacks/* huge=2147483648'
weigh thingspace --timeout 60 list A
exits "2 GiB in chunks" 5
like "its cap is named" "thingspace: protocol: *more than 8388608 bytes of body*" "$err"
is_bounded "2 GiB in chunks"
faultless
run thingspace list A
exits "afterwards an ordinary list" 0

# with_peer MODE WHAT PATTERN
with_peer() {
    rm -f "$work/url" # what the last one wrote
    python3 "$peer" "$1" >"$work/url" &
    server=$!
    for _ in $(seq 2000); do [ -s "$work/url" ] && break; sleep 0.05; done
    weigh env THINGSPACE_URL="$(cat "$work/url")" thingspace --state-dir "$work/state-$1" list A
    kill "$server"
    wait "$server" 2>/dev/null
    exits "$2" 5
    like "$2: told" "thingspace: protocol: $3" "$err"
    is_bounded "$2"
}
with_peer headers "10 MB of headers" "*more than 65536 bytes of header*"
with_peer count "100,000 headers" "*more than 256 header fields*"
with_peer gzip "a compressed answer" "*compressed although not asked for*"

thingspace -q register A CarrierService https://hooks.example.com/a >/dev/null
fault 'GET /callbacks/* drip=1'
begin=$(date +%s)
run thingspace --timeout 3 list A
exits "one byte a second, 3 s" 5
like "the total deadline holds" "thingspace: timeout: *" "$err"
is "in time" yes "$([ $(($(date +%s) - begin)) -le 30 ] && echo yes)"
faultless
# One attempt alone: a POST of unknown meaning is never sent twice.
fault 'POST /x drip=1'
begin=$(date +%s)
run thingspace --timeout 100 call A POST /x
exits "one byte a second, 100 s" 5
like "too slow is told" "thingspace: timeout: *answer too slow*" "$err"
is "long before the deadline" yes "$([ $(($(date +%s) - begin)) -le 90 ] && echo yes)"
end
