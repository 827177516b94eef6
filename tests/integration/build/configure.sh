#!/bin/sh
# SPDX-License-Identifier: MIT
# What configure refuses, it refuses at once and in words that tell what to do. What takes longer is in
# options.sh (make check-build).
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

[ ! -f "$top_srcdir/config.status" ] || skip_all "sources that are configured themselves take no folder beside them"
command -v pkg-config >/dev/null || skip_all "pkg-config is not installed"

# configure OPTION...: in a folder of its own, with what the build's configure has found out.
configure() {
    mkdir -p "$folder"
    sed -n '/^## Cache variables/,/^## Output/p' "$top_builddir/config.log" |
        grep '^[a-z]*_cv_' | grep -v '^ac_cv_\(env\|path\)_' >"$work/cache"
    (cd "$folder" && "$top_srcdir/configure" -q --cache-file="$work/cache" "$@" 2>&1)
}
# refuses PATTERN... -- OPTION...: and its message has all of them
refuses() {
    patterns=
    while [ "$1" != -- ]; do
        patterns="$patterns$1
"
        shift
    done
    shift
    if configure "$@" >"$work/said"; then
        echo "it was taken"
        return 1
    fi
    cat "$work/said"
    printf '%s' "$patterns" | while read -r pattern; do grep -q -e "$pattern" "$work/said" || exit 1; done
}

# Modules of other versions, in place of those of the system.
fake_module() {
    mkdir -p "$work/modules"
    printf 'Name: %s\nDescription: none\nVersion: %s\nLibs:\nCflags:\n' "$1" "$2" >"$work/modules/$1.pc"
}
only_fakes() { refuses "$@" PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$work/modules"; }

folder=$work/build
plan 12
mkdir "$work/none"
check "all that is missing is named with its packages" refuses \
    'libcurl 7.85.0 or newer (not found; Debian: libcurl4-openssl-dev)' \
    'libcjson 1.7.14 or newer (not found' 'libsodium 1.0.18 or newer (not found' \
    'lua5.4 5.4.0 or newer (not found' \
    'apt-get install libcurl4-openssl-dev libcjson-dev libsodium-dev liblua5.4-dev' -- \
    PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$work/none"
fake_module libcurl 7.84.0
fake_module libcjson 1.7.13
fake_module libsodium 1.0.17
fake_module lua5.4 5.3.9
check "what is too old is named with both versions" only_fakes \
    'libcurl 7.85.0 or newer (found 7.84.0;' 'libcjson 1.7.14 or newer (found 1.7.13;' \
    'libsodium 1.0.18 or newer (found 1.0.17;' 'lua5.4 5.4.0 or newer (found 5.3.9;' --
fake_module libcurl 7.85.0
fake_module libcjson 1.7.14
fake_module libsodium 1.0.18
check "and only that" only_fakes '^    lua5.4 5.4.0' 'install liblua5.4-dev$' --
check "a missing pkg-config is the first thing to install" refuses 'pkg-config is missing' \
    'apt-get install pkg-config libcurl4' -- PKG_CONFIG=/nowhere/pkg-config

for option in prefix exec-prefix libdir mandir; do
    check "--$option with a blank" refuses "--$option='/opt/thing space' has a blank in it, which libtool cannot take: choose another" -- \
        "--$option=/opt/thing space"
done
check "a prefix with a tab" refuses "has a blank in it" -- "--prefix=/opt/thing	space"
check "a relative prefix" refuses "expected an absolute directory name" -- --prefix=opt
folder="$work/a build"
check "a build folder with a blank" refuses "the folder of the build, '$work/a build', has a blank" --
folder=$work/build
ln -s "$top_srcdir" "$work/some sources"
source=$top_srcdir
top_srcdir="$work/some sources"
check "sources in a folder with a blank" refuses "the folder of the sources, .* has a blank" --
top_srcdir=$source
