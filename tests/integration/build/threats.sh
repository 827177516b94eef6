#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/threats.md and docs/plugin-host.md name tests: each file and each case in it exists, and no
# number is left out.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

# Each `FILE: CASE` of the page, without its marks.
# shellcheck disable=SC2016
named() { grep -oE '`(unit|integration)/[^`]*`' "$top_srcdir/docs/$1" | tr -d '`' | sort -u; }

# Cases of C are listed in their file; those of scripts are words in quotes.
has_case() {
    case $1 in
    *.c) grep -qE "CHECK_CASE(_ONCE)?\($2\)" "$1" ;;
    *.sh) grep -qF -e "$2" "$1" ;;
    *) false ;;
    esac
}

# all_exist PAGE
all_exist() {
    named "$1" >"$work/named"
    [ -s "$work/named" ] || echo "$1 names no test"
    while IFS= read -r line; do
        has_case "$top_srcdir/tests/${line%%: *}" "${line#*: }" || echo "missing: $line"
    done <"$work/named" | tee "$work/missing"
    [ -s "$work/named" ] && [ ! -s "$work/missing" ]
}

# all_numbered PAGE: each of $work/numbers has a row with a test.
all_numbered() {
    grep -E '^\| [0-9]+[a-z]? \|.*`(unit|integration)/' "$top_srcdir/docs/$1" | cut -d ' ' -f 2 |
        diff "$work/numbers" -
}

plan 4
seq 28 >"$work/numbers"
check "every test that docs/threats.md names exists" all_exist threats.md
check "every number of docs/threats.md has a row with a test" all_numbered threats.md
seq 36 | sed 's/^22$/22\n22a\n22b/' >"$work/numbers"
check "every test that docs/plugin-host.md names exists" all_exist plugin-host.md
check "every number of docs/plugin-host.md has a row with a test" all_numbered plugin-host.md
