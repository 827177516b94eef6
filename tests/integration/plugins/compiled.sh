# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For tests of compiled plugins; sourced after lib.sh. A plugin is loaded from a copy: the build's
# folder may be writable by a group.

modules=$work/modules
mkdir -m 700 "$modules"

# module NAME: the copy's path.
module() {
    [ -f "$modules/$1.so" ] || cp "$top_builddir/plugins/.libs/$1.so" "$modules/$1.so"
    chmod 600 "$modules/$1.so"
    printf '%s' "$modules/$1.so"
}
