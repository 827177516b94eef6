# SPDX-License-Identifier: MIT
# Helpers of the integration tests: shell scripts that print TAP and run the real command.
# Sourced as `. "$top_srcdir/tests/integration/lib.sh"`; the environment names the places:
# top_srcdir, top_builddir (absolute). Everything made lies in $work, which goes at the end.

# The command as users type it; what surrounds the machine's user does not count.
PATH=$top_builddir/cli:$PATH
export PATH
unset NO_COLOR THINGSPACE_POLICY

work=$(mktemp -d "${TMPDIR:-/tmp}/thingspace-it.XXXXXX") || exit 99
[ -n "$keep_work" ] || trap 'rm -rf "$work"' EXIT
HOME=$work
export HOME

tests=0

plan() { echo "1..$1"; }
ok() {
    tests=$((tests + 1))
    echo "ok $tests - $1"
}
not_ok() {
    tests=$((tests + 1))
    echo "not ok $tests - $1"
    shift
    for detail in "$@"; do
        printf '%s\n' "$detail" | sed 's/^/#   /'
    done
}
skip() {
    tests=$((tests + 1))
    echo "ok $tests - $1 # SKIP $2"
}
# Ends a script whose tools are missing: `need jq`.
need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || {
            echo "1..0 # SKIP $tool is not installed"
            exit 0
        }
    done
}
# Whether `script` can give a command a terminal: a build in a chroot may have none.
has_terminals() { script -qec true /dev/null </dev/null >/dev/null 2>&1; }
end() { plan "$tests"; }

# Runs a command: its outputs are in $out and $err, its exit status in $status.
run() {
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    out=$(cat "$work/out")
    err=$(cat "$work/err")
}

# is WHAT WANTED GOT
is() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1" "wanted: $2" "got:    $3"
    fi
}
# like WHAT PATTERN TEXT (a pattern of `case`)
like() {
    case $3 in
    $2) ok "$1" ;;
    *) not_ok "$1" "wanted: $2" "got:    $3" ;;
    esac
}
unlike() {
    case $3 in
    $2) not_ok "$1" "not wanted: $2" "got: $3" ;;
    *) ok "$1" ;;
    esac
}
# exits WHAT STATUS: of the last `run`
exits() {
    if [ "$status" = "$2" ]; then
        ok "$1: exit $2"
    else
        not_ok "$1: exit $2" "got $status" "$out" "$err"
    fi
}
# json WHAT FILTER TEXT: jq's FILTER is true
json() {
    if printf '%s' "$3" | jq -es "length == 1 and (.[0] | $2)" >/dev/null 2>&1; then
        ok "$1"
    else
        not_ok "$1" "filter: $2" "$3"
    fi
}

# The rest of the script runs inside `thingspace simulate OPTIONS --`.
inside_simulator() {
    [ -n "$INSIDE_SIMULATOR" ] && return
    INSIDE_SIMULATOR=yes
    export INSIDE_SIMULATOR
    rm -rf "$work"
    trap - EXIT
    exec thingspace simulate "$@" -- "${SHELL_UNDER_TEST:-sh}" "$0"
}

# control POST faults 'GET * status=500': what the stand-in is told beside the API.
control() {
    curl -sS --noproxy '*' -X "$1" ${3:+--data-binary "$3"} "$THINGSPACE_URL/simulator/$2"
}
fault() { control POST faults "$1"; }
faultless() { control DELETE faults; }
# wait_until COMMAND...: at most some minutes, however slow the machine is
wait_until() {
    for _ in $(seq 2000); do
        "$@" && return
        sleep 0.02
    done
    return 1
}
# held [TIMES]: whether that many requests have met the first rule
held() { [ "$(control GET state | jq '.faultUses[0] // 0')" -ge "${1:-1}" ]; }
# idle: nothing is under way any more, of those either that were killed
idle() { [ "$(control GET state | jq .atOnce)" = 0 ]; }
