#!/bin/sh
# SPDX-License-Identifier: MIT
# What packaging/debian says fits the sources: version, symbols, lists of files.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

debian=$top_srcdir/packaging/debian

configured() { sed -n 's/^#define PACKAGE_VERSION "\(.*\)"/\1/p' "$top_builddir/config.h"; }

version_is_configured() {
    [ "$(sed -n '1s/^libthingspace (\(.*\)-[^-]*) .*/\1/p' "$debian/changelog")" = "$(configured)" ]
}

# A date that date reads, as SOURCE_DATE_EPOCH is made of it.
changelog_is_signed() {
    signed=$(sed -n 's/^ -- .* <.*@.*>  //p' "$debian/changelog" | head -n 1)
    [ -n "$signed" ] && date -d "$signed" +%s
}

# Each binary package has a description, and a list of files where it is no empty one.
control_is_whole() {
    sed -n 's/^Package: //p' "$debian/control" >"$work/packages"
    grep -c . "$work/packages" && [ "$(grep -c '^Description: ' "$debian/control")" = "$(wc -l <"$work/packages")" ] ||
        return 1
    while read -r package; do
        [ -s "$debian/$package.install" ] || { echo "$package.install is missing" && return 1; }
    done <"$work/packages"
    for list in "$debian"/*.install; do
        grep -qx "$(basename "$list" .install)" "$work/packages" || { echo "$list is of no package" && return 1; }
    done
}

# symbols PACKAGE MAP: sorted, the node itself and what it lists.
symbols() {
    node=$(sed -n 's/^\(LIBTHINGSPACE[A-Z_0-9]*\) {$/\1/p' "$2")
    { echo "$node" && sed -n '/^global:/,/^local:/s/^ *\(thingspace_[a-z0-9_]*\);$/\1/p' "$2"; } |
        sed "s/\$/@$node/" | LC_ALL=C sort >"$work/mapped"
    sed -n 's/^ \([^ ]*\) [0-9].*/\1/p' "$debian/$1.symbols" >"$work/named"
    diff "$work/mapped" "$work/named" && [ -s "$work/named" ] ||
        { echo "$1.symbols: a new function has a line \"NAME@NODE VERSION\" there" && return 1; }
    grep -qx '\* Build-Depends-Package: libthingspace-dev' "$debian/$1.symbols"
}

is_distributed() {
    (cd "$top_srcdir" && find packaging/debian ! -type d ! -name '.*') | sort >"$work/there"
    sed -n 's/^DIST_COMMON = //p; /^am__DIST_COMMON/,/[^\\]$/p; /^EXTRA_DIST/,/[^\\]$/p' "$top_builddir/Makefile" |
        tr ' \t\\' '\n\n\n' | grep '^packaging/debian/' | sort -u >"$work/listed"
    diff "$work/there" "$work/listed" && [ -s "$work/there" ]
}

plan 6
check "the changelog has configure's version" version_is_configured
check "the changelog ends with a date" changelog_is_signed
check "every package has a description and a list of files" control_is_whole
check "libthingspace0.symbols is the map" symbols libthingspace0 "$top_srcdir/core/libthingspace.map"
check "libthingspace-simulator0.symbols is the map" symbols libthingspace-simulator0 \
    "$top_srcdir/simulator/libthingspace-simulator.map"
check "all of packaging/debian is in the tarball" is_distributed
