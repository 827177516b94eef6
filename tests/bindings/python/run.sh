#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test of the Python binding, a program that prints TAP, with the interpreter that the binding
# was built for. Nothing is written beside the sources. A sanitized build needs its runtime in the
# process before anything else: leaks are looked for as well, threads only in the interpreter, since
# a shell does not start beside that runtime.
set -eu
python=${PYTHON:-python3}
here=${top_srcdir:?}/tests/bindings/python
PYTHONPATH=${top_builddir:?}/bindings/python/stage
export PYTHONPATH
unset THINGSPACE_POLICY PYTHONSTARTUP
sanitizer=
for name in asan tsan ubsan; do
    if ldd "$top_builddir/bindings/python/stage/thingspace/_core.abi3.so" | grep -q "lib$name"; then
        sanitizer=$(${CC:-cc} "-print-file-name=lib$name.so")
        break
    fi
done
case $sanitizer in
'') exec "$python" -B -W default "$@" ;;
*tsan*)
    TSAN_OPTIONS=suppressions=$here/threads.supp:${TSAN_OPTIONS:-}
    export TSAN_OPTIONS
    set -- env LD_PRELOAD="$sanitizer" "$python" -B -W default "$@"
    [ -z "${THINGSPACE_URL:-}" ] || exec "$@"
    exec "$top_builddir/cli/thingspace" simulate -- "$@"
    ;;
*)
    # One allocation each, so that what is lost is seen.
    PYTHONMALLOC=malloc
    LSAN_OPTIONS=suppressions=$here/leaks.supp:print_suppressions=0:${LSAN_OPTIONS:-}
    LD_PRELOAD=$sanitizer
    export PYTHONMALLOC LSAN_OPTIONS LD_PRELOAD
    exec "$python" -B -W default "$@"
    ;;
esac
