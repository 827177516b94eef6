#!/bin/sh
# SPDX-License-Identifier: MIT
# The tour of the README: what a newcomer types, and what they see.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

url=https://hooks.example.com/cb

run thingspace register TestAccount-2 CarrierService "$url"
is "register tells what it did" "registered  TestAccount-2  CarrierService  $url" "$out"
exits "register" 0
is "and says nothing else" "" "$err"

run thingspace register TestAccount-2 CarrierService "$url"
is "the same again changes nothing" "unchanged  TestAccount-2  CarrierService  $url" "$out"
exits "the same again" 0

run thingspace register TestAccount-2 CarrierService https://staging.example.com/cb
is "another URL is refused and shown" \
    "thingspace: refused: TestAccount-2 CarrierService goes to $url; --replace takes it over" "$err"
exits "another URL" 8
is "nothing on standard output" "" "$out"

run thingspace register --replace TestAccount-2 CarrierService https://staging.example.com/cb
is "--replace takes it over" \
    "replaced  TestAccount-2  CarrierService  https://staging.example.com/cb" "$out"

printf 'hunter2hunter2\n' >"$work/password"
chmod 600 "$work/password"
run thingspace register TestAccount-2 CarrierService https://staging.example.com/cb \
    --username acme --password-file "$work/password"
is "another username is an update" \
    "updated  TestAccount-2  CarrierService  https://staging.example.com/cb" "$out"

run thingspace list TestAccount-2
tab=$(printf '\t')
is "list tells all but the password" \
    "TestAccount-2${tab}CarrierService${tab}https://staging.example.com/cb${tab}acme${tab}yes" "$out"
unlike "the password is nowhere" "*hunter2*" "$out$err"

run thingspace deregister TestAccount-2 CarrierService
is "deregister tells what it did" "removed  TestAccount-2  CarrierService" "$out"
exits "deregister" 0

run thingspace list TestAccount-2
is "an empty list is told to people" "thingspace: no listeners" "$err"
exits "an empty list" 0

run thingspace register TestAccount-2 EnhancedConnectivityService "$url"
like "after EnhancedConnectivityService comes startCallbacks" "*startCallbacks*" "$err"
run thingspace -q register TestAccount-2 EnhancedConnectivityService "$url" --username x
is "--quiet keeps it back" "" "$err"
run thingspace call TestAccount-2 PUT '/sms/{account}/startCallbacks'
exits "the call that it names" 0
json "the answer's body comes as it is" '.requestId != null' "$out"

run thingspace register TestAccount-2 CarierService "$url"
like "an unknown service is warned of, with what was meant" "*warning:*CarrierService*" "$err"
exits "and sent" 0
is "a warning is told once" 1 "$(grep -c 'not in the catalogue' "$work/err")"

run thingspace register TestAccount-2 DeviceUsage http://10.0.0.1:81/cb
like "a port that cannot be reached is warned of" "*warning: port*" "$err"
like "a private host is warned of" "*warning: private-host*" "$err"
like "plain http is warned of" "*warning: plain-http*" "$err"

run thingspace register TestAccount-2 StateService "$url" --username ''
state=$(control GET state)
json "--username '' sends the empty element" \
    '.requests | map(select(.method == "POST" and (.path | endswith("/TestAccount-2")))) | last |
     .body | fromjson | has("username") and .username == ""' "$state"
json "no password was asked for, none is sent" \
    '.requests | map(select(.method == "POST" and (.path | endswith("/TestAccount-2")))) | last |
     .body | fromjson | has("password") | not' "$state"
end
