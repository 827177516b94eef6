#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples of docs/examples, run against the simulator.
. "$top_srcdir/tests/integration/lib.sh"
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
end
