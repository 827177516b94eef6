#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/lua.md is run, but for the installation.
. "$top_srcdir/tests/integration/lib.sh"
[ -n "$LUA_INTERPRETER" ] || { echo "1..0 # SKIP there is no Lua $LUA_SERIES"; exit 0; }
. "$top_srcdir/tests/bindings/walk.sh"
inside_simulator

stage=$top_builddir/bindings/lua/stage
export LUA_PATH="$stage/?.lua;;" LUA_CPATH="$stage/?.so;;" THINGSPACE_STATE_DIR="$work/state"
mkdir "$work/bin"
printf '#!/bin/sh\n%s exec "%s" "$@"\n' "${SANITIZE_PRELOAD:+LD_PRELOAD=$SANITIZE_PRELOAD}" \
    "$LUA_INTERPRETER" >"$work/bin/lua5.4"
chmod +x "$work/bin/lua5.4"
PATH=$work/bin:$PATH
walk "$top_srcdir/docs/lua.md" lua guarded.lua
is "two blocks are not run, for installing" 2 "$(grep -c '^```sh$' "$guide")"
end
