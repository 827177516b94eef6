#!/bin/sh
# SPDX-License-Identifier: MIT
# The binary form of thingspace/plugin.h against that of the versions that were released: structs may
# grow at their end and enumerations may get new values, everything else stays as it is. After a new
# minor version is released: make dump-abi.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
command -v abidiff >/dev/null || skip_all "abidiff is not installed (abigail-tools)"
[ "$(uname -m)" = x86_64 ] || skip_all "what is kept was made on x86_64"

kept=$top_srcdir/tests/abi
header=$top_srcdir/core/include/thingspace/plugin.h

dump() { CC=$CC sh "$kept/dump.sh" "$1" "$2"; }

# fits KEPT FOLDER: the header in FOLDER is the kept one, perhaps with more at the ends.
fits() {
    dump "$2" "$work/now.abi" || return 2
    awk -f "$kept/cut.awk" "$1" "$work/now.abi" >"$work/cut.abi"
    abidiff "$1" "$work/cut.abi"
}

# edited SED: a folder with today's header after that change.
edited() {
    mkdir -p "$work/edited/thingspace"
    sed "$1" "$header" >"$work/edited/thingspace/plugin.h"
    ! cmp -s "$header" "$work/edited/thingspace/plugin.h"
}
passes() { edited "$1" && fits "$latest" "$work/edited"; }
# Refused by the comparison (4), not because something did not compile.
fails() {
    edited "$1" || return 1
    fits "$latest" "$work/edited"
    [ $? = 4 ]
}

set -- "$kept"/plugin-*.abi
for latest in "$@"; do :; done
plan $(($# + 11))
for old in "$@"; do
    check "today's header is ${old##*/}, or more" fits "$old" "$top_srcdir/core/include"
done
check "what is kept of 1.0 is what its header says" fits "$kept/plugin-1.0.abi" "$kept/1.0"

check "a hook may be added at the end" passes \
    's|^    thingspace_hook_function \*accept, \*message, \*deliver;|&\n    int (*later)(void);|'
check "a function may be added at the end" passes \
    's|^    const char \*(\*reason).*|&\n    int (*later)(void);|'
check "a field may be added" passes 's|THINGSPACE_FIELD_CALL_REASON = 24|&, THINGSPACE_FIELD_LATER = 99|'
check "a member in the middle is seen" fails \
    's|^    void (\*destroy)(void \*self);|&\n    int (*later)(void);|'
check "a member that is gone is seen" fails 's|^    void (\*destroy)(void \*self);||'
check "another type of a member is seen" fails \
    's|^    void (\*destroy)(void \*self);|    int (*destroy)(void *self);|'
check "also when one was added at the end" fails \
    's|^    void (\*destroy)(void \*self);|    int (*destroy)(void *self);|
     s|^    thingspace_hook_function \*accept, \*message, \*deliver;|&\n    int (*later)(void);|'
check "another type of an argument is seen" fails \
    's|int (\*wait)(thingspace_hook \*hook, long long ms);|int (*wait)(thingspace_hook *hook, int ms);|'
check "swapped members are seen" fails \
    's|const char \*name;    /\*.*|const char *version;|; s|const char \*version; /\* of.*|const char *name;|'
check "another value of a field is seen" fails 's|EVENT_REASON = 22|EVENT_REASON = 98|'
