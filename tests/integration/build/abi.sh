#!/bin/sh
# SPDX-License-Identifier: MIT
# The binary form of thingspace/plugin.h and of both libraries against what was stored: functions may be
# added, structs whose first member is their size may grow at their end, and enumerations may get new
# values; everything else stays as it is. What was added on purpose is stored by `make dump-abi`; see
# docs/abi.md.
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

# Of a library: FOLDER is core or simulator, or a copy of one with a change.
stored() {
    info=$(sed -n 's/.*-version-info \([0-9:]*\).*/\1/p' "$1/local.mk")
    map=$(echo "$1"/*.map)
    name=${map##*/}
    echo "$kept/${name%.map}.so.$((${info%%:*} - ${info##*:})).abi"
}
library_fits() {
    [ -f "$(stored "$1")" ] || { echo "$(stored "$1") is missing: make dump-abi"; return 2; }
    CC=$CC sh "$kept/library.sh" "$1" "$work/now.abi" || return 2
    awk -f "$kept/cut.awk" "$(stored "$1")" "$work/now.abi" >"$work/cut.abi"
    abidiff --no-added-syms "$(stored "$1")" "$work/cut.abi"
}
# Prints a note of what is in FOLDER's library and not in what is stored.
added() {
    sed -n "s/.*<elf-symbol name='\(thingspace_[a-z_]*\)'.*/\1/p" "$(stored "$1")" |
        sort >"$work/stored.names"
    sed -n 's/^    \(thingspace_[a-z_]*\);$/\1/p' "$1"/*.map | sort |
        comm -13 "$work/stored.names" - | sed 's/.*/# note: & was added; once that is meant: make dump-abi/'
}
# What was built, which has opaque objects in full: their inside is nobody's business, and neither
# are the functions that library.sh makes for types.
built_fits() {
    cat >"$work/ignored" <<'END'
[suppress_function]
name_regexp = ^surface_
END
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-architecture --no-elf-needed \
        --out-file "$work/built.abi" "$2" || return 2
    awk -f "$kept/cut.awk" "$(stored "$1")" "$work/built.abi" >"$work/cut.abi"
    abidiff --no-added-syms --suppressions "$work/ignored" "$(stored "$1")" "$work/cut.abi"
}
has_debug_information() { readelf -S -W "$1" | grep -q '\.debug_info'; }

# changed FILE SED: a copy of core with that change; FILE is a header's or the map's.
changed() {
    rm -rf "$work/core"
    mkdir "$work/core"
    cp -R "$top_srcdir/core/include" "$top_srcdir/core/local.mk" "$top_srcdir"/core/*.map "$work/core/"
    chmod -R u+w "$work/core"
    changed_too "$@"
}
changed_too() {
    sed "$2" "$work/core/$1" >"$work/changed"
    ! cmp -s "$work/changed" "$work/core/$1" && cp "$work/changed" "$work/core/$1"
}
public=include/thingspace
library_passes() { changed "$@" && library_fits "$work/core"; }
is_refused() {
    library_fits "$work/core"
    [ $(($? & 4)) = 4 ]
}
library_fails() { changed "$@" && is_refused; }
with_function() {
    changed $public/version.h 's|^THINGSPACE_API.*|&\nTHINGSPACE_API int thingspace_later(void);|' &&
        changed_too libthingspace.map 's|^    thingspace_list;|    thingspace_later;\n&|'
}
without_function() {
    changed $public/services.h '/^THINGSPACE_API size_t thingspace_api_count/d' &&
        changed_too libthingspace.map '/thingspace_api_count/d'
}
may_add_function() {
    with_function && library_fits "$work/core" && added "$work/core" | grep 'thingspace_later was added'
}
sees_lost_function() { without_function && is_refused; }
hides_nothing() { with_function && changed_too $public/error.h 's|^    int http_status;|    long http_status;|' && is_refused; }

set -- "$kept"/plugin-*.abi
for latest in "$@"; do :; done
plan $(($# + 28))
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
check "a struct that does not tell its size may not grow" fails \
    's|^} thingspace_plugin_option;|    int later;\n&|'

for folder in core simulator; do
    check "the library of $folder has the form that is stored, or more" library_fits "$top_srcdir/$folder"
    added "$top_srcdir/$folder"
    built=$top_builddir/$folder/.libs/$(basename "$top_srcdir/$folder"/*.map .map).so
    if [ -f "$built" ] && has_debug_information "$built"; then
        check "and so has the one that was built" built_fits "$top_srcdir/$folder" "$built"
    else
        ok "and so has the one that was built # SKIP it has no debugging information"
    fi
done
check "a function may be added, and is noted" may_add_function
check "options may grow at their end" library_passes $public/plan.h \
    's|^} thingspace_plan_options;|    void *later;\n&|'
check "what fits into their padding, so that their size tells nothing, is seen" library_fails \
    $public/plan.h 's|^} thingspace_plan_options;|    int later;\n&|'
check "a status may be added" library_passes $public/status.h \
    's|^    X(CANCELLED, .*|&  \\\n    X(LATER, 19, "later", 1, "")|'
check "a function that is gone is seen" sees_lost_function
check "a member in the middle of options is seen" library_fails $public/plan.h \
    's|^    const char \*const \*services; .*|    int later;\n&|'
check "a member at the end of what does not tell its size is seen" library_fails $public/services.h \
    's|^} thingspace_service_info;|    int later;\n&|'
check "another type of an argument is seen" library_fails $public/client.h \
    's|long long wait_ms,|int wait_ms,|'
check "another value of a status is seen" library_fails $public/status.h \
    's|X(DRIFT, 12,|X(DRIFT, 19,|'
check "another argument of a function of the program is seen" library_fails $public/plan.h \
    's|^typedef void thingspace_progress_function(void \*user, |&int more, |'
check "another version of the symbols is seen" library_fails libthingspace.map \
    's|^LIBTHINGSPACE_0|LIBTHINGSPACE_1|'
check "what may be added hides nothing" hides_nothing
