#!/bin/sh
# SPDX-License-Identifier: MIT
# LuaJIT exports the names of Lua; where it came first, the library refuses to start and names it.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

cat >"$work/program.c" <<'END'
#include <stdio.h>
#include <thingspace/thingspace.h>
#ifdef WITH_LUAJIT
extern int luaJIT_setmode(void *L, int index, int mode);
void *used = (void *)luaJIT_setmode;
#endif
int main(void)
{
    thingspace_client *client;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = thingspace_client_new(&client, NULL, &error);
    thingspace_client_free(client);
    printf("%s %s\n", thingspace_status_name(status), error.message);
    return 0;
}
END

folder=$top_builddir/core/.libs
export LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" THINGSPACE_KEY=key

# compile PROGRAM OPTION...
compile() {
    program=$1
    shift
    $CC -o "$program" -I"$top_srcdir/core/include" "$work/program.c" -Wl,--no-as-needed "$@" \
        -L"$folder" -lthingspace
}

starts() {
    "$work/plain" | tee "$work/said"
    grep -q '^ok ' "$work/said"
}

# refuses LIBRARY-TO-PRELOAD PROGRAM
refuses() {
    LD_PRELOAD=$1 "$2" | tee "$work/said"
    grep -q '^local .*luajit' "$work/said"
}

if is_sanitized "$folder/libthingspace.so"; then skip_all sanitized; fi
compile "$work/plain" || exit 99
compile "$work/linked" -DWITH_LUAJIT -lluajit-5.1 2>/dev/null || skip_all "no libluajit-5.1"
plan 3
check "with its own Lua it starts" starts
check "a program linked with LuaJIT is refused" refuses "" "$work/linked"
check "LuaJIT loaded first is refused" refuses libluajit-5.1.so.2 "$work/plain"
