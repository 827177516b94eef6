#!/bin/bash
# SPDX-License-Identifier: MIT
# What no variable gives is asked for at the terminal; secret parts without an echo.
. "$top_srcdir/tests/integration/lib.sh"
need tmux curl jq
SHELL_UNDER_TEST=bash
inside_simulator

# shellcheck source=tests/integration/terminal.sh
. "$top_srcdir/tests/integration/terminal.sh"

# on_clear_screen NAME COMMAND: what is checked next comes after it.
on_clear_screen() {
    marker=$1
    type_line "clear; echo $1; $2"
}

type_line 'unset THINGSPACE_KEY THINGSPACE_SECRET THINGSPACE_PASSWORD; clear'
type_line 'thingspace list A; echo "exit $?"'
check "the key is asked for" "*ThingSpace application key:*"
type_line demo-key
check "then the secret" "*ThingSpace application secret:*"
type_line demo-secret
check "then the password" "*UWS password:*"
type_line demo-password
check "the answers serve" "*no listeners*exit 0*"
unlike "the secret was not shown" "*demo-secret*" "$(screen)"
unlike "the password was not shown" "*demo-password*" "$(screen)"
like "the key was" "*key: demo-key*" "$(screen)"

on_clear_screen second 'rm -rf "$THINGSPACE_STATE_DIR"; export THINGSPACE_KEY=demo-key; thingspace list A; echo "exit $?"'
check "asked again" "*ThingSpace application secret:*"
session send-keys -t t C-c
check "Ctrl-C at the question ends it" "*cancelled*exit 130*"
on_clear_screen third 'case $(stty -a) in *" -echo "*) echo "the echo is" off;; *) echo "the echo is" on;; esac'
check "the echo is back" "*the echo is on*"

on_clear_screen fourth 'thingspace list A; echo "exit $?"'
check "asked once more" "*ThingSpace application secret:*"
type_line ''
check "no answer" "*thingspace: auth: *exit 4*"

setsid thingspace list A </dev/null >"$work/out" 2>"$work/err"
env -u THINGSPACE_SECRET setsid -w thingspace --state-dir "$work/fresh" list A </dev/null \
    >"$work/out" 2>"$work/err"
is "without a terminal nothing is asked" 4 $?
like "and what is missing is named" "*THINGSPACE_SECRET*" "$(cat "$work/err")"
end
