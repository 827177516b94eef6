# SPDX-License-Identifier: MIT
# The two other languages, as they were built: python and lua run a program with the module in reach.
# Sourced after tests/integration/lib.sh. A sanitizer is loaded before an interpreter that has none.
python_module=$top_builddir/bindings/python/stage/thingspace/_core.abi3.so
lua_module=$top_builddir/bindings/lua/stage/thingspace/core.so

has_python() { [ -f "$python_module" ] && [ -d "$top_builddir/bindings/python/stage" ]; }
has_lua() { [ -f "$lua_module" ] && [ -n "$LUA_INTERPRETER" ]; }

python() { PYTHON="${PYTHON:-python3}" sh "$top_srcdir/tests/bindings/python/run.sh" "$@"; }

LUA_PATH="$top_builddir/bindings/lua/stage/?.lua;;"
LUA_CPATH="$top_builddir/bindings/lua/stage/?.so;;"
export LUA_PATH LUA_CPATH
unset LUA_INIT LUA_INIT_5_4 LUA_PATH_5_4 LUA_CPATH_5_4
lua() { env ${SANITIZE_PRELOAD:+LD_PRELOAD="$SANITIZE_PRELOAD"} "$LUA_INTERPRETER" "$@"; }
