#!/bin/bash
# SPDX-License-Identifier: MIT
# Ctrl-C in a bulk run: what is under way ends, nothing more is begun, every change has its line,
# exit 130, the audit file is whole, and the next run completes.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq env
SHELL_UNDER_TEST=bash
inside_simulator --second-post refuse
# shellcheck source=tests/integration/scale/fleet.sh
. "$top_srcdir/tests/integration/scale/fleet.sh"
# shellcheck source=tests/integration/plugins/compiled.sh
. "$top_srcdir/tests/integration/plugins/compiled.sh"

count=120
fleet_policy "$count"
audit="$(module audit),{\"file\":\"$work/audit.jsonl\"}"
declared=$(fleet_declared "$count" 1 | by_name)
all=$(printf '%s' "$declared" | jq length)

# Background children of a shell ignore SIGINT; env resets that.
begin() {
    env --default-signal=INT thingspace --plugin "$audit" "$@" >"$work/out" 2>"$work/err" &
    pid=$!
}
# lines: how many are told so far
lines() { wc -l <"$work/out" | tr -d ' '; }
has_lines() { [ "$(lines)" -ge "$1" ] || ! kill -0 "$pid" 2>/dev/null; }
# ended WHAT SIGNAL: by that signal
ended() {
    kill -s "$2" "$pid"
    wait "$pid"
    status=$? out=$(cat "$work/out") err=$(cat "$work/err")
    exits "$1" 130
    like "$1: it is told" '*"kind":"cancelled"*' "$(tail -n 1 "$work/err")"
    is "$1: every change has its line" "$all" "$(lines)"
    is "$1: each once" "$all" "$(jq -r '"\(.accountName) \(.serviceName)"' "$work/out" | sort -u | wc -l | tr -d ' ')"
    is "$1: done, or not begun" "cancelled done" \
        "$(jq -r 'if .result == "done" then "done" else .error.kind end' "$work/out" | sort -u | tr '\n' ' ' | sed 's/ $//')"
}
# told: the listeners that were told as done
told() { jq -cs '[.[] | select(.result == "done") | [.accountName, .serviceName]] | sort' "$work/out"; }
# of VERSION: those that are registered so
of() { registered ".url | startswith(\"https://hooks.example.com/$1/\")" | jq -c '[.[] | [.accountName, .serviceName]] | sort'; }

for signal in INT TERM; do
    control POST reset
    fault '* /callbacks/* delay=400'
    begin apply --yes --output json
    wait_until has_lines 20
    ended "SIG$signal while adding" "$signal"
    is "SIG$signal while adding: told is what is there" "$(of 1)" "$(told)"
    run thingspace audit verify "$work/audit.jsonl" --output json
    exits "SIG$signal while adding: the audit file fits" 0
    json "SIG$signal while adding: each change that was begun has its result" '.unfinished == []' "$out"
done
faultless
run thingspace --plugin "$audit" apply --yes --output json
exits "the next run" 0
same "it completes" "$declared" "$(registered)"

# Removals and registrations: no account loses what it had.
for n in $(seq "$rounds"); do
    version=$((n + 1))
    fault '* /callbacks/* delay=200'
    begin --set "version=$version" apply --yes --force --output json
    wait_until has_lines 20
    ended "SIGINT while changing" INT
    is "SIGINT while changing: told is what is there" "$(of "$version")" "$(told)"
    is "SIGINT while changing: no listener is missing" "$all" "$(registered | jq length)"
    is "SIGINT while changing: no record is left" "" "$(find "$THINGSPACE_STATE_DIR" -name 'intent-*.json')"
    run thingspace audit verify "$work/audit.jsonl"
    exits "SIGINT while changing: the audit file fits" 0
    faultless
    run thingspace --plugin "$audit" --set "version=$version" apply --yes --force --output json
    exits "the run after it" 0
    same "it completes that, too" "$(fleet_declared "$count" "$version" | by_name)" "$(registered)"
done

# Before anything was begun: in the plan.
fault 'GET /callbacks/* delay=20000'
begin --set version=99 apply --yes --force --output json
wait_until held
kill -INT "$pid"
wait "$pid"
status=$? out=$(cat "$work/out") err=$(cat "$work/err")
exits "while reading" 130
is "while reading: nothing was changed" "[]" "$(of 99)"
end
