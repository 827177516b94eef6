#!/bin/sh
# SPDX-License-Identifier: MIT
# Man pages: every public function is in one page, with the header's prototype and an example that
# compiles; every page is clean mdoc, and can be reached from thingspace(1) without a dead end.
. "$top_srcdir/tests/integration/lib.sh"

pages=$top_builddir/docs/man
CC=${CC:-cc}
includes="-I$top_srcdir/core/include -I$top_srcdir/simulator/include"

# names PAGE: what its NAME has
names() { sed -n '/^\.Sh SYNOPSIS/q; /^\.Nd/q; s/^\.Nm \([a-z_-]*\).*/\1/p' "$1"; }

for map in core/libthingspace.map simulator/libthingspace-simulator.map; do
    sed -n 's/^ *\(thingspace_[a-z_]*\);$/\1/p' "$top_srcdir/$map"
done >"$work/functions"
sed -n 's/^static inline .*\(thingspace_hook_[a-z_]*\)(.*/\1/p' \
    "$top_srcdir/core/include/thingspace/plugin.h" >>"$work/functions"
sort -o "$work/functions" "$work/functions"
for page in "$pages"/*.3; do
    names "$page" | grep -vx "$(basename "$page" .3)"
    ! grep -qx "\.Fo $(basename "$page" .3)" "$page" || basename "$page" .3
done | sort >"$work/told"
is "every function is in one page, and no other" "" "$(diff "$work/functions" "$work/told")"
if [ "$(wc -l <"$work/functions")" -gt 110 ]; then ok "all of them"; else not_ok "all of them" "$(cat "$work/functions")"; fi

# Declared once more as the pages have it, each must be what its header has.
{
    echo '#include <thingspace/plugin.h>'
    echo '#include <thingspace/simulator.h>'
    echo '#include <thingspace/thingspace.h>'
    awk '/^\.Ft / { sub(/^\.Ft "?/, ""); sub(/"$/, ""); type = $0 }
         /^\.Fo / { name = $2; separator = ""; list = "" }
         /^\.Fa "/ && name { sub(/^\.Fa "/, ""); sub(/"$/, ""); list = list separator $0; separator = ", " }
         /^\.Fc/ { print type, name "(" list ");"; name = "" }' "$pages"/*.3
} >"$work/prototypes.c"
is "as many prototypes" "$(wc -l <"$work/functions")" "$(grep -c ');$' "$work/prototypes.c")"
# shellcheck disable=SC2086
run $CC -std=gnu11 -Wall -Werror -Wno-unused-function -fsyntax-only $includes "$work/prototypes.c"
is "prototypes are those of the headers" "" "$err"

for page in "$pages"/*.3; do
    example=$(sed -n 's/^\.\\" example: //p' "$page")
    if [ -n "$example" ]; then
        # shellcheck disable=SC2086
        run $CC -std=gnu11 -Wall -Wextra -Werror -fsyntax-only $includes "$top_srcdir/docs/examples/$example"
        is "the example of $(basename "$page") compiles" "0 " "$status $err"
    else
        not_ok "$(basename "$page") has an example"
    fi
    for section in NAME SYNOPSIS DESCRIPTION THREADS 'SEE ALSO'; do
        grep -qx "\.Sh $section" "$page" || not_ok "$(basename "$page") has $section"
    done
done

# What is wrong in a header ends the build.
generate() { awk -f "$top_srcdir/docs/generate/functions.awk" "$@"; }
printf '/* SPDX */\n/* About. */\n#ifndef H\n#define H\nTHINGSPACE_API int thingspace_new_one(void);\n#endif\n' >"$work/new.h"
printf '.Dt X 3\n.\\" @functions new.h@\n' >"$work/new.3.in"
run generate "$work/new.h" "$work/new.3.in"
is "a function without a comment" 1 "$status"
like "it is named" "*thingspace_new_one has no comment*" "$err"
printf '.Dt X 3\n.\\" @nothing new.h@\n' >"$work/new.3.in"
run generate "$work/new.h" "$work/new.3.in"
is "a marker that is unknown" 1 "$status"

# From thingspace(1) along the references; those to pages of others are not ours to check.
references() { sed -n 's/^\.\(It \)*Xr \(thingspace[a-z_\\-]*\) \([1-8]\).*/\2.\3/p; s/^\.Pq see Xr \(thingspace[a-z_\\-]*\) \([1-8]\).*/\1.\2/p' "$1" | tr -d '\\'; }
for page in "$pages"/*.[1-8]; do
    section=${page##*.}
    names "$page" | sed "s|\$|.$section $(basename "$page")|"
done >"$work/names"
awk '{ print $2 }' "$work/names" | sort -u >"$work/pages"
echo thingspace.1 >"$work/reached"
dead=
while :; do
    before=$(wc -l <"$work/reached")
    while read -r page; do
        for name in $(references "$pages/$page"); do
            target=$(awk -v name="$name" '$1 == name { print $2; exit }' "$work/names")
            [ -n "$target" ] || dead="$dead $page:$name"
            echo "$target"
        done
    done <"$work/reached" | grep . >"$work/more"
    sort -u -o "$work/reached" "$work/reached" "$work/more"
    [ "$(wc -l <"$work/reached")" -gt "$before" ] || break
done
for page in $(cat "$work/pages"); do
    for name in $(references "$pages/$page"); do
        grep -q "^$name " "$work/names" || dead="$dead $page:$name"
    done
done
is "no reference is dead" "" "$dead"
is "every page can be reached from thingspace(1)" "" "$(comm -13 "$work/reached" "$work/pages")"

if command -v mandoc >/dev/null 2>&1; then
    is "mandoc warns of nothing" "" "$(mandoc -T lint -W warning "$pages"/*.[1-8] 2>&1)"
else
    skip "mandoc warns of nothing" "mandoc is not installed"
fi

# `man thingspace_register`
run env MAKEFLAGS= make -s -C "$top_builddir" install-function-names DESTDIR="$work/root"
man3=$(find "$work/root" -name man3)
missing=
while read -r function; do
    [ -f "$man3/$function.3" ] || missing="$missing $function"
done <"$work/functions"
is "every function is a name that man knows" "" "$missing"
is "which leads to its page" ".so man3/thingspace_callbacks.3" "$(cat "$man3/thingspace_register.3")"
run env MAKEFLAGS= make -s -C "$top_builddir" uninstall-man3 uninstall-function-names DESTDIR="$work/root"
is "nothing is left of them" "" "$(find "$work/root" -type f)"
end
