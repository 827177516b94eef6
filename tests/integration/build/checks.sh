# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the scripts of this folder share beside ../lib.sh; sourced. Each says `plan N` first, then
# `check NAME COMMAND...` N times.

top_srcdir=${top_srcdir:?} top_builddir=${top_builddir:?}
CC=${CC:-cc}
keep_work=${keep_work:-}
# shellcheck source=tests/integration/lib.sh
. "$top_srcdir/tests/integration/lib.sh"

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

# Whatever the command prints explains its failure.
check() {
    name=$1
    shift
    if "$@" >"$work/check.out" 2>&1; then
        ok "$name"
    else
        not_ok "$name" "$(cat "$work/check.out")"
    fi
}

is_sanitized() { ldd "$1" | grep -Eq 'lib(a|t|ub)san'; }
