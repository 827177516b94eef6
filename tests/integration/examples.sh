#!/bin/sh
# The examples of docs/examples, run against the simulator.
. "$top_srcdir/tests/integration/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
examples=$top_builddir/docs/examples

# shellcheck disable=SC2016
"$THINGSPACE" simulate -- sh -c '
    "$0/register" TestAccount-2 CarrierService https://hooks.example.com/cb >"$1/first" || exit
    "$0/register" TestAccount-2 CarrierService https://hooks.example.com/cb >"$1/again" || exit
    "$0/register" TestAccount-2 CarrierService https://other.example.com/cb 2>"$1/refused"
    echo $? >"$1/status"
    "$0/epoll" TestAccount-1 TestAccount-2 0000123456-00001 >"$1/epoll" 2>"$1/ticks"
' "$examples" "$work"
finished=$?

plan 6
ok "the examples succeed" test "$finished" -eq 0
ok "register registers" grep -qx "TestAccount-2 CarrierService: registered" "$work/first"
ok "and sees that it is done" grep -q "was registered already" "$work/again"
ok "another URL is refused with status 8" grep -qx 8 "$work/status"
ok "epoll lists what is there" grep -qx \
    "TestAccount-2 CarrierService https://hooks.example.com/cb" "$work/epoll"
ok "epoll ends every call" test "$(grep -c ': [01] listeners$' "$work/epoll")" -eq 3
