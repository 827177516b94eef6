#!/bin/sh
# SPDX-License-Identifier: MIT
# The developer's loop: builds with the address and undefined sanitizers in build-dev, once configured and
# then only what changed, and runs some tests.
#
#   scripts/dev.sh                                  all unit tests
#   scripts/dev.sh http auth                        those of some rooms (folders of tests/unit)
#   scripts/dev.sh tests/unit/base/test_json_parse tests/integration/cli/tour.sh
#
# Unit tests fail each 19th allocation in turn; THINGSPACE_CHECK_STRIDE=1 fails each one.
set -eu
. "$(dirname "$0")/lib.sh"

tests='' programs=''
for word in "$@"; do
    word=${word#./}
    if [ -d "$top/tests/unit/$word" ] && [ -n "$word" ]; then
        list=${word}_tests
        [ "$word" != cli ] || list=cli_unit_tests
        tests="$tests \$($list)" programs="$programs \$($list)"
    elif [ -f "$top/$word.c" ]; then
        tests="$tests $word" programs="$programs $word"
    elif [ -f "$top/$word" ] && [ "${word#tests/}" != "$word" ]; then
        tests="$tests $word"
    else
        say "There is no test $word; rooms:$(cd "$top/tests/unit" && printf ' %s' */ | tr -d /)"
        exit 2
    fi
done
# shellcheck disable=SC2086
need $build_packages $test_packages
build "$top/build-dev" --enable-tests --enable-simulator --enable-sanitizers=address,undefined CFLAGS='-g -O1'
: "${THINGSPACE_CHECK_STRIDE:=19}"
export THINGSPACE_CHECK_STRIDE
if [ -z "$tests" ]; then
    exec make -s -C "$top/build-dev" -j"$jobs" check-unit
fi
exec make -s -C "$top/build-dev" -j"$jobs" check TESTS="$tests" check_PROGRAMS="$programs"
