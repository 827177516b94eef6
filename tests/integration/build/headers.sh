#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles by itself, as C99 and as C++11, without a warning.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

warnings="-Wall -Wextra -Wpedantic -Werror"
folders="-I$top_srcdir/core/include -I$top_srcdir/simulator/include"
CXX=${CXX:-c++}

# compiles LANGUAGE STANDARD HEADER
compiles() {
    echo "#include <thingspace/$3>" >"$work/alone"
    if [ "$1" = c ]; then compiler=$CC; else compiler=$CXX; fi
    # shellcheck disable=SC2086
    $compiler -x "$1" -std="$2" $warnings $folders -fsyntax-only "$work/alone"
}

set -- "$top_srcdir"/core/include/thingspace/*.h "$top_srcdir"/simulator/include/thingspace/*.h
command -v "$CXX" >/dev/null && cxx=1 || cxx=0
plan $(($# * (1 + cxx)))
for header in "$@"; do
    check "${header##*/} as C99" compiles c c99 "${header##*/}"
    [ "$cxx" = 0 ] || check "${header##*/} as C++11" compiles c++ c++11 "${header##*/}"
done
