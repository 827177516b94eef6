#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures what is promised of speed and size and prints it as a table; the same goes as JSON to
# tests/bench/bench.json below the build folder. `make bench` runs it there.
#
#   BENCH_ROUNDS=7    rounds of each measurement
#   BENCH_STRICT=1    a goal that is missed ends with status 1
#   BENCH_ACCOUNTS=100000   of the fleet that is planned
#   BENCH_INSTALL=1   installs pycurl with apt-get when it is not there; without it, it is left out
#
# The measurements with the command run inside `thingspace simulate`, in a second
# copy of this script (the word `inside`).
set -eu

top_srcdir=${top_srcdir:?}
rounds=${BENCH_ROUNDS:-7}
account=TestAccount-2
build=$PWD
bench=$build/tests/bench
engine=$bench/.libs/engine
[ -x "$engine" ] || engine=$bench/engine
# The command itself, not libtool's wrapper around it, whose shell would be measured too.
libraries=$build/core/.libs:$build/simulator/.libs
program=$build/cli/.libs/thingspace
[ -x "$program" ] || program=$build/cli/thingspace

thingspace() { LD_LIBRARY_PATH=$libraries "$program" "$@"; }

# --- results: one line each: name, figure, unit, baseline, ratio, goal, holds ---

# result NAME FIGURE UNIT BASELINE GOAL: what counts is FIGURE, or its ratio to BASELINE
# unless that is `-`. The goal is "at most"; `-`: there is none.
result() {
    printf '%s\n' "$*" | awk '{
        ratio = $4 == "-" ? "-" : sprintf("%.3f", $2 / $4)
        value = $4 == "-" ? $2 : ratio
        verdict = $5 == "-" ? "-" : value + 0 <= $5 + 0 ? "holds" : "MISSED"
        print $1, $2, $3, $4, ratio, $5, verdict
    }' >>"$work/results"
}

print_text() {
    awk 'BEGIN { form = "%-34s %12s %-5s %12s %8s %8s  %s\n"
                 printf form, "what", "figure", "unit", "baseline", "ratio", "at most", "" }
         { printf form, $1, $2, $3, $4, $5, $6, $7 }' "$work/results"
}

print_json() {
    awk 'function number(text) { return (text == "-") ? "null" : text }
         BEGIN { print "[" }
         { printf "%s  {\"name\":\"%s\",\"figure\":%s,\"unit\":\"%s\",\"baseline\":%s,\"ratio\":%s,\"goal\":%s,\"holds\":%s}",
               (NR > 1 ? ",\n" : ""), $1, number($2), $3, number($4), number($5), number($6),
               ($7 == "-" ? "null" : $7 == "holds" ? "true" : "false") }
         END { print "\n]" }' "$work/results"
}

# --- one blocking call ---

measure_register() {
    # shellcheck disable=SC2046
    set -- $("$bench/register" "$rounds" 3000 "$work/register-state")
    result register-cpu "$1" us "$2" 1.05
}

# --- scripts ---

# The goals of what tests/bench/hook measures: ns of a call, KB of a state.
hook_goal() {
    case $1 in
    entry-empty) echo 48 ;;
    hook-empty) echo 60 ;;
    hook-two-reads-one-set) echo 250 ;;
    phase-without-hooks) echo 5 ;;
    state-memory) echo 25 ;;
    *) echo - ;;
    esac
}

measure_hooks() {
    "$bench/hook" $((rounds * 15)) 50000 >"$work/hooks"
    while read -r name figure unit; do
        result "$name" "$figure" "$unit" - "$(hook_goal "$name")"
    done <"$work/hooks"
}

# --- attacks ---

# How far, in ms of CPU time, the worst of the endless ones ran over its deadline of 20 ms.
measure_attacks() {
    for test in test_deadline test_plugin_attacks; do
        CHECK_VERBOSE=1 "$build/tests/unit/lua/$test"
    done >"$work/attacks"
    result attack-overrun "$(awk '/^# / && match($0, /[0-9.]+ ms:/) {
        ms = substr($0, RSTART, RLENGTH) + 0
        if (ms > worst) worst = ms
    } END { printf "%.2f", worst - 20 }' "$work/attacks")" ms - 5
}

# --- many calls at once ---

