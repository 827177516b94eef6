#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/lua.md: every block of Lua is a file that its first line names, every line with a prompt is
# run, and the answers are compared to the letter. The block of the installation is not run.
. "$top_srcdir/tests/integration/lib.sh"
[ -n "$LUA_INTERPRETER" ] || { echo "1..0 # SKIP there is no Lua $LUA_SERIES"; exit 0; }
inside_simulator

guide=$top_srcdir/docs/lua.md
stage=$top_builddir/bindings/lua/stage
export LUA_PATH="$stage/?.lua;;" LUA_CPATH="$stage/?.so;;" THINGSPACE_STATE_DIR="$work/state"
mkdir "$work/files" "$work/bin"
printf '#!/bin/sh\n%s exec "%s" "$@"\n' "${SANITIZE_PRELOAD:+LD_PRELOAD=$SANITIZE_PRELOAD}" \
    "$LUA_INTERPRETER" >"$work/bin/lua5.4"
chmod +x "$work/bin/lua5.4"
PATH=$work/bin:$PATH
cd "$work/files" || exit 99

awk '/^```$/ { out = "" } out { print > out }
     wanted { out = $2; print > out; wanted = 0 }
     /^```lua$/ { wanted = 1 }' "$guide"
awk '/^```$/ { wanted = 0 } wanted { print } /^```console$/ { wanted = 1 }' "$guide" >../expected
grep '^\$ ' ../expected >../commands
while IFS= read -r line; do
    printf '%s\n' "$line"
    eval "${line#??}" 2>&1
done <../commands >../actual

is "every block of Lua is a file" "$(grep -c '^```lua$' "$guide")" "$(find . -name '*.lua' | wc -l)"
for file in *.lua; do
    like "$file is used" "*$file*" "$(cat ../commands guarded.lua)"
done
is "two blocks are not run, for installing" 2 "$(grep -c '^```sh$' "$guide")"
is "every answer is the one that the guide shows" "" "$(diff -u ../expected ../actual 2>&1)"
end
