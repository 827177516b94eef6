#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles by itself, as C99 and as C++11, without a warning; so does a plugin that
# names some members, as C99 and as C++20.
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

# plugin_compiles LANGUAGE STANDARD
plugin_compiles() {
    cat >"$work/plugin" <<'C'
#include <thingspace/plugin.h>
static int tag(void *self, thingspace_hook *hook)
{
    (void)self;
    return thingspace_hook_set_request_header(hook, "X-Team", "blue");
}
THINGSPACE_PLUGIN(.name = "tag", .version = "1.0.0",
                  .capabilities = "request.headers:write", .request = tag)
C
    if [ "$1" = c ]; then compiler=$CC; else compiler=$CXX; fi
    # shellcheck disable=SC2086
    $compiler -x "$1" -std="$2" $warnings $folders -fsyntax-only "$work/plugin"
}

set -- "$top_srcdir"/core/include/thingspace/*.h "$top_srcdir"/simulator/include/thingspace/*.h
command -v "$CXX" >/dev/null && cxx=1 || cxx=0
plan $((($# + 1) * (1 + cxx)))
for header in "$@"; do
    check "${header##*/} as C99" compiles c c99 "${header##*/}"
    [ "$cxx" = 0 ] || check "${header##*/} as C++11" compiles c++ c++11 "${header##*/}"
done
check "a plugin as C99" plugin_compiles c c99
[ "$cxx" = 0 ] || check "a plugin as C++20" plugin_compiles c++ c++20
