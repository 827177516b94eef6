#!/bin/sh
# SPDX-License-Identifier: MIT
# One scenario, three languages: scenario.json through C, Python and Lua, each beside a stand-in of its
# own, must give the same lines to the letter, but for
# ports, ids and the time.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
here=$top_srcdir/tests/bindings
# shellcheck source=tests/bindings/languages.sh
. "$here/languages.sh"
unset THINGSPACE_POLICY

if [ -n "$1" ]; then # in the stand-in
    case $1 in
    c) "$top_builddir/tests/bindings/scenario" "$here/scenario.json" ;;
    python) python "$here/scenario.py" "$here/scenario.json" ;;
    lua) lua "$here/scenario.lua" "$here/scenario.json" ;;
    esac
    exit
fi

# What steps `run` are given to: the words of tests/integration/lib.sh.
cat >"$work/shell" <<'END'
#!/bin/sh
unset LD_PRELOAD
control() {
    curl -sS --noproxy '*' -X "$1" ${3:+--data-binary "$3"} "$THINGSPACE_URL/simulator/$2" >/dev/null
}
fault() { control POST faults "$1"; }
faultless() { control DELETE faults; }
eval "$1"
END
chmod +x "$work/shell"
SCENARIO_SHELL=$work/shell
export SCENARIO_SHELL

# through LANGUAGE: its lines are in $work/LANGUAGE.out
through() {
    mkdir "$work/$1"
    cp "$here/scenario_plugin.lua" "$work/$1/tag.lua"
    cp "$here/scenario_plugin_test.lua" "$work/$1/tag_test.lua"
    (cd "$work/$1" && timeout 120 thingspace simulate -- sh "$here/compare.sh" "$1") >"$work/$1.lines" 2>"$work/err"
    is "$1 ends well" 0 "$?"
    sed 's/127\.0\.0\.1:[0-9]\{4,\}/HOST/g; s/\<[0-9a-f]\{32\}\>/ID/g
         s/20[0-9][0-9]-[0-9-]* [0-9:]* UTC/TODAY/' "$work/$1.lines" >"$work/$1.out"
    is "$1 says nothing else" "" "$(cat "$work/err")"
    is "$1 does every step" "$(jq '.steps | length' "$here/scenario.json")" "$(wc -l <"$work/$1.out")"
}
through c
for language in python lua; do
    if "has_$language"; then
        through "$language"
        is "$language does what C does" "" "$(diff "$work/c.out" "$work/$language.out" | head -n 20)"
    else
        skip "$language does what C does" "the binding was not built"
    fi
done

# What is compared is what is meant. The kinds that no function answers: see scenario.json.
for kind in $(sed -n 's/^ *X([A-Z]*, [0-9]*, "\([a-z]*\)", .*/\1/p' "$top_srcdir/core/include/thingspace/status.h"); do
    case $kind in ok | drift | memory | internal) continue ;; esac
    if grep -q "\"kind\":\"$kind\"" "$work/c.out"; then
        ok "an error of kind $kind is among them"
    else
        not_ok "an error of kind $kind is among them"
    fi
done
end
