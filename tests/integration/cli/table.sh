#!/bin/bash
# SPDX-License-Identifier: MIT
# On a terminal: aligned columns, colour when wanted.
. "$top_srcdir/tests/integration/lib.sh"
need script
SHELL_UNDER_TEST=bash
inside_simulator
thingspace -q register A CarrierService https://hooks.example.com/a --username 'é' >/dev/null
thingspace -q register A DeviceProfileService https://hooks.example.com/long >/dev/null

on_terminal() { TERM=xterm script -qec "$1" /dev/null </dev/null | tr -d '\r'; }
escape=$(printf '\033')

text=$(on_terminal 'thingspace list A')
like "a table has titles" "*ACCOUNT  SERVICE*URL*USERNAME*PASSWORD*" "$text"
like "in colour" "*$escape[[]*ACCOUNT*" "$text"
text=$(on_terminal 'thingspace list A --color never')
unlike "--color never" "*$escape*" "$text"
is "columns stand below each other" "A        CarrierService        https://hooks.example.com/a     é         no
A        DeviceProfileService  https://hooks.example.com/long  -         no" \
    "$(printf '%s\n' "$text" | tail -n 2)"
unlike "NO_COLOR" "*$escape*" "$(on_terminal 'NO_COLOR=1 thingspace list A')"
unlike "a dumb terminal" "*$escape*" "$(on_terminal 'TERM=dumb thingspace list A')"
like "an error in colour" "*$escape*" "$(on_terminal 'thingspace list ../A')"
text=$(on_terminal 'thingspace services --color never')
is "a note has a line of its own, below what it is about" \
    "the deregister page spells it AlertsService" \
    "$(printf '%s\n' "$text" | sed -n '/^AlertService/{n;s/^ *//p;}')"
is "and nothing is wider than a wide terminal" "" "$(printf '%s\n' "$text" | grep '.\{161\}')"
run thingspace --color always list ../A
like "--color always without a terminal" "*$escape*" "$err"
run thingspace list A
unlike "no table without a terminal" "*ACCOUNT*" "$out"
end
