#!/bin/sh
# SPDX-License-Identifier: MIT
# What is generated for plugin writers is fresh and complete, and what the page shows works: every
# example of thingspace-plugin(7) is taken out of it and run through `plugin check`.
. "$top_srcdir/tests/integration/lib.sh"
need jq

page=$top_builddir/docs/man/thingspace-plugin.7
annotations=$top_builddir/docs/lua-annotations/thingspace.lua
generate=$top_builddir/docs/generate/generate

# as the rule of docs/local.mk does
version=$(sed -n "s/^#define PACKAGE_VERSION \"\(.*\)\"/\1/p" "$top_builddir/config.h")
"$generate" page <"$top_srcdir/docs/man/thingspace-plugin.7.in" |
    sed -e "s|@PACKAGE_VERSION@|$version|g" | grep -v '@ANNOTATIONS@' >"$work/page"
folder=$(sed -n 's/^\.Pa \(.*lua-annotations\) :$/\1/p' "$page")
grep -v "^\.Pa $folder :" "$page" >"$work/built"
# fresh WHAT A B
fresh() {
    if [ -s "$2" ] && cmp -s "$2" "$3"; then ok "$1"; else not_ok "$1" "$(diff "$2" "$3" | head -n 5)"; fi
}
fresh "the page is fresh" "$work/page" "$work/built"
"$generate" annotations >"$work/annotations"
fresh "the annotations are fresh" "$work/annotations" "$annotations"
# in a tarball they are in the sources, too
for file in docs/man/thingspace-plugin.7 docs/lua-annotations/thingspace.lua; do
    if [ -f "$top_srcdir/$file" ] && [ "$top_srcdir" != "$top_builddir" ]; then
        sed 's/^\.Pa .*lua-annotations :$//' "$top_srcdir/$file" >"$work/shipped"
        sed 's/^\.Pa .*lua-annotations :$//' "$top_builddir/$file" >"$work/built"
        fresh "the $file that is shipped is fresh" "$work/built" "$work/shipped"
    fi
done
run "$generate"
exits "the generator without words" 2
printf '.\\" @nothing@\n' >"$work/unknown"
if "$generate" page <"$work/unknown" >/dev/null; then not_ok "a marker that is unknown"; else ok "a marker that is unknown"; fi

# Every row of the table of fields.
awk '/define FIELD_MAP/ { on = 1 } on && /^typedef/ { exit } on' "$top_srcdir/core/plugin/fields.h" |
    tr '\n' ' ' | sed 's/ *\\ */ /g; s/X(/\n/g' |
    sed -n 's/^[A-Z_]*, *\([A-Z]*\), *"\([a-z_]*\)", *"\(fun\)*.*/\1 \2 \3/p' >"$work/fields"
missing=
while read -r handle name method; do
    handle=$(printf '%s' "$handle" | tr '[:upper:]' '[:lower:]')
    dot=.
    [ -z "$method" ] || dot=:
    grep -qE "^\.It Li $handle\\$dot$name( |\(|\$)" "$page" || missing="$missing $handle$dot$name"
    class="thingspace.$(printf '%s' "$handle" | cut -c1 | tr '[:lower:]' '[:upper:]')$(printf '%s' "$handle" | cut -c2-)"
    awk -v class="$class" -v field="$name" '
        $1 == "---@class" { inside = $NF == class }
        inside && $1 == "---@field" && $2 == field { found = 1 }
        END { exit !found }' "$annotations" || missing="$missing $class.$name"
done <"$work/fields"
is "every field is in the page and in the annotations" "" "$missing"
if [ "$(wc -l <"$work/fields")" -gt 50 ]; then ok "all of them"; else not_ok "all of them" "$(cat "$work/fields")"; fi
# Every rule of the check.
cat "$top_srcdir"/core/lua/source/*.c | grep -oE '"(syntax|manifest|[a-z]+(-[a-z]+)+)"' | tr -d '"' | sort -u >"$work/rules"
missing=
while read -r rule; do
    grep -qE "^\.It Li (.* )?$rule( |\$)" "$page" || missing="$missing $rule"
done <"$work/rules"
is "every rule of the check is in the page" "" "$missing"
if [ "$(wc -l <"$work/rules")" -ge 18 ]; then ok "all of them"; else not_ok "all of them" "$(cat "$work/rules")"; fi

sed -n 's/.*X([A-Z_]*, "\([a-z.:]*\)".*/\1/p' "$top_srcdir/core/plugin/capability.h" >"$work/capabilities"
while read -r capability; do
    if grep -qx "\.It Li $capability" "$page" && grep -q "\"$capability\"" "$annotations"; then
        ok "$capability is in both"
    else
        not_ok "$capability is in both"
    fi
done <"$work/capabilities"

