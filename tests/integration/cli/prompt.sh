#!/bin/bash
# SPDX-License-Identifier: MIT
# What no variable gives is asked for at the terminal; secret parts without an echo.
. "$top_srcdir/tests/integration/lib.sh"
need tmux curl jq
SHELL_UNDER_TEST=bash
inside_simulator

socket=$work/tmux
session() { tmux -f /dev/null -S "$socket" "$@"; }
screen() { session capture-pane -p -t t | sed '/^$/d'; }
shows() { # PATTERN: waits until the screen matches
    for _ in $(seq 100); do
        case $(screen) in $1) return 0 ;; esac
        sleep 0.05
    done
    return 1
}
type_line() { session send-keys -t t "$1" Enter; }
check() { # WHAT PATTERN
    if shows "$2"; then ok "$1"; else not_ok "$1" "wanted: $2" "$(screen)"; fi
}
end_terminal() { session kill-server 2>/dev/null; }
trap 'end_terminal; rm -rf "$work"' EXIT

session new-session -d -s t -x 120 -y 40 'env PS1="$ " sh' || {
    echo "1..0 # SKIP no terminal can be made"
    exit 0
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

type_line 'clear; rm -rf "$THINGSPACE_STATE_DIR"; export THINGSPACE_KEY=demo-key; thingspace list A; echo "exit $?"'
# Patterns without a leading * wait for the screen to be cleared.
check "asked again" "ThingSpace application secret:*"
session send-keys -t t C-c
check "Ctrl-C at the question ends it" "*cancelled*exit 130*"
type_line 'clear; stty -a | tr " " "\n" | grep -x -e echo -e -echo'
check "the echo is back" "echo*"
unlike "it is not off" "*-echo" "$(screen | tail -n 2)"

type_line 'clear; thingspace list A; echo "exit $?"'
check "asked once more" "ThingSpace application secret:*"
type_line ''
check "no answer" "*thingspace: auth: *exit 4*"

setsid thingspace list A </dev/null >"$work/out" 2>"$work/err"
env -u THINGSPACE_SECRET setsid -w thingspace --state-dir "$work/fresh" list A </dev/null \
    >"$work/out" 2>"$work/err"
is "without a terminal nothing is asked" 4 $?
like "and what is missing is named" "*THINGSPACE_SECRET*" "$(cat "$work/err")"
end
