#!/bin/sh
# SPDX-License-Identifier: MIT
# From the tarball to rpm's packages, on Fedora and its relatives, or on Debian to try the packaging:
#
#   scripts/package-rpm.sh [--quick] [--output DIR] [TARBALL]
#
# Without TARBALL, that of this checkout is made first. On Debian it installs what the build needs, as
# root or through sudo, and reads packaging/rpm/macros for what its rpm lacks; elsewhere rpm tells what
# is missing. Builds in a temporary folder; leaves in DIR (default: build/rpm) the packages, the source
# package and the logs of rpmbuild and rpmlint. Files that lie in another package than with Debian, and
# rpmlint with something to say, are failures; --quick leaves out the tests and rpmlint.
set -eu
. "$(dirname "$0")/lib.sh"

usage() {
    say "Usage: scripts/package-rpm.sh [--quick] [--output DIR] [TARBALL]"
    exit 2
}

quick='' tarball='' output=$top/build/rpm
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --output)
        [ $# -gt 1 ] || usage
        output=$2
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
mkdir -p "$output"
output=$(cd "$output" && pwd)

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
    say "Making the tarball"
    [ -x "$top/configure" ] || logged "$output/tarball.log" "$top/autogen.sh"
    mkdir "$work/dist"
    cd "$work/dist"
    logged "$output/tarball.log" "$top/configure" --disable-tests
    logged "$output/tarball.log" make -j"$jobs" dist
    tarball=$(echo "$work"/dist/libthingspace-*.tar.xz)
    cd "$OLDPWD"
}

# On Debian, rpm knows nothing of what is installed.
if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086
    need $build_packages python3-dev cmark-gfm mandoc xz-utils rpm debugedit elfutils
    # shellcheck disable=SC2086
    [ -n "$quick" ] || need $test_packages rpmlint
fi
[ -n "$tarball" ] || make_tarball
mkdir "$work/SOURCES"
cp "$tarball" "$work/SOURCES"
tar -C "$work" -xf "$tarball"
sources=$work/$(basename "$tarball" .tar.xz)
rpm=$sources/packaging/rpm
[ -f "$rpm/thingspace.spec" ] || { say "$tarball has no packaging/rpm"; exit 1; }

set -- --define "_topdir $work" --with site
if command -v dpkg-query >/dev/null; then set -- "$@" --load "$rpm/macros" --nodeps; fi
[ -z "$quick" ] || set -- "$@" --without tests
say "Building the packages"
logged "$output/build.log" rpmbuild -ba "$@" "$rpm/thingspace.spec"
cp "$work"/RPMS/*/*.rpm "$work"/SRPMS/*.rpm "$output"

say "Checking the packages"
logged "$output/files.log" sh "$rpm/compare-files" "$sources/packaging/debian" "$work"/RPMS/*/*.rpm
if [ -z "$quick" ]; then
    logged "$output/rpmlint.log" rpmlint --strict --config "$rpm/rpmlint.toml" \
        "$rpm/thingspace.spec" "$work"/RPMS/*/*.rpm "$work"/SRPMS/*.rpm
fi
say "The packages are in $output ($(($(date +%s) - begin)) s)"
