#!/bin/sh
# SPDX-License-Identifier: MIT
# What the libraries export is what the version scripts list and what the headers declare.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

exported() { nm -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort; }

listed() { sed -n '/^global:/,/^local:/s/^ *\(thingspace_[a-z0-9_]*\);$/\1/p' "$1" | sort; }

# The first name before a parenthesis of each declaration that is marked.
declared() {
    cat "$@" | grep -v '^ *#' | tr '\n' ' ' | grep -o 'THINGSPACE_API[^;]*;' |
        sed -n 's/^[^(]*[ *]\(thingspace_[a-z0-9_]*\)(.*/\1/p' | sort
}

# same FUNCTION FILE FUNCTION FILE...: both print the same, and something.
same() {
    "$1" "$2" >"$work/one"
    shift 2
    "$@" >"$work/other"
    diff "$work/one" "$work/other" && [ -s "$work/one" ]
}

has_no_undefined() {
    ldd -r "$1" >"$work/ldd" 2>&1
    ! grep 'undefined symbol' "$work/ldd"
}

plan 6
library=$top_builddir/core/.libs/libthingspace.so
map=$top_srcdir/core/libthingspace.map
check "the library exports its list" same exported "$library" listed "$map"
check "the headers declare the list" same listed "$map" declared \
    "$top_srcdir"/core/include/thingspace/*.h

simulator=$top_builddir/simulator/.libs/libthingspace-simulator.so
simulator_map=$top_srcdir/simulator/libthingspace-simulator.map
check "the simulator exports its list" same exported "$simulator" listed "$simulator_map"
check "its header declares the list" same listed "$simulator_map" declared \
    "$top_srcdir/simulator/include/thingspace/simulator.h"

for each in "$library" "$simulator"; do
    if is_sanitized "$each"; then
        check "${each##*/} needs nothing undefined # SKIP sanitized" true
    else
        check "${each##*/} needs nothing undefined" has_no_undefined "$each"
    fi
done
