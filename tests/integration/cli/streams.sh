#!/bin/sh
# SPDX-License-Identifier: MIT
# Standard output that is closed, full or gone; other streams closed.
. "$top_srcdir/tests/integration/lib.sh"
inside_simulator
thingspace -q register A CarrierService https://hooks.example.com/a >/dev/null

# without_output WHAT COMMAND...: the same through closed, full and broken output
without_output() {
    what=$1
    shift
    "$@" >&- 2>"$work/err"
    is "$what: closed" 9 $?
    like "$what: closed is told" "thingspace: local: standard output*" "$(cat "$work/err")"
    "$@" >/dev/full 2>"$work/err"
    is "$what: full" 9 $?
    like "$what: full is told" "thingspace: local: standard output*" "$(cat "$work/err")"
    { sleep 0.2; "$@" 2>"$work/err"; echo $? >"$work/status"; } | true
    is "$what: nobody reads" 9 "$(cat "$work/status")"
}
without_output "list" thingspace list A
without_output "services" thingspace services
without_output "help" thingspace --help
without_output "version" thingspace --version
without_output "call" thingspace call A GET /plans/A
without_output "register" thingspace register A CarrierService https://hooks.example.com/a

thingspace list B >&-
is "nothing to print is no failure" 0 $?
thingspace list A </dev/null 2>&- >"$work/out"
is "closed standard error" 0 $?
like "the result is whole" "A*CarrierService*" "$(cat "$work/out")"
thingspace list A <&- >"$work/out" 2>/dev/null
is "closed standard input" 0 $?
thingspace call A POST /x --data @- <&- 2>"$work/err" >/dev/null
is "data from a closed input" 9 $?
end
