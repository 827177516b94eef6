#!/bin/sh
# SPDX-License-Identifier: MIT
# What other processes of the machine can see of a running command.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator
[ "$(id -u)" = 0 ] || {
    echo "1..0 # SKIP only root may look into a process that forbids it"
    exit 0
}

fault 'GET /callbacks/A delay=20000'
printf 'hunter2hunter2' >"$work/password"
chmod 600 "$work/password"
thingspace register A CarrierService https://hooks.example.com/a --username u \
    --password-file "$work/password" >"$work/out" 2>&1 &
pid=$!
# It is in the middle of its call when the stand-in has seen the request.
for _ in $(seq 2000); do
    control GET state | jq -e '.paths | keys | any(endswith("/callbacks/A"))' >/dev/null && break
    sleep 0.05
done
environment=$(tr '\0' '\n' <"/proc/$pid/environ")
is "the environment is gone" "" "$environment"
words=$(tr '\0' ' ' <"/proc/$pid/cmdline")
like "it is the command that was looked at" "*thingspace*register*" "$words"
unlike "no password among the words" "*hunter2*" "$words"
like "no core file" "*Max core file size *0 *" "$(grep core "/proc/$pid/limits")"
is "others cannot look into it" "0:0" "$(stat -c %u:%g "/proc/$pid/environ")"
for secret in demo-secret demo-password demo-key; do
    unlike "no $secret in the environment" "*$secret*" "$environment"
done
kill "$pid" 2>/dev/null
wait "$pid"
unlike "no secret in what it said" "*demo-secret*" "$(cat "$work/out")"
faultless

run thingspace -vv register A CarrierService https://hooks.example.com/a --username u \
    --password-file "$work/password"
for secret in hunter2 demo-secret demo-password Bearer Basic; do
    unlike "the trace has no $secret" "*$secret*" "$out$err"
done
export http_proxy=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9
run thingspace list A
exits "proxies of the environment are not used" 0
SSLKEYLOGFILE=$work/keys run thingspace list A
is "no TLS keys are written" no "$([ -e "$work/keys" ] && echo yes || echo no)"
end
