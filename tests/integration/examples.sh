#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples of docs/examples, run against the simulator.
. "$top_srcdir/tests/integration/lib.sh"
need jq
inside_simulator

examples=$top_builddir/docs/examples
url=https://hooks.example.com/cb

run "$examples/register" TestAccount-2 CarrierService "$url"
is "register registers" "TestAccount-2 CarrierService: registered" "$out"
run "$examples/register" TestAccount-2 CarrierService "$url"
is "and sees that it is done" "TestAccount-2 CarrierService: was registered already" "$out"
run "$examples/register" TestAccount-2 CarrierService https://other.example.com/cb
exits "another URL is refused" 8
run "$examples/register"
exits "register without words" 2

run "$examples/epoll" TestAccount-1 TestAccount-2 0000123456-00001
exits "epoll" 0
like "it lists what is there" "*TestAccount-2 CarrierService $url*" "$out"
is "and ends every call" 3 "$(printf '%s\n' "$out" | grep -c ': [01] listeners$')"
run "$examples/epoll"
exits "epoll without words" 2

# A store of secrets that has what the environment's credential lacks.
mkdir -m 700 "$work/store"
for name in key:demo-key secret:demo-secret username:demo-user password:demo-password listener:any; do
    (umask 077 && echo "${name#*:}" >"$work/store/${name%%:*}")
done
secrets() {
    env -u THINGSPACE_KEY -u THINGSPACE_SECRET -u THINGSPACE_USERNAME -u THINGSPACE_PASSWORD \
        THINGSPACE_STATE_DIR="$work/asked" "$examples/secrets" "$work/store" TestAccount-1 "$url"
}
run secrets
exits "secrets of a store" 0
is "register a listener" "TestAccount-1 CarrierService: add done" "$out"
json "with its password" '.[0].hasPassword' "$(thingspace list --output json TestAccount-1)"
rm "$work/store/listener"
run secrets
exits "one that is not there" 9
like "which is told" '*store/listener*' "$err"

# A copy: the folder of the build may be writable by a group, and then nothing is loaded from it.
chmod 700 "$work"
cp "$examples/.libs/plugin.so" "$work/team.so"
chmod 600 "$work/team.so"
team="$work/team.so,{\"team\":\"blue\"}"
run thingspace --plugin "$team" --dry-run register TestAccount-2 DeviceService "$url"
exits "plugin" 0
like "the plugin adds a field" '*"X-Team": "blue"*' "$out"
run thingspace --plugin "$team" register TestAccount-2 DeviceService http://hooks.example.com/cb
exits "and denies" 3
like "with its reason" '*listeners have https URLs here*' "$err"
run thingspace --plugin "$work/team.so" list TestAccount-2
exits "without its option" 3
like "which is told" '*team*' "$err"
end
