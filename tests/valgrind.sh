#!/bin/sh
# SPDX-License-Identifier: MIT
# The unit tests that are named, and one round of the command against the simulator, under
# valgrind. Prints what fails; ends with 1 when something does. `make check-valgrind` runs it.
set -u

builddir=${builddir:?}
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

# check NAME COMMAND...: libtool puts the program in the place of its wrapper, in every word.
check() {
    name=$1
    shift
    # shellcheck disable=SC2086
    if ${LIBTOOL:-libtool} --mode=execute ${VALGRIND:-valgrind} --quiet --error-exitcode=99 \
        --leak-check=full --errors-for-leak-kinds=definite,possible --trace-children="${children:-no}" \
        --suppressions="$here/valgrind.supp" "$@" >"$log" 2>&1; then
        echo "ok - $name"
        return
    fi
    echo "not ok - $name"
    tail -n 60 "$log"
    failed=1
}

cd "$builddir" || exit 1
export THINGSPACE_CHECK_ONCE=1
for test in "$@"; do
    check "$test" "./$test"
done
if [ -x cli/thingspace ]; then
    children=yes check "simulate and list" ./cli/thingspace -q simulate -- ./cli/thingspace list TestAccount-2
fi
exit "$failed"
