#!/bin/sh
# SPDX-License-Identifier: MIT
# luarocks builds the module from its rockspec, against a libthingspace that is installed, and what it
# installs works.
. "$top_srcdir/tests/integration/lib.sh"
need luarocks
[ -n "$LUA_INTERPRETER" ] || { echo "1..0 # SKIP there is no Lua $LUA_SERIES"; exit 0; }
inside_simulator

# An installed library, as far as luarocks looks.
mkdir -p "$work/prefix" "$work/checkout/bindings"
ln -s "$top_srcdir/core/include" "$work/prefix/include"
ln -s "$top_builddir/core/.libs" "$work/prefix/lib"
cp -R "$top_srcdir/bindings/lua" "$work/checkout/bindings/"
chmod -R u+w "$work/checkout"
cd "$work/checkout" || exit 99
rocks() { luarocks --lua-version "$LUA_SERIES" --tree "$work/tree" "$@"; }
rockspec=bindings/lua/thingspace-dev-1.rockspec

run rocks lint "$rockspec"
exits "luarocks lint" 0
run rocks make "$rockspec" THINGSPACE_DIR="$work/prefix" CFLAGS='-O0 -fPIC'
exits "luarocks make" 0
cat >test.lua <<'END'
local thingspace = require "thingspace"
print(package.searchpath("thingspace.core", package.cpath))
thingspace.client():register("0000123456-00001", "CarrierService", "https://hooks.example.com/a")
print(thingspace.client():list("0000123456-00001")[1].serviceName)
END
LUA_PATH="$work/tree/share/lua/$LUA_SERIES/?.lua" LUA_CPATH="$work/tree/lib/lua/$LUA_SERIES/?.so"
export LUA_PATH LUA_CPATH
run env ${SANITIZE_PRELOAD:+LD_PRELOAD="$SANITIZE_PRELOAD"} "$LUA_INTERPRETER" test.lua
is "what it installs works" "$work/tree/lib/lua/$LUA_SERIES/thingspace/core.so
CarrierService" "$out$err"
end
