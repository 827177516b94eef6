#!/bin/sh
# SPDX-License-Identifier: MIT
# The Lua binding in the interpreter that the system has: each tests/bindings/lua/*.lua beside a
# stand-in of its own.
. "$top_srcdir/tests/integration/lib.sh"
need curl
[ -n "$LUA_INTERPRETER" ] || { echo "1..0 # SKIP there is no Lua $LUA_SERIES"; exit 0; }

tests=$top_srcdir/tests/bindings/lua
stage=$top_builddir/bindings/lua/stage
export LUA_PATH="$stage/?.lua;$tests/?.lua;;" LUA_CPATH="$stage/?.so;;"
unset LUA_INIT LUA_INIT_5_4 LUA_PATH_5_4 LUA_CPATH_5_4 LUA_INIT_5_5 LUA_PATH_5_5 LUA_CPATH_5_5
lua() { "$LUA_INTERPRETER" "$@"; }
# The interpreter knows nothing of a sanitizer in what it loads.
if [ -n "$SANITIZE_PRELOAD" ]; then
    lua() { LD_PRELOAD=$SANITIZE_PRELOAD "$LUA_INTERPRETER" "$@"; }
fi
if [ -n "$1" ]; then
    lua "$1"
    exit
fi

count=0
for script in "$tests"/*.lua; do
    name=$(basename "$script" .lua)
    [ "$name" != check ] || continue
    THINGSPACE_STATE_DIR=$work/state-$name
    export THINGSPACE_STATE_DIR
    timeout 120 thingspace simulate -- sh "$0" "$script" >"$work/out" 2>"$work/err"
    status=$?
    sed "s/^\(not \)\{0,1\}ok - /&$name: /" "$work/out"
    sed 's/^/# /' "$work/err"
    count=$((count + $(grep -cE '^(not )?ok - ' "$work/out") + 1))
    [ $status = 0 ] && echo "ok - $name: ends well" || echo "not ok - $name: ends well (exit $status)"
done
echo "1..$count"
