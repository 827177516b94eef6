#!/bin/sh
# SPDX-License-Identifier: MIT
# Unit tests, and one round of the command against the simulator, under valgrind. Prints a line
# for each and what failed; ends with 1 when something did. `make check-valgrind` runs it in the
# build folder with the names of all unit tests.
set -u

here=$(cd "$(dirname "$0")" && pwd)
THINGSPACE_CHECK_ONCE=1
export THINGSPACE_CHECK_ONCE

# Tests that look at the descriptors and children of the process see valgrind's own; tests of
# servers, of waiting and of deadlines are run by the sanitizers, and take minutes here.
is_left_out() {
    case $1 in
    */test_secret_command | */test_deadline | */test_policy_memory | */test_lockout | */test_transport* | \
        */test_recovery | */test_hostile | */test_hook_failures | */test_plugin_attacks | */test_plugin_churn | \
        */test_plugin_secrets | */test_plugin_test | */test_policy_tenants | */test_many_tenants | \
        */simulator/*) true ;;
    *) false ;;
    esac
}

# run FOLLOW COMMAND...: libtool puts the program in the place of its wrapper, in every word.
run() {
    follow=$1
    shift
    # shellcheck disable=SC2086
    ${LIBTOOL:-libtool} --mode=execute ${VALGRIND:-valgrind} --quiet --error-exitcode=99 \
        --leak-check=full --errors-for-leak-kinds=definite,possible --trace-children="$follow" \
        --suppressions="$here/valgrind.supp" "$@"
}

one() {
    log=$(mktemp)
    if [ "$1" = command ]; then
        run yes ./cli/thingspace -q simulate -- ./cli/thingspace list TestAccount-2
    else
        run no "./$1"
    fi >"$log" 2>&1
    status=$?
    if [ "$status" = 0 ]; then
        echo "ok - $1"
    else
        { echo "not ok - $1 (status $status)"; tail -n 60 "$log"; } | sed '2,$s/^/#   /'
    fi
    rm -f "$log"
    return "$status"
}

if [ "${1:-}" = --one ]; then
    one "$2"
    exit
fi
# is_asked_for TEST: all are, unless ROOMS names folders of tests/unit.
is_asked_for() {
    [ -n "${ROOMS:-}" ] && [ "$1" != command ] || return 0
    for room in $ROOMS; do
        case $1 in tests/unit/"$room"/*) return 0 ;; esac
    done
    return 1
}

for test in command "$@"; do
    is_left_out "$test" || { is_asked_for "$test" && echo "$test"; }
done | xargs -n 1 -P "$(nproc)" "$0" --one || exit 1
