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
form=rpm
. "$(dirname "$0")/package-lib.sh"

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
logged "$results/build.log" rpmbuild -ba "$@" "$rpm/thingspace.spec"
cp "$work"/RPMS/*/*.rpm "$work"/SRPMS/*.rpm "$results"

say "Checking the packages"
logged "$results/files.log" sh "$rpm/compare-files" "$sources/packaging/debian" "$work"/RPMS/*/*.rpm
if [ -z "$quick" ]; then
    logged "$results/rpmlint.log" rpmlint --strict --config "$rpm/rpmlint.toml" \
        "$rpm/thingspace.spec" "$work"/RPMS/*/*.rpm "$work"/SRPMS/*.rpm
fi
say "The packages are in $results ($(($(date +%s) - begin)) s)"
