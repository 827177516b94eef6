#!/bin/sh
# SPDX-License-Identifier: MIT
# The binding built for the debug build of Python, which counts all references: test_references.py in it.
. "$top_srcdir/tests/integration/lib.sh"
need python3-dbg
[ -z "$SANITIZE_PRELOAD" ] || { echo "1..0 # SKIP sanitized"; exit 0; }
cat >"$work/facts.py" <<'END'
import sys, sysconfig
assert sys.version_info >= (3, 11) and hasattr(sys, "gettotalrefcount")
print(sysconfig.get_path("include"))
END
include=$(python3-dbg -B "$work/facts.py" 2>/dev/null) && [ -f "$include/Python.h" ] ||
    { echo "1..0 # SKIP there is no debug build of Python 3.11 with its headers"; exit 0; }

mkdir "$work/thingspace"
for file in "$top_srcdir"/bindings/python/thingspace/*.py; do
    ln -s "$file" "$work/thingspace/"
done
library=$top_builddir/core/.libs
# shellcheck disable=SC2086
$CC -std=gnu11 -O0 -shared -fPIC -DPy_LIMITED_API=0x030B0000 -DPy_REF_DEBUG -isystem "$include" \
    -I"$top_builddir" -I"$top_srcdir/core/include" "$top_srcdir"/bindings/python/core/*.c \
    -o "$work/thingspace/_core.abi3.so" -L"$library" -Wl,-rpath,"$library" -lthingspace || exit 99
PYTHONPATH=$work
export PYTHONPATH
unset top_builddir # the tests would take the package from there
thingspace simulate -- python3-dbg -B -W default "$top_srcdir/tests/bindings/python/test_references.py"
