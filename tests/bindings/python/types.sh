#!/bin/sh
# SPDX-License-Identifier: MIT
# The stubs are what the package is, and what the guide and the examples show passes `mypy --strict`.
. "$top_srcdir/tests/integration/lib.sh"
need mypy

# Both leave a cache in the current folder.
cd "$work" || exit 99
export PYTHONDONTWRITEBYTECODE=1
stage=$top_builddir/bindings/python/stage

# The checker's own Python loads the module; it may be another than the one it was built for.
if command -v stubtest >/dev/null && ! ldd "$stage/thingspace/_core.abi3.so" | grep -q 'lib[atu][a-z]*san'; then
    run env PYTHONPATH="$stage" stubtest thingspace --concise --ignore-unused-allowlist \
        --allowlist "$top_srcdir/tests/bindings/python/stubtest.allow"
    is "the stubs are the package" "" "$(printf '%s' "$out" | grep -v '^Success')"
else
    skip "the stubs are the package" "no stubtest, or a sanitized build"
fi

# accepts WHAT FILE...
accepts() {
    what=$1
    shift
    run env MYPYPATH="$stage" mypy --strict --enable-error-code possibly-undefined "$@"
    if [ "$status" = 0 ]; then ok "$what"; else not_ok "$what" "$out" "$err"; fi
}
# Blocks of the guide, each a program of its own.
mkdir "$work/guide"
awk -v folder="$work/guide" '
    /^```python$/ { on = 1; file = sprintf("%s/block_%02d.py", folder, ++count); next }
    /^```/ { on = 0 }
    on { print > file }' "$top_srcdir/docs/python.md"
for file in "$work/guide"/*.py "$top_srcdir"/docs/examples/*.py; do
    [ ! -f "$file" ] || accepts "mypy --strict: ${file##*/}" "$file"
done
accepts "mypy --strict: the build" "$top_srcdir/bindings/python/build_backend.py"

# It tells what is wrong, too.
cat >"$work/wrong.py" <<'END'
import thingspace

client = thingspace.Client()
client.register("a", "b", 5)
client.hook("nothing")
client.hook(print)
END
run env MYPYPATH="$stage" mypy --strict "$work/wrong.py"
is "and refuses what is wrong" 3 "$(printf '%s\n' "$out" | grep -c 'wrong.py:[456]: error')"
end
