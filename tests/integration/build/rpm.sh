#!/bin/sh
# SPDX-License-Identifier: MIT
# What packaging/rpm says fits the sources: version, packages, files; rpmspec, where it is, reads it.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

rpm=$top_srcdir/packaging/rpm
debian=$top_srcdir/packaging/debian

configured() { sed -n 's/^#define PACKAGE_VERSION "\(.*\)"/\1/p' "$top_builddir/config.h"; }

version_is_configured() {
    [ "$(sed -n 's/^Version: *//p' "$rpm/thingspace.spec")" = "$(configured)" ] &&
        sed -n '/^%changelog/{n;p;}' "$rpm/thingspace.spec" | grep -q -- " - $(configured)-[0-9]"
}

# spec_packages: by Debian's names
spec_packages() {
    sed -n -e 's/^Name: *//p' -e 's/^%package -n //p' -e 's/^%package \([a-z]*\)$/thingspace-\1/p' "$rpm/thingspace.spec" |
        sed -e 's/-devel$/-dev/' -e 's/^libthingspace$/&0/' -e 's/^libthingspace-simulator$/&0/' | sort
}

packages_are_debians() {
    spec_packages >"$work/rpm"
    sed -n 's/^Package: //p' "$debian/control" | sort | diff - "$work/rpm"
}

# Every option is one of configure's, so that a part does not get lost by a name that it ignores.
options_are_configures() {
    "$top_srcdir/configure" --help >"$work/help"
    sed -n '/^%configure/,/^%make_build/p' "$rpm/thingspace.spec" |
        grep -oE -- '--(enable|disable|with)-[a-z-]+' | sed 's/^--disable-/--enable-/' | sort -u >"$work/options"
    grep -c . "$work/options" || return 1
    while read -r option; do
        grep -qE "^ +$option([= []|\$)" "$work/help" ||
            { echo "configure has no $option" && return 1; }
    done <"$work/options"
}

is_distributed() {
    (cd "$top_srcdir" && find packaging/rpm ! -type d ! -name '.*') | sort >"$work/there"
    sed -n 's/^DIST_COMMON = //p; /^am__DIST_COMMON/,/[^\\]$/p; /^EXTRA_DIST/,/[^\\]$/p' "$top_builddir/Makefile" |
        tr ' \t\\' '\n\n\n' | grep '^packaging/rpm/' | sort -u >"$work/listed"
    diff "$work/there" "$work/listed" && [ -s "$work/there" ]
}

# rpmspec CONDITION...: what it reads
read_spec() {
    rpmspec --load "$rpm/macros" "$@" "$rpm/thingspace.spec" >"$work/read" 2>"$work/said"
    cat "$work/said"
    [ ! -s "$work/said" ] && ! grep -n '%{' "$work/read"
}

# Without a part, nothing of it is left.
part_is_left_out() {
    read_spec -P --without "$1" || return 1
    ! grep -nE "$2" "$work/read"
}

plan 8
check "the version is configure's, in the changelog too" version_is_configured
check "the packages are those of Debian" packages_are_debians
check "every option is configure's" options_are_configures
check "all of packaging/rpm is in the tarball" is_distributed
if command -v rpmspec >/dev/null; then
    check "rpmspec reads it" read_spec -P
    check "without the simulator" part_is_left_out simulator 'microhttpd|files -n libthingspace-simulator|^%check'
    check "without Python" part_is_left_out python 'pkgconfig\(python3|files -n python3'
    check "without Lua's module" part_is_left_out lua 'files -n lua-thingspace'
else
    for part in "rpmspec reads it" "without the simulator" "without Python" "without Lua's module"; do
        skip "$part" "rpmspec is not installed"
    done
fi
