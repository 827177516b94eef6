#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test of the Python binding, a program that prints TAP, with the interpreter that the binding
# was built for. Nothing is written beside the sources. A sanitized build needs its runtime in the
# process before anything else; what the interpreter itself leaves behind is not looked at.
set -eu
python=${PYTHON:-python3}
module=${top_builddir:?}/bindings/python/.libs/_core.abi3.so
for name in asan tsan ubsan; do
    if ldd "$module" | grep -q "lib$name"; then
        LD_PRELOAD=$(${CC:-cc} "-print-file-name=lib$name.so")
        export LD_PRELOAD
        break
    fi
done
ASAN_OPTIONS=detect_leaks=0:$(printf %s "${ASAN_OPTIONS:-}")
export ASAN_OPTIONS
PYTHONPATH=$top_builddir/bindings/python/stage
export PYTHONPATH
unset THINGSPACE_POLICY PYTHONSTARTUP
exec "$python" -B -W default "$@"
