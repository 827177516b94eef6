#!/bin/sh
# SPDX-License-Identifier: MIT
# The options of configure: every optional part is yes, no or auto, `yes` fails in words that tell what
# is missing, and flags stay the user's. Each case is a whole run of configure, so this takes a minute:
# make check-build.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

mkdir "$work/build" "$work/modules"
# configure OPTION...: with what the build's configure has found out.
configure() {
    sed -n '/^## Cache variables/,/^## Output/p' "$top_builddir/config.log" |
        grep '^[a-z]*_cv_' | grep -v '^ac_cv_\(env\|path\)_' >"$work/cache"
    (cd "$work/build" && "$top_srcdir/configure" --cache-file="$work/cache" "$@" 2>&1) >"$work/said"
}
# refuses PATTERN OPTION...
refuses() {
    pattern=$1
    shift
    if configure "$@"; then
        echo "it was taken"
        return 1
    fi
    tail -n 3 "$work/said"
    grep -q -e "$pattern" "$work/said"
}
# summary PATTERN OPTION...: what the end says
summary() {
    pattern=$1
    shift
    configure "$@" || return 1
    sed -n '/^configure:$/,$p' "$work/said"
    sed -n '/^configure:$/,$p' "$work/said" | grep -q -e "$pattern"
}

# Modules as they are, without some.
hide() {
    rm -f "$work"/modules/*
    for module in libcurl libcjson libsodium libmicrohttpd cunit lua5.4; do
        case " $* " in
        *" $module "*) ;;
        *) printf 'Name: %s\nDescription: none\nVersion: %s\nLibs: %s\nCflags: %s\n' "$module" \
            "$(pkg-config --modversion "$module")" "$(pkg-config --libs "$module")" \
            "$(pkg-config --cflags "$module")" >"$work/modules/$module.pc" ;;
        esac
    done
}
hidden() {
    what=$1
    shift
    "$what" "$@" PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$work/modules"
}

for module in libcurl libcjson libsodium libmicrohttpd cunit lua5.4; do
    pkg-config --exists "$module" || skip_all "this needs $module"
done
plan 24
hide libmicrohttpd
check "no libmicrohttpd, no simulator" hidden summary \
    'simulator  *no  (needs libmicrohttpd 0.9.71 or newer (not found; Debian: libmicrohttpd-dev))'
check "nor unit tests" hidden summary 'unit tests  *no  (need the simulator)'
check "--enable-simulator then fails" hidden refuses \
    'enable-simulator needs libmicrohttpd 0.9.71 or newer (not found; Debian: libmicrohttpd-dev)' --enable-simulator
check "so does --enable-tests" hidden refuses 'enable-tests: they need the simulator' --enable-tests
hide cunit
check "no CUnit, no unit tests" hidden summary 'unit tests  *no  (need cunit 2.1 or newer (not found; Debian: libcunit1-dev))'
check "--enable-tests then fails" hidden refuses 'enable-tests: they need cunit' --enable-tests
check "all that can be left out" summary 'simulator  *no$' --disable-simulator --disable-tests --disable-python \
    --disable-lua-binding --disable-compiled-plugins --with-bash-completion-dir=no --with-zsh-completion-dir=no \
    --with-fish-completion-dir=no --with-systemdsystemunitdir=no
for part in 'compiled plugins' Python Lua 'systemd units' 'unit tests'; do
    check "$part: no" grep -q "^  $part  *no" "$work/said"
done
check "completion: no" grep -q 'fish: no' "$work/said"
check "--enable-python without Python" refuses 'enable-python: .* is older than 3.11, or is not CPython' \
    --enable-python PYTHON=/bin/false
check "auto says why" summary 'Python  *no  (.*is older than 3.11' PYTHON=/bin/false
for part in python lua-binding compiled-plugins; do
    check "--enable-$part with --disable-shared" refuses "enable-$part: modules are shared libraries" \
        --disable-shared --enable-$part
done
check "static libraries alone" summary 'libraries  *shared no, static yes' --disable-shared --enable-static
check "--enable-simulator=maybe" refuses 'is yes, no or auto' --enable-simulator=maybe
check "an unknown sanitizer" refuses 'enable-sanitizers=none: .* makes no program' --enable-sanitizers=none
check "a sanitized build, and back" summary 'sanitizers  *no$'
check "the flags of the user are told" summary "CFLAGS '-O0 -DMINE', LDFLAGS '-Wl,-z,relro'" --disable-python \
    CFLAGS='-O0 -DMINE' LDFLAGS=-Wl,-z,relro
# No -O and no -g of ours, also where make is given others.
own_flags() {
    MAKEFLAGS='' make -C "$work/build" -n V=1 "$@" core/libthingspace.la cli/thingspace >"$work/lines" 2>&1 || return 1
    grep -c -e '-DMINE' "$work/lines" &&
        ! grep -e '--mode=compile' "$work/lines" | grep -v -e '-O0 -DMINE' &&
        ! grep -e '--mode=link' "$work/lines" | grep -v -e 'Wl,-z,relro' &&
        ! grep -E -e ' -(O[1-9s]|g[0-9]*|march[^ ]*|fno-stack-protector)( |$)' "$work/lines"
}
check "and every line has them, with no others of their kind" own_flags
