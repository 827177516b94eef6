#!/bin/sh
# SPDX-License-Identifier: MIT
# Passes all tests on a fresh Debian 12 machine: installs what is missing, builds, runs
# `make check`. Arguments go to make (`scripts/test.sh TESTS=tests/unit/base/test_json`).
set -eu
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2086
need $build_packages $test_packages
build "$top/build" --enable-tests --enable-simulator
begin=$(date +%s)
status=0
# Tests wait more than they work: for answers, time-outs, the disk.
make -C "$top/build" -j"$jobs" check TESTS= >/dev/null &&
    make -C "$top/build" -j"$((3 * jobs))" check "$@" || status=$?
say "make check: $(($(date +%s) - begin)) s (at most 180 are promised)"
exit "$status"
