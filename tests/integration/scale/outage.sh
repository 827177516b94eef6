#!/bin/sh
# SPDX-License-Identifier: MIT
# A service that stops in the middle of an apply and is back on the same port after 16 seconds, which
# is longer than five tries take: nothing fails, and one warning tells why nothing moves.
. "$top_srcdir/tests/integration/lib.sh"
need curl

# serve [OPTIONS]: a stand-in in the background; $server is its process.
serve() {
    rm -f "$work/env"
    thingspace simulate "$@" >"$work/env" 2>"$work/simulator" &
    server=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        grep -q PASSWORD "$work/env" 2>/dev/null && return
        sleep 0.5
    done
    echo "Bail out! the stand-in does not start"
    exit 99
}

serve
. "$work/env"
mkdir -m 700 "$work/state"
THINGSPACE_STATE_DIR=$work/state
export THINGSPACE_STATE_DIR
cat >"$work/fleet.lua" <<'END'
local rows = {}
for i = 1, 300 do rows[i] = string.format("T-%04d", i) end
return {
  name = "fleet",
  accounts = rows,
  listeners = function(account)
    return { CarrierService = { url = "https://hooks.example.com/" .. account } }
  end,
}
END
chmod 600 "$work/fleet.lua"
curl -sS --noproxy '*' -X POST --data-binary 'POST /callbacks/* delay=300' "$THINGSPACE_URL/simulator/faults" >/dev/null
thingspace --policy "$work/fleet.lua" apply --yes >"$work/lines" 2>"$work/err" &
apply=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -s "$work/lines" ] && break
    sleep 0.2
done
kill "$server"
wait "$server"
sleep 16
serve --port "${THINGSPACE_URL##*:}"
wait "$apply"
is "the apply ends well" 0 $?
is "all changes are done" 300 "$(grep -c '"done"' "$work/lines")"
is "nothing else is told of them" 300 "$(wc -l <"$work/lines" | tr -d ' ')"
is "one warning tells why nothing moves" 1 "$(grep -c 'warning: endpoint environment is not reached; trying again' "$work/err")"
kill "$server"
wait "$server"

plan "$tests"
