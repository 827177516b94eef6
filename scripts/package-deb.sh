#!/bin/sh
# SPDX-License-Identifier: MIT
# From the tarball to Debian's packages, on a fresh Debian 12 machine and its relatives:
#
#   scripts/package-deb.sh [--quick] [--output DIR] [TARBALL]
#
# Without TARBALL, that of this checkout is made first. Installs what the build needs, as root or
# through sudo; builds in a temporary folder; leaves in DIR (default: build/debian) the packages, the
# sources, and the logs of build, lintian and blhc. lintian or blhc with something to say is a failure;
# --quick leaves out the two and the tests. DEB_BUILD_OPTIONS holds as always.
set -eu
form=debian
. "$(dirname "$0")/package-lib.sh"

# What debian/control asks for and is not there: the first of alternatives, without versions.
unmet() {
    dpkg-checkbuilddeps 2>&1 |
        sed -n 's/.*[Uu]nmet build dependencies: //p' |
        sed 's/([^)]*)//g; s/ *| *[^ ]*//g'
}

[ -n "$tarball" ] || make_tarball
need dpkg-dev xz-utils
name=${tarball##*/}
name=${name%.tar.xz}
cp "$tarball" "$work/$(echo "$name" | sed 's/-\([0-9].*\)/_\1/').orig.tar.xz"
tar -C "$work" -xf "$tarball"
cd "$work/$name"
[ -f packaging/debian/control ] || { say "$tarball has no packaging/debian"; exit 1; }
cp -R packaging/debian debian
if [ -n "$quick" ]; then
    DEB_BUILD_OPTIONS="nocheck ${DEB_BUILD_OPTIONS-}"
    DEB_BUILD_PROFILES="nocheck ${DEB_BUILD_PROFILES-}"
    export DEB_BUILD_OPTIONS DEB_BUILD_PROFILES
else
    need lintian blhc
fi
# shellcheck disable=SC2046
need $(unmet)

say "Building the packages"
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -S Timestamp)
export SOURCE_DATE_EPOCH
logged "$results/build.log" dpkg-buildpackage -us -uc
cd "$work"
cp ./*.deb ./*.dsc ./*.debian.tar.* ./*.orig.tar.* ./*.buildinfo ./*.changes "$results"
if [ -z "$quick" ]; then
    say "Checking the packages"
    logged "$results/lintian.log" lintian --display-info --pedantic --fail-on=error,warning,info,pedantic \
        "$work"/*.changes
    logged "$results/blhc.log" blhc --debian --all "$results/build.log"
fi
say "The packages are in $results ($(($(date +%s) - begin)) s)"