# The goals of what tests/bench/pipeline measures.
pipeline_goal() {
    case $1 in
    pipeline-hooks*) echo 1.10 ;;
    pipeline-plain) echo 1.03 ;;
    library-against-pycurl) echo 0.833 ;;
    library-against-curl) echo 0.5 ;;
    *-after-10000-calls) echo 1.05 ;;
    *) echo - ;;
    esac
}

# A python that has pycurl.
find_pycurl() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import pycurl' 2>/dev/null; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

install_pycurl() {
    [ "${BENCH_INSTALL:-0}" = 1 ] || return 0
    find_pycurl >/dev/null || apt-get install -qq -y python3-pycurl >/dev/null
}

measure_pipeline() {
    install_pycurl
    # shellcheck disable=SC2016
    set -- curl='curl -q -K "$RIVAL_OPTIONS" >/dev/null'
    if python=$(find_pycurl); then
        set -- "$@" pycurl="'$python' '$top_srcdir/tests/bench/pycurl_multi.py'"
    else
        echo "bench: without pycurl: it is not installed; BENCH_INSTALL=1 does that" >&2
    fi
    "$bench/pipeline" "$rounds" 10000 "$work/pipeline" "$build/plugins/.libs/audit.so" "$@" \
        >"$work/pipelines"
    while read -r name figure unit baseline; do
        result "$name" "$figure" "$unit" "$baseline" "$(pipeline_goal "$name")"
    done <"$work/pipelines"
}

# --- Python ---

python_goal() {
    case $1 in
    python-import) echo 30 ;;
    python-many-against-engine) echo 1.5 ;;
    python-many-against-pycurl-*) echo 0.5 ;;
    python-hook) echo 1 ;;
    python-blocking-against-engine) echo 1.15 ;;
    *) echo - ;;
    esac
}

measure_python() {
    if [ -z "${python:-}" ]; then
        echo "bench: without Python: its binding is not built" >&2
        return 0
    fi
    install_pycurl
    LD_LIBRARY_PATH=$libraries PYTHONPATH=$build/bindings/python/stage \
        "$python" -B "$top_srcdir/tests/bench/python_bench.py" "$engine" "$rounds" 10000 "$work" \
        >"$work/pythons"
    while read -r name figure unit baseline; do
        result "$name" "$figure" "$unit" "$baseline" "$(python_goal "$name")"
    done <"$work/pythons"
}

# --- a plan of a whole fleet ---

# What is resident beside what it may be; what the changes of all accounts take has no goal.
fleet_goal() {
    case $1 in
    fleet-unchanged*-resident) echo 1 ;;
    *) echo - ;;
    esac
}

measure_fleet() {
    accounts=${BENCH_ACCOUNTS:-100000}
    for state in unchanged added; do
        "$bench/fleet" "$accounts" "$work/fleet" "$state"
        "$bench/fleet" "$accounts" "$work/fleet" "$state" LD_LIBRARY_PATH="$libraries" \
            "$program" -q plan
    done >"$work/fleets"
    while read -r name figure unit baseline; do
        result "$name" "$figure" "$unit" "$baseline" "$(fleet_goal "$name")"
    done <"$work/fleets"
}

# 20 ms before each answer and a window of 64: the wall time beside the ideal.
measure_latency() {
    # shellcheck disable=SC2046
    set -- $("$bench/scale" latency "$rounds" 3200 "$work/scale-state")
    result "$1" "$2" "$3" "$4" 1.10
}

# A server whose certificate is one more of the system's authorities.
start_tls_server() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key" -out "$work/certificate" 2>/dev/null
    cat "$1" "$work/certificate" >"$work/authorities"
    : >"$work/server" # it is read before the server has begun
    openssl s_server -accept 127.0.0.1:0 -key "$work/key" -cert "$work/certificate" -www \
        </dev/null >"$work/server" 2>/dev/null &
    tls_server=$!
    for _ in $(seq 100); do
        tls_port=$(sed -n 's/^ACCEPT 127\.0\.0\.1://p' "$work/server")
        [ -z "$tls_port" ] || return 0
        sleep 0.05
    done
    echo "bench: openssl s_server does not start" >&2
    exit 1
}

