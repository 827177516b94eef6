#!/bin/sh
# SPDX-License-Identifier: MIT
# --disable-shared: the library is an archive, what is a module is left out, the command works, and a
# program links with what pkg-config says. Compiles all of it: make check-build.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

command -v pkg-config >/dev/null || skip_all "pkg-config is not installed"
root=$work/root
mkdir "$work/build"
run_make() { MAKEFLAGS='' make -s -C "$work/build" "$@"; }
configure() { (cd "$work/build" && "$top_srcdir/configure" -q CC="$CC" CFLAGS=-O0 --disable-shared --enable-static); }
no_modules() { ! find "$root" -name '*.so*' | grep .; }

# Names that two archives have are taken from either, in silence.
names() { nm -g --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u; }
no_name_twice() {
    names "$work"/build/core/.libs/libthingspace.a >"$work/core.names"
    names "$work"/build/cli/.libs/libcli.a >"$work/cli.names"
    names "$work"/build/simulator/.libs/libsimulator.a >"$work/simulator.names"
    [ -s "$work/core.names" ] && [ -s "$work/simulator.names" ] || return 1
    # The reader of CSV is one source of both.
    for pair in 'core cli' 'core simulator' 'cli simulator'; do
        # shellcheck disable=SC2086
        set -- $pair
        comm -12 "$work/$1.names" "$work/$2.names" | grep -v '^csv_'
    done | tee "$work/twice"
    [ ! -s "$work/twice" ]
}
pkg_config() {
    pc=$(find "$root" -name thingspace.pc)
    PKG_CONFIG_PATH=${pc%/*}:${PKG_CONFIG_PATH:-} pkg-config --define-variable=prefix="$root/usr/local" "$@"
}
compile() {
    # shellcheck disable=SC2046
    $CC -o "$work/program" "$top_srcdir/docs/examples/register.c" $(pkg_config "$@")
}
needs_no_library() { ! ldd "$work/program" | grep thingspace && ldd "$work/program" | grep libcurl; }
works() { PATH=$work/build/cli:$PATH thingspace simulate -- thingspace list TestAccount-2; }

plan 11
check "configure" configure
check "make" run_make -j"$(nproc)"
check "no name is in two archives" no_name_twice
check "the command works" works
check "make install" run_make install DESTDIR="$root"
check "without shared objects" no_modules
check "a program links with pkg-config --libs" compile --cflags --libs thingspace
check "and needs no library of ours" needs_no_library
# All that libcurl may need has to be there for this: on Debian that is more than its package asks for.
if echo 'int main(void) { return 0; }' |
    $CC -o "$work/none" -x c - $(pkg-config --static --libs libcurl libcjson libsodium) >/dev/null 2>&1; then
    check "and with pkg-config --static" compile --static --cflags --libs thingspace
else
    skip "and with pkg-config --static" "libraries that libcurl names are missing"
fi
simulates() {
    echo 'int main(void) { return thingspace_simulator_start((void *)0, (void *)0, (void *)0) == 0; }' |
        $CC -o "$work/program" -include thingspace/simulator.h -x c - -x none \
            $(pkg_config --cflags --libs thingspace-simulator)
}
# shellcheck disable=SC2046
check "a program with the simulator inside links, too" simulates
check "make uninstall" run_make uninstall DESTDIR="$root"
