#!/bin/sh
# SPDX-License-Identifier: MIT
# Rules of the house that a script can see. Prints each place that breaks one.
set -u
top_builddir=${top_builddir:-.}
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../../.." && pwd)}
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
cd "$top_srcdir" || exit 99

# Nothing that the command prints.
nothing() {
    "$@" | tee "$work/found"
    [ ! -s "$work/found" ]
}

sources() { find "$@" -name '*.[ch]' | sort; }

without_licence() {
    sources bindings cli core docs plugins simulator tests | while read -r file; do
        head -n 1 "$file" | grep -qx '/\* SPDX-License-Identifier: MIT \*/' || echo "$file"
    done
}

without_config_first() {
    find cli core simulator -name '*.c' | while read -r file; do
        first=$(grep -m 1 '^#include' "$file")
        [ "$first" = '#include <config.h>' ] || echo "$file: $first"
    done
}

# includes PATTERN PLACES: who includes it outside of the places (a pattern of paths).
includes() { sources cli core simulator | xargs grep -nE "#include [<\"]$1[>\"]" | grep -vE "^($2)"; }

# The rooms in their order: each includes only from itself and those before it.
against_the_direction() {
    allowed=include
    for room in base catalogue http auth plugin policy lua client callbacks; do
        allowed="$allowed|$room"
        [ ! -d "core/$room" ] || sources "core/$room" | xargs grep -nE '#include "[a-z]+/' |
            grep -vE "#include \"($allowed)/"
    done
}

# A plugin needs one header of ours.
more_than_the_header() {
    sources plugins | xargs grep -nE '#include ("[a-z]+/|<thingspace/)' |
        grep -v '#include <thingspace/plugin.h>'
}

too_long_files() {
    sources bindings cli core plugins simulator tests | while read -r file; do
        lines=$(wc -l <"$file")
        [ "$lines" -lt 600 ] || echo "$file: $lines lines"
    done
}

too_long_functions() {
    sources bindings cli core plugins simulator tests | xargs awk '
        FNR == 1 { start = 0 }
        /^{/ { start = FNR }
        /^}/ && start { if (FNR - start > 101) print FILENAME ":" start ": " FNR - start - 1 " lines"
                        start = 0 }'
}

plan 9
check "the licence comes first" nothing without_licence
check "config.h is the first include" nothing without_config_first
check "lua.h is included in core/lua only" nothing includes 'l(ua|auxlib|ualib)\.h' core/lua/
check "curl.h is included in core/http only" nothing includes 'curl/.*' 'core/http/|cli/hygiene\.c:'
check "cJSON.h is included in core/base/json only" nothing includes '.*cJSON\.h' core/base/json
check "rooms include from those before them" nothing against_the_direction
check "compiled plugins include thingspace/plugin.h alone" nothing more_than_the_header
check "files have fewer than 600 lines" nothing too_long_files
check "functions have at most 100 lines" nothing too_long_functions