# The CPU time of 64 new TLS connections, beside libcurl's own way.
measure_ramp() {
    bundle=$(curl-config --ca 2>/dev/null || true)
    [ -r "$bundle" ] || bundle=/etc/ssl/certs/ca-certificates.crt
    [ -r "$bundle" ] || return 0
    start_tls_server "$bundle"
    # shellcheck disable=SC2046
    set -- $("$bench/scale" ramp "$rounds" "https://127.0.0.1:$tls_port/" "$work/authorities")
    kill "$tls_server"
    result "$1" "$2" "$3" "$4" 0.05
}

# --- inside the simulator ---

state() { curl -qsS "$THINGSPACE_URL/simulator/state"; }
count() { state | jq ".$1"; }

# The options of curl that send what the command has sent last.
write_curl_options() {
    state | jq -r '.lastRequest.headers[] | select(.[0] | test("^(host|connection)$"; "i") | not)
        | "header = " + (.[0] + ": " + .[1] | tojson)' >"$work/curl.options"
    printf 'url = "%s/api/m2m/v1/callbacks/%s"\n' "$THINGSPACE_URL" "$account" >>"$work/curl.options"
}

measure_list() {
    thingspace list "$account" >/dev/null 2>&1
    write_curl_options
    # shellcheck disable=SC2046
    set -- $("$bench/process" $((rounds * 20)) \
        LD_LIBRARY_PATH="$libraries" "$program" -q list "$account" -- \
        curl -qs -K "$work/curl.options")
    result list-wall "$1" us "$2" 1.5
    result list-resident "$(awk "BEGIN { printf \"%.2f\", $5 / 1024 }")" MB - 12
}

list_once() { thingspace list "$account" >/dev/null 2>&1 || echo "$account" >>"$work/failed"; }

in_a_row() {
    for _ in $(seq 100); do
        list_once
    done
}

at_once() {
    for _ in $(seq 20); do
        list_once &
    done
    wait
}

# measure_logins NAME FUNCTION: what the function costs in tokens, with a fresh state directory.
measure_logins() {
    THINGSPACE_STATE_DIR=$work/state-$1
    export THINGSPACE_STATE_DIR
    tokens=$(count tokenRequests)
    logins=$(count loginRequests)
    "$2"
    [ ! -e "$work/failed" ] || { echo "bench: $1: a list failed" >&2; exit 1; }
    result "token-requests-$1" $(($(count tokenRequests) - tokens)) count - 1
    result "logins-$1" $(($(count loginRequests) - logins)) count - 1
}

inside() {
    work=$1
    measure_list
    measure_logins 100-in-a-row in_a_row
    measure_logins 20-at-once at_once
}

# --- how long the command takes to start, most of it the loading of libcurl and what that needs ---

measure_start() {
    # shellcheck disable=SC2046
    set -- $("$bench/process" $((rounds * 20)) \
        LD_LIBRARY_PATH="$libraries" "$program" --version -- curl --version)
    result start-wall "$(awk "BEGIN { printf \"%.2f\", $1 / 1e3 }")" ms "$(awk "BEGIN { printf \"%.2f\", $2 / 1e3 }")" -
    result start-cpu "$(awk "BEGIN { printf \"%.2f\", $3 / 1e3 }")" ms - 10
}

# --- the demo, when it and the build that it uses are there ---

measure_demo() {
    demo=$top_srcdir/scripts/demo.sh
    [ -x "$demo" ] && [ -x "$top_srcdir/build/cli/thingspace" ] || return 0
    # shellcheck disable=SC2046
    set -- $("$bench/process" 3 "$demo" -- true)
    result demo-wall "$(awk "BEGIN { printf \"%.2f\", $1 / 1e6 }")" s - 5
}

outside() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    measure_start
    measure_register
    measure_hooks
    measure_attacks
    measure_pipeline
    measure_python
    measure_fleet
    measure_latency
    measure_ramp
    thingspace -q simulate -- "$0" inside "$work"
    measure_demo
    print_text
    print_json >"$bench/bench.json"
    if [ "${BENCH_STRICT:-0}" = 1 ] && grep -q MISSED "$work/results"; then
        exit 1
    fi
}

if [ "${1:-}" = inside ]; then
    inside "$2"
else
    outside
fi
