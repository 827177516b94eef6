#!/bin/sh
# SPDX-License-Identifier: MIT
# What the libraries export is what the version scripts list, in that version, and what the headers
# declare; they need the libraries that they say and no others.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

# Each as NAME VERSION, from a library and from a version script, which may have several parts.
exported() {
    # shellcheck disable=SC2086 # configure may have found `nm -B`
    ${NM:-nm} -D --defined-only "$1" | awk '$2 != "A" { sub(/@+/, " ", $3); print $3 }' | sort
}
listed() {
    awk '/^LIBTHINGSPACE_[A-Z_]*[0-9.]+ *{/ { version = $1 }
         /^local:/ || /^}/ { global = 0 }
         /^global:/ { global = 1 }
         global && /^ *thingspace_[a-z0-9_]*;$/ { sub(/;/, ""); print $1, version }' "$1" | sort
}
exported_and_stray() { { exported "$1" && exported "$work/stray/stray.so"; } | sort; }
packaged() { sed -n 's/^ \(thingspace_[a-z0-9_]*\)@\([^ ]*\) [0-9].*/\1 \2/p' "$1" | sort; }
names() { listed "$1" | cut -d' ' -f1; }

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

differ() { ! same "$@"; }

has_no_undefined() {
    ldd -r "$1" >"$work/ldd" 2>&1
    ! grep 'undefined symbol' "$work/ldd"
}

# needs LIBRARY NAME...: these, whatever their versions, and parts of the C library and of the
# compiler. (libm is one: without SSE 4.1 ceil() is a function; libgcc unwinds with -fexceptions, as
# Fedora builds.)
needs() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[lib\([a-z]*\).*/\1/p' | sort -u |
        grep -vx 'c\|m\|dl\|pthread\|gcc' >"$work/needed"
    shift
    printf '%s\n' "$@" | diff - "$work/needed"
}

# What one of the three has alone, as somebody forgets the others.
stray() {
    mkdir -p "$work/stray"
    cp "$map" "$work/stray/map"
    cp "$top_srcdir"/core/include/thingspace/*.h "$work/stray"
    chmod -R u+w "$work/stray"
    sed -i 's|^    thingspace_list;|    thingspace_stray;\n&|' "$work/stray/map"
    echo 'THINGSPACE_API int thingspace_stray(void);' >>"$work/stray/version.h"
    cat >"$work/stray/stray.c" <<'END'
int thingspace_stray(void);
int thingspace_stray(void)
{
    return 0;
}
END
    printf 'LIBTHINGSPACE_0 { global: thingspace_stray; local: *; };\n' >"$work/stray/one.map"
    printf 'LIBTHINGSPACE_9 {\nglobal:\n    thingspace_stray;\nlocal:\n    *;\n};\n' >"$work/stray/other.map"
    $CC -shared -fPIC -Wl,--version-script="$work/stray/one.map" -o "$work/stray/stray.so" "$work/stray/stray.c"
}

plan 18
library=$top_builddir/core/.libs/libthingspace.so
map=$top_srcdir/core/libthingspace.map
check "the library exports its list" same exported "$library" listed "$map"
check "the headers declare the list" same names "$map" declared \
    "$top_srcdir"/core/include/thingspace/*.h

simulator=$top_builddir/simulator/.libs/libthingspace-simulator.so
simulator_map=$top_srcdir/simulator/libthingspace-simulator.map
check "the simulator exports its list" same exported "$simulator" listed "$simulator_map"
check "its header declares the list" same names "$simulator_map" declared \
    "$top_srcdir/simulator/include/thingspace/simulator.h"

check "Debian's package lists the same" same packaged "$top_srcdir/packaging/debian/libthingspace0.symbols" listed "$map"
check "and of the simulator" \
    same packaged "$top_srcdir/packaging/debian/libthingspace-simulator0.symbols" listed "$simulator_map"

check "(strays can be made)" stray
check "a function that the list alone has is missed in the library" \
    differ exported "$library" listed "$work/stray/map"
check "and in the headers" differ names "$work/stray/map" declared \
    "$top_srcdir"/core/include/thingspace/*.h
check "one that the headers alone have is missed in the list" \
    differ names "$map" declared "$work"/stray/*.h
check "when both have it they agree" same names "$work/stray/map" declared "$work"/stray/*.h
check "one that the library alone has is missed in the list" \
    differ exported_and_stray "$library" listed "$map"
check "when it is listed they agree" same exported_and_stray "$library" listed "$work/stray/map"
check "its version counts" differ exported "$work/stray/stray.so" listed "$work/stray/other.map"

for each in "$library" "$simulator"; do
    if is_sanitized "$each"; then
        check "${each##*/} needs nothing undefined # SKIP sanitized" true
        check "${each##*/} needs what it says # SKIP sanitized" true
        continue
    fi
    check "${each##*/} needs nothing undefined" has_no_undefined "$each"
    case $each in
        "$library") check "${each##*/} needs four libraries" needs "$each" cjson curl lua sodium ;;
        *) check "${each##*/} needs three libraries" needs "$each" cjson microhttpd sodium ;;
    esac
done
