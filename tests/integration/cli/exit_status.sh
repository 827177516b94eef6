#!/bin/sh
# SPDX-License-Identifier: MIT
# Every exit status that can be provoked, with the kind that stands before the message.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

# fails WHAT STATUS KIND COMMAND...
fails() {
    what=$1 wanted=$2 kind=$3
    shift 3
    run "$@"
    exits "$what" "$wanted"
    like "$what: $kind" "thingspace: $kind: *" "$(tail -n 1 "$work/err")"
    is "$what: no result" "" "$out"
}
with() { env "$@"; }

fails "a service that is not registered" 1 service thingspace deregister A CarrierService
fault 'GET /callbacks/* status=503'
fails "a service that stays away" 1 service thingspace --timeout 20 list A
faultless
fails "an account with a slash" 2 usage thingspace list ../A
fails "a URL that is none" 2 usage thingspace register A CarrierService 'not a url'
fails "a service with a slash" 2 usage thingspace deregister A a/b
fails "--strict and an unknown service" 2 usage \
    thingspace register --strict A CarierService https://hooks.example.com/
fails "a policy that is no Lua" 3 policy with THINGSPACE_POLICY="$0" thingspace list A
printf 'return { name = "p", accounts = { "B" } }\n' >"$work/policy.lua"
fails "an account that nobody declared" 3 policy thingspace --policy "$work/policy.lua" list A
fails "a policy that is not there" 9 local thingspace --policy "$work/none.lua" list A
fails "a refused password" 4 auth with THINGSPACE_PASSWORD=wrong \
    thingspace --state-dir "$work/fresh" list A
fails "the same refused password again" 4 latched with THINGSPACE_PASSWORD=wrong \
    thingspace --state-dir "$work/fresh" list A
run thingspace --state-dir "$work/fresh" auth unlatch
like "unlatch tells what the service may still count" "*warning:*1 failed login *" "$err"
fails "a password file that others can write" 9 local sh -c '
    echo x >"$1"; chmod 666 "$1"; thingspace register A CarrierService https://h.example.com/ \
    --username u --password-file "$1"' - "$work/open"
fails "nobody listens" 5 network with THINGSPACE_URL=http://127.0.0.1:9 thingspace list A
fault 'GET /callbacks/* delay=3000'
fails "no answer in time" 5 timeout thingspace --timeout 0.5 list A
faultless
fault 'GET /callbacks/* garbage'
fails "an answer that cannot be read" 5 protocol thingspace list A
faultless
fault 'GET /callbacks/* redirect=http://127.0.0.1:9/'
fails "a redirect" 5 protocol thingspace list A
faultless
fails "no TLS at the other end" 5 tls with THINGSPACE_URL="https${THINGSPACE_URL#http}" \
    thingspace list A
thingspace -q register A CarrierService https://hooks.example.com/a >/dev/null
fails "a takeover" 8 refused thingspace register A CarrierService https://hooks.example.com/b
echo >"$work/file"
fails "a state directory that is a file" 9 local thingspace --state-dir "$work/file" list A
fails "a key file that is there" 9 local thingspace register A CarrierService \
    https://hooks.example.com/a --key-file "$work/file"
fails "data that is not there" 9 local thingspace call A POST /x --data "@$work/none"

fault 'GET /callbacks/B status=400 body={}'
run thingspace list A B
exits "one of two accounts fails" 7
like "partial: the others are told" "A*CarrierService*" "$out"
like "partial: how many failed" "*thingspace: partial: 1 of 2 accounts failed*" "$err"
run thingspace list B B
exits "all accounts fail" 1
faultless
end
