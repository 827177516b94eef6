# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
# Sourced after ../lib.sh: the command as another user, without privileges.

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$@"; }

# can_be_nobody: whether that works here. A build that others cannot reach is copied to $work.
can_be_nobody() {
    [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null 2>&1 && chmod 755 "$work" || return 1
    as_nobody thingspace --version >/dev/null 2>&1 && return
    mkdir "$work/build" && cp "$top_builddir"/cli/.libs/thingspace \
        "$top_builddir"/core/.libs/*.so* "$top_builddir"/simulator/.libs/*.so* "$work/build"
    PATH=$work/build:$PATH LD_LIBRARY_PATH=$work/build
    export LD_LIBRARY_PATH
    as_nobody thingspace --version >/dev/null 2>&1
}
