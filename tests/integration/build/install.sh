#!/bin/sh
# SPDX-License-Identifier: MIT
# An installed library is found through pkg-config and works; uninstalling leaves nothing.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

root=$work/root

run_make() { MAKEFLAGS='' make -C "$top_builddir" "$1" DESTDIR="$root"; }

pkg_config() {
    pc=$(find "$root" -name thingspace.pc)
    PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
        PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config "$@" thingspace
}

write_program() {
    cat >"$work/program.c" <<'END'
#include <string.h>
#include <thingspace/thingspace.h>
int main(void)
{
    thingspace_client *client;
    if (strncmp(thingspace_version(), "0.", 2) != 0 || thingspace_service_count() == 0)
        return 1;
    if (thingspace_client_new(&client, NULL, NULL) != THINGSPACE_OK)
        return 2;
    thingspace_client_free(client);
    return 0;
}
END
}

compile() {
    write_program
    # shellcheck disable=SC2046
    $CC -Wall -Werror -o "$work/program" "$work/program.c" $(pkg_config --cflags --libs)
}

run() {
    THINGSPACE_KEY=key LD_LIBRARY_PATH=$(pkg_config --variable=libdir | sed "s,^\($root\)*,$root,") \
        "$work/program"
}

# Everything is below the prefix.
stays_below() {
    prefix=$(pkg_config --variable=prefix)
    find "$root" ! -type d ! -path "$root${prefix#"$root"}/*" | tee "$work/outside"
    [ ! -s "$work/outside" ]
}

# libtool leaves the folders.
left_nothing() {
    find "$root" ! -type d | tee "$work/left"
    [ ! -s "$work/left" ]
}

[ -n "$(command -v pkg-config)" ] || skip_all "no pkg-config"
if is_sanitized "$top_builddir/core/.libs/libthingspace.so"; then skip_all sanitized; fi
plan 6
check "make install" run_make install
check "all of it is below the prefix" stays_below
check "a program compiles with pkg-config" compile
check "and runs" run
check "make uninstall" run_make uninstall
check "nothing is left" left_nothing
