#!/bin/sh
# SPDX-License-Identifier: MIT
# Every public function has a binding in Python and in Lua: functions.txt says where, and that is looked
# for in the modules as they were built. A new function fails this test until it is in both.
. "$top_srcdir/tests/integration/lib.sh"
need curl nm
inside_simulator

here=$top_srcdir/tests/bindings
# shellcheck source=tests/bindings/languages.sh
. "$here/languages.sh"
table=$work/table
grep -v '^#' "$here/functions.txt" >"$table"
sed -n 's/^ *\(thingspace_[a-z_]*\);/\1/p' "$top_srcdir/core/libthingspace.map" | sort >"$work/map"
awk '{ print $1 }' "$table" | sort >"$work/told"
is "the table has every public function, once" "" "$(diff "$work/map" "$work/told")"
is "each with a name in Python and in Lua" "" "$(awk 'NF < 3 || NF > 4' "$table")"

# imports LANGUAGE MODULE: the module uses every function, or the one that does the same.
imports() {
    nm -D --undefined-only "$2" | sed -n 's/.* \(thingspace_[a-z_]*\).*/\1/p' | sort >"$work/imported"
    awk '{ print (NF > 3 ? $4 : $1) }' "$table" | sort -u >"$work/wanted"
    is "$1 uses every function" "" "$(comm -23 "$work/wanted" "$work/imported")"
}

if has_python; then
    imports Python "$python_module"
    run python "$here/functions.py" <<END
$(awk '{ print $2 }' "$table")
END
    is "Python has every name" "" "$out$err"
else
    skip "Python has every name" "the Python binding was not built"
fi

if has_lua; then
    imports Lua "$lua_module"
    fault 'POST /callbacks/* header="Shared-Key: s3cr3tk3y"' >/dev/null
    run lua "$here/functions.lua" <<END
$(awk '{ print $3 }' "$table")
END
    is "Lua has every name" "" "$out$err"
else
    skip "Lua has every name" "the Lua binding was not built"
fi
end
