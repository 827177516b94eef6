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
. "$(dirname "$0")/lib.sh"

usage() {
    say "Usage: scripts/package-deb.sh [--quick] [--output DIR] [TARBALL]"
    exit 2
}

quick='' tarball='' results=$top/build/debian
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --output)
        [ $# -gt 1 ] || usage
        results=$2
        shift
        ;;
    -*) usage ;;
    *)
        [ -z "$tarball" ] || usage
        tarball=$1
        ;;
    esac
    shift
done
[ -z "$tarball" ] || [ -f "$tarball" ] || { say "There is no file $tarball"; exit 2; }
mkdir -p "$results"
results=$(cd "$results" && pwd)

umask 022
begin=$(date +%s)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# logged LOG COMMAND...: shows the end of LOG when it fails.
logged() {
    log=$1
    shift
    "$@" >"$log" 2>&1 || {
        tail -n 40 "$log" >&2
        say "This failed: $*; all of its output is in $log"
        exit 1
    }
}

make_tarball() {
    # shellcheck disable=SC2086
    need $build_packages xz-utils
    say "Making the tarball"
    [ -x "$top/configure" ] || logged "$results/tarball.log" "$top/autogen.sh"
    mkdir "$work/dist"
    cd "$work/dist"
    logged "$results/tarball.log" "$top/configure" --disable-tests
    logged "$results/tarball.log" make -j"$jobs" dist
    tarball=$(echo "$work"/dist/libthingspace-*.tar.xz)
    cd "$OLDPWD"
}

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
