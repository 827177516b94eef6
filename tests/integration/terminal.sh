# SPDX-License-Identifier: MIT
# Sourced after lib.sh by tests that look at a terminal of 120 columns and 40 lines. `marker` is what
# the screen begins with: a test that sets it for each command never takes an older screen for it.
# shellcheck shell=bash

socket=$work/tmux
marker=
session() { tmux -f /dev/null -S "$socket" "$@"; }
screen() { session capture-pane -p -t t | sed '/^$/d'; }
shows() { # PATTERN: waits until the screen matches
    for _ in $(seq 2000); do
        case $(screen) in "$marker"*$1) return 0 ;; esac
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
