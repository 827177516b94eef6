#!/bin/sh
# SPDX-License-Identifier: MIT
# --dry-run: shows the request, hides secrets, sends nothing at all.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

printf 'hunter2hunter2' >"$work/password"
chmod 600 "$work/password"
run thingspace --dry-run register A CarrierService https://hooks.example.com/a --username u \
    --password-file "$work/password" --key-file "$work/key"
exits "register" 0
json "method, URL and body" '.method == "POST" and (.url | endswith("/api/m2m/v1/callbacks/A")) and
    .body == {name: "CarrierService", url: "https://hooks.example.com/a", username: "u",
    password: "***"} and .hooks == []' "$out"
unlike "the password is hidden" "*hunter2*" "$out$err"
is "no key file is made" "no" "$([ -e "$work/key" ] && echo yes || echo no)"
run thingspace --dry-run list A B
is "one preview for each account" 2 "$(printf '%s' "$out" | jq -s length)"
run thingspace --dry-run --output json list A B
json "in JSON one document" 'map(.method) == ["GET", "GET"]' "$out"
run thingspace --dry-run --output json deregister A CarrierService
json "deregister" '.method == "DELETE" and (.url | endswith("/callbacks/A/name/CarrierService"))' "$out"
run thingspace --dry-run deregister A --all
exits "--all would have to read" 2
run thingspace --dry-run call A POST '/devices/{account}' --data '{"a": 1.0}'
json "call" '.method == "POST" and (.url | endswith("/devices/A"))' "$out"
run thingspace --dry-run register A CarrierService nonsense
exits "what cannot be sent" 2
json "nothing was sent" '.requests | map(select(.path | startswith("/api"))) == []' \
    "$(control GET state)"
end
