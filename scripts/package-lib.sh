# SPDX-License-Identifier: MIT
# Sourced by package-deb.sh and package-rpm.sh, which name their `form`: reads their words, and sets
# `quick` (empty or yes), `tarball`, `results` (a folder), `work` (a temporary one) and `begin`.
# shellcheck shell=sh

. "$(dirname "$0")/lib.sh"

usage() {
    say "Usage: $0 [--quick] [--output DIR] [TARBALL]"
    exit 2
}

quick='' tarball='' results=$top/build/$form
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

# That of this checkout.
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