# Members of policies are written by hand in both.
missing=
for class in Policy TenantScript Tenant PluginRow Limits Endpoint Listener Decision; do
    grep -q "^---@class.* thingspace\.$class\$" "$annotations" || missing="$missing $class"
done
sed -n '/^\.Sh THE TABLE/,/^\.Ss Patterns of URLs/p' "$top_srcdir/docs/man/thingspace-policy.5.in" |
    sed -n 's/^\.It Cm //p' | sed 's/ No = function.*//; s/ No = [^,]*//g; s/,/ /g; s/Cm//g' | tr ' ' '\n' |
    grep '^[a-z_]\{3,\}$' | sort -u >"$work/members"
while read -r member; do
    grep -q "^---@field $member? \|^---@field $member " "$annotations" || missing="$missing $member"
done <"$work/members"
is "every member of a policy is in the annotations" "" "$missing"
if [ "$(wc -l <"$work/members")" -ge 25 ]; then ok "all of them"; else not_ok "all of them" "$(cat "$work/members")"; fi

# The annotations are Lua: reading them finds no manifest, but no syntax error either.
json "the annotations are Lua" '[.findings[].rule] | index("syntax") == null and length > 0' \
    "$(thingspace plugin check --output json "$annotations" 2>/dev/null)"
if command -v mandoc >/dev/null; then
    warnings=$(mandoc -T lint -W warning "$page")
    is "the page is good mdoc" "" "$warnings"
else
    skip "the page is good mdoc" "no mandoc"
fi

# Examples: what stands between .Bd and .Ed after a line `example: FILE`.
mkdir "$work/examples"
cd "$work/examples" || exit 99
awk '/^\.\\" example: / { file = $3; gsub(/\\-/, "-", file); next }
     file && /^\.Bd/ { on = 1; next }
     file && /^\.Ed/ { on = 0; close(file); file = ""; next }
     on { gsub(/\\-/, "-"); gsub(/\\e/, "\\"); print > file }' "$page"
count=0
for file in *.lua; do
    case $file in *_test.lua) continue ;; esac
    run thingspace plugin check --output json "$file"
    exits "$file" 0
    json "without findings" '.findings == []' "$out"
    json "named as its file" ".name == \"${file%.lua}\"" "$out"
    printf '%s' "$out" | jq -r '.hooks[]' >>phases
    count=$((count + 1))
done
if [ "$count" -ge 8 ]; then ok "all of them"; else not_ok "all of them" "$count"; fi
phases=$(sort -u phases | tr '\n' ' ')
is "there is one of each phase" "accept audit check deliver error message request response " "$phases"
for file in *_test.lua; do
    run thingspace plugin test "$file"
    exits "$file, a test of the page" 0
done
compile=${CC:-cc}
if $compile -Wall -Werror -shared -fPIC "-I$top_srcdir/core/include" -o tag.so tag.c 2>err; then
    ok "the compiled one"
else
    not_ok "the compiled one" "$(cat err)"
fi
run thingspace plugin check ./tag.so
exits "passes its check" 0

# The walk-through: its files are written and its commands run in their order, on a terminal, as the
# README's tour; how long a hook took is not compared.
guide=$top_srcdir/docs/plugins.md
mkdir "$work/guide"
cd "$work/guide" || exit 99
awk '/^```lua$/ { kind = "lua"; next }
     /^```console$/ { kind = "console"; next }
     /^```/ { if (kind == "lua") print "END-OF-FILE"; kind = ""; next }
     kind == "lua" && /^-- [a-z_]*\.lua$/ { printf "cat >%s <<'"'END-OF-FILE'"'\n", $2 }
     kind == "lua"
     kind == "console" && /^\$ / {
         print "cat <<'"'END-OF-COMMAND'"'"; print; print "END-OF-COMMAND"; print substr($0, 3) }' \
    "$guide" >"$work/typed"
awk '/^```console$/ { on = 1; next } /^```/ { on = 0 } on' "$guide" >"$work/shown"
untimed() { tr -d '\r' | sed 's/  [0-9]* us$/  N us/'; }
if has_terminals; then
    sed -i '1i stty columns 200' "$work/typed"
    unset THINGSPACE_URL THINGSPACE_KEY THINGSPACE_KEY_FILE
    NO_COLOR=1 thingspace simulate -- script -qec "sh '$work/typed'" /dev/null </dev/null 2>/dev/null |
        untimed >"$work/answered"
    untimed <"$work/shown" >"$work/wanted"
    is "docs/plugins.md shows what is answered" "" "$(diff -u "$work/wanted" "$work/answered" 2>&1)"
    is "to eight commands" 8 "$(grep -c '^\$ ' "$work/shown")"
else
    skip "docs/plugins.md shows what is answered" "no script, or no terminals"
fi
end
