#!/bin/sh
# SPDX-License-Identifier: MIT
# --api: the same commands for the callbacks of the other APIs.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

# What was printed, with one blank between the words.
words() { printf '%s' "$out" | tr -s '\t ' ' '; }

while read -r api service; do
    run thingspace register A "$service" https://hooks.example.com/a --api "$api"
    exits "$api: register" 0
    is "$api: it is told" "registered A $service https://hooks.example.com/a" "$(words)"
    run thingspace register A "$service" https://hooks.example.com/a --api "$api"
    is "$api: once" "unchanged A $service https://hooks.example.com/a" "$(words)"
    run thingspace register A "$service" https://hooks.example.com/b --api "$api"
    exits "$api: it goes elsewhere" 8
    run thingspace register A "$service" https://hooks.example.com/b --api "$api" --replace
    is "$api: it moves" "replaced A $service https://hooks.example.com/b" "$(words)"
    run thingspace list A --api "$api" --output json
    json "$api: it is listed" \
        "length == 1 and .[0].serviceName == \"$service\" and .[0].url == \"https://hooks.example.com/b\"" "$out"
    run thingspace register A "$service" https://hooks.example.com/b --api "$api" --strict --dry-run
    exits "$api: the service is known" 0
    run thingspace deregister A --all --api "$api"
    is "$api: it is removed" "removed A $service" "$(words)"
    run thingspace list A --api "$api"
    is "$api: nothing is left" "" "$out"
done <<APIS
connectivity CarrierService
location Location
hyper-precise BullseyeReporting
diagnostics Diagnostics
software-v1 Fota
software-v2 Fota
software-v3 Fota
APIS

run thingspace register A Location https://hooks.example.com/a --api location
like "a key that nobody keeps is warned of" "*warning:*signing key*lost*" "$err"
run thingspace register A Diagnostics https://hooks.example.com/a --api diagnostics --key-file "$work/key"
exits "a key is kept" 0
is "in 64 digits" 64 "$(tr -d '\n' <"$work/key" | wc -c | tr -d ' ')"
is "for the owner alone" 600 "$(stat -c %a "$work/key")"
unlike "and shown nowhere" "*$(cat "$work/key")*" "$out$err"

run thingspace register A Diagnostics https://hooks.example.com/a --api diagnostics --key-file "$work/key2"
like "an old listener brings no new key, and how to get one is told" "*warning: no signing key came*deregister it first*" "$err"

run thingspace list A --api locaton
exits "an unknown name" 2
run thingspace register A Location https://hooks.example.com/a --api location --username acme
exits "a username where none can be sent" 2
run thingspace register A CarrierService https://hooks.example.com/a --api software-v2
exits "a service that the API has no place for" 2
run thingspace register A Lokation https://hooks.example.com/a --api location --strict
exits "--strict knows the API's services" 2
like "and which was meant" "*did you mean Location?*" "$err"
run thingspace call A GET '/callbacks/{account}' --api location
json "call speaks to it too" '.[0].name == "Location"' "$out"
run thingspace deregister A Fota --api software-v2 --dry-run
json "a dry run shows where it would go" '.method == "DELETE" and (.url | endswith("/api/fota/v2/callbacks/A"))' "$out"

cat >"$work/policy.lua" <<'LUA'
return {
  name = "apis",
  accounts = { "A" },
  listeners = function() return { Location = { url = "https://hooks.example.com/a", api = "location" } } end,
}
LUA
run thingspace policy eval A --policy "$work/policy.lua" --output json
json "a policy declares them" '.listeners[0].api == "location"' "$out"
run thingspace deregister A Location --api location
run thingspace apply --yes --policy "$work/policy.lua"
exits "an apply adds it" 0
like "with a warning that its key is lost" \
    "*warning: 1 signing key that came with answers is lost (A Location): *--key-file*" "$err"
run thingspace apply --yes --policy "$work/policy.lua"
unlike "no answer, no key" "*signing key*" "$err"
sed 's/"location"/"locaton"/' "$work/policy.lua" >"$work/wrong.lua"
run thingspace policy check --policy "$work/wrong.lua"
like "and a wrong name is told" "*there is no api 'locaton'; did you mean location?*" "$out$err"
end
