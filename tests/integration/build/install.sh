#!/bin/sh
# SPDX-License-Identifier: MIT
# An installed library is found through pkg-config and works; uninstalling leaves nothing.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

root=$work/root

# Whatever the umask is.
umask 077
readable() {
    find "$root" -type f ! -perm -444 | head | tee "$work/unreadable"
    [ ! -s "$work/unreadable" ]
}
run_make() { MAKEFLAGS='' make -C "$top_builddir" "$1" DESTDIR="$root"; }

module=thingspace
pkg_config() {
    pc=$(find "$root" -name thingspace.pc)
    PKG_CONFIG_PATH=${pc%/*}:${PKG_CONFIG_PATH-} PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
        PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config "$@" "$module"
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

# $work/program.c, with what pkg-config says of $module
compile() {
    # shellcheck disable=SC2046
    $CC -Wall -Werror -o "$work/program" "$work/program.c" $(pkg_config --cflags --libs)
}

# A test of somebody else's, with a ThingSpace of its own inside.
write_test() {
    cat >"$work/program.c" <<'END'
#include <stdlib.h>
#include <thingspace/simulator.h>
#include <thingspace/thingspace.h>
int main(void)
{
    thingspace_simulator *simulator;
    if (thingspace_simulator_start(&simulator, NULL, NULL) != THINGSPACE_OK)
        return 1;
    setenv("THINGSPACE_URL", thingspace_simulator_url(simulator), 1);
    setenv("THINGSPACE_KEY", THINGSPACE_SIMULATOR_KEY, 1);
    setenv("THINGSPACE_SECRET", THINGSPACE_SIMULATOR_SECRET, 1);
    setenv("THINGSPACE_USERNAME", THINGSPACE_SIMULATOR_USERNAME, 1);
    setenv("THINGSPACE_PASSWORD", THINGSPACE_SIMULATOR_PASSWORD, 1);
    thingspace_client *client = NULL;
    int failed = thingspace_client_new(&client, NULL, NULL) != THINGSPACE_OK ||
                 thingspace_list(client, NULL, "TestAccount-2", NULL) != THINGSPACE_OK;
    thingspace_client_free(client);
    thingspace_simulator_stop(simulator);
    return failed;
}
END
}

run() {
    THINGSPACE_STATE_DIR=$work/state THINGSPACE_KEY=key LD_LIBRARY_PATH=$(pkg_config --variable=libdir | sed "s,^\($root\)*,$root,") \
        "$work/program"
}

# Without what is in folders that configure was given, or takes from systemd when the prefix is /usr.
not_told() {
    sed -n 's,^\(sysconfdir\|systemdsystemunitdir\|sysusersdir\|tmpfilesdir\) = \(/.*\),\2,p' \
        "$top_builddir/Makefile" | sed "s,^,$root," >"$work/told"
    grep -vFf "$work/told" || :
}
# Everything else is below the prefix.
stays_below() {
    prefix=$(pkg_config --variable=prefix)
    find "$root" ! -type d ! -path "$root${prefix#"$root"}/*" | not_told | tee "$work/outside"
    [ ! -s "$work/outside" ]
}

has_guides() {
    for file in c.md lua.md operations.md plugins.md python.md examples/epoll.c examples/plugin.c; do
        [ -n "$(find "$root" -path "*/doc/*/$file")" ] || return 1
    done
}

blank_is_refused() {
    ! MAKEFLAGS='' make -C "$top_builddir" install DESTDIR="$work/a root" >"$work/said" 2>&1 &&
        grep -q "root' has a blank in it, which libtool cannot take" "$work/said" && [ ! -e "$work/a root" ]
}

# libtool leaves the folders.
left_nothing() {
    find "$root" ! -type d | tee "$work/left"
    [ ! -s "$work/left" ]
}

[ -n "$(command -v pkg-config)" ] || skip_all "no pkg-config"
if is_sanitized "$top_builddir/core/.libs/libthingspace.so"; then skip_all sanitized; fi
plan 11
check "a DESTDIR with a blank is refused in clear words" blank_is_refused
check "make install" run_make install
check "all of it is below the prefix" stays_below
check "all of it can be read by all" readable
check "guides and examples are there" has_guides
write_program
check "a program compiles with pkg-config" compile
check "and runs" run
write_test
module=thingspace-simulator
check "a program with a simulator inside compiles" compile
check "and runs too" run
check "make uninstall" run_make uninstall
check "nothing is left" left_nothing
