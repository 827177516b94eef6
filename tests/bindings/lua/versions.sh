#!/bin/sh
# SPDX-License-Identifier: MIT
# Other Luas than 5.4 and 5.5 are refused with a sentence, before the part in C is loaded, and by that
# part, too, which is for one of the two.
. "$top_srcdir/tests/integration/lib.sh"
stage=$top_builddir/bindings/lua/stage
export LUA_PATH="$stage/?.lua" LUA_CPATH="$stage/?.so"
unset LUA_INIT

# refused COMMAND NAME: as far as it is there
refused() {
    if ! command -v "$1" >/dev/null 2>&1; then
        skip "$2 is refused" "$1 is not installed"
        return
    fi
    run "$1" -e 'require "thingspace"'
    exits "$2 is refused" 1
    like "$2 is told why" "*thingspace needs Lua 5.4 or 5.5, and this is $2*" "$err"
    run "$1" -e 'print(pcall(require, "thingspace")) print(package.loaded["thingspace.core"])'
    like "$2 goes on" "false*nil" "$out"
    # The interpreter knows nothing of a sanitizer in what it loads.
    run env ${SANITIZE_PRELOAD:+"LD_PRELOAD=$SANITIZE_PRELOAD"} "$1" -e 'require "thingspace.core"'
    exits "the part in C refuses $2, too" 1
    like "with the same sentence" "*thingspace needs Lua $LUA_SERIES, and this is another one*" "$err"
}
refused luajit LuaJIT
refused lua5.1 "Lua 5.1"
refused lua5.3 "Lua 5.3"

# Of 5.4 and 5.5 the one that the library was not built with: its own part in C refuses.
other=lua5.4
[ "$LUA_SERIES" = 5.5 ] || other=lua5.5
if command -v "$other" >/dev/null 2>&1; then
    run env ${SANITIZE_PRELOAD:+"LD_PRELOAD=$SANITIZE_PRELOAD"} "$other" -e 'require "thingspace"'
    exits "$other is refused" 1
    like "with the Lua that is needed" "*thingspace needs Lua $LUA_SERIES, and this is another one*" "$err"
else
    skip "$other is refused" "$other is not installed"
fi
end
