#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/threats.md names tests: each file and each case in it exists, and no number is left out.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
page=$top_srcdir/docs/threats.md

# Each `FILE: CASE` of the page, without its marks.
# shellcheck disable=SC2016
named() { grep -oE '`(unit|integration)/[^`]*`' "$page" | tr -d '`' | sort -u; }

# Cases of C are listed in their file; those of scripts are words in quotes.
has_case() {
    case $1 in
    *.c) grep -qE "CHECK_CASE(_ONCE)?\($2\)" "$1" ;;
    *.sh) grep -qF -e "$2" "$1" ;;
    *) false ;;
    esac
}

all_exist() {
    named >"$work/named"
    [ -s "$work/named" ] || echo "$page names no test"
    while IFS= read -r line; do
        has_case "$top_srcdir/tests/${line%%: *}" "${line#*: }" || echo "missing: $line"
    done <"$work/named" | tee "$work/missing"
    [ -s "$work/named" ] && [ ! -s "$work/missing" ]
}

# Rows 1 to 28 without the three that come later, each with a test.
all_numbered() {
    grep -E '^\| [0-9]+ \|.*`(unit|integration)/' "$page" | cut -d ' ' -f 2 >"$work/rows"
    seq 28 | grep -vxE '6|22|25' | diff - "$work/rows"
}

plan 2
check "every test that docs/threats.md names exists" all_exist
check "every number has a row with a test" all_numbered
