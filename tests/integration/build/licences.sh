#!/bin/sh
# SPDX-License-Identifier: MIT
# Every file says its licence in its first lines, or is one of the exceptions that REUSE.toml lists with
# their reasons: all files that git knows, or those of a tarball.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
cd "$top_srcdir" || exit 99
if [ -f config.status ] && ! { [ -e .git ] && command -v git >/dev/null; }; then
    skip_all "what is built lies among the sources"
fi

# What autotools put into a tarball has licences of its own, in their words; what is built is
# skipped by its place.
files() {
    if [ -e .git ] && command -v git >/dev/null; then
        git ls-files --cached | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
    else
        find . -type f | sed 's|^\./||' | grep -vE \
            '^(aclocal\.m4|configure|config\.h\.in|Makefile\.in|build-aux/.*|m4/(libtool|lt.*)\.m4|\.tarball-.*|_(build|inst)/.*)$' |
            while read -r file; do [ -f "$file.in" ] || made "$file" || echo "$file"; done
    fi
}
# Pages and completions that are written from tables, and are in the tarball.
made() {
    case $1 in
    docs/man/*.[1-8] | docs/lua-annotations/* | cli/completions/* | bindings/*/annotations/* | docs/site/*.html) return 0 ;;
    esac
    return 1
}

# As a list of patterns of the shell, in which * takes slashes, too.
exceptions() {
    awk '/^path = / { on = 1 } on; /^path = ".*"$|\]$/ { on = 0 }' REUSE.toml | grep -o '"[^"]*"' | tr -d '"' | sed 's|\*\*/|*|; s|\*\*|*|'
}
is_exception() {
    while read -r pattern; do
        # shellcheck disable=SC2254
        case $1 in
        $pattern) return 0 ;;
        esac
    done <"$work/exceptions"
    return 1
}

tag='SPDX-License-Identifier:'
without_licence() {
    xargs awk -v tag="$tag MIT" 'FNR <= 5 && index($0, tag) { print FILENAME }' <"$1" | sort -u >"$work/with"
    sort "$1" | comm -23 - "$work/with" | while read -r file; do
        [ ! -f "$file" ] || is_exception "$file" || echo "$file: no line \"$tag MIT\" among its first five"
    done
}
nothing() {
    "$@" | tee "$work/found"
    [ ! -s "$work/found" ]
}
finds_one_without() {
    echo 'no licence' >"$work/bare.c"
    echo "$work/bare.c" >"$work/one"
    ! nothing without_licence "$work/one"
}
# Each exception is of use.
useless() {
    while read -r pattern; do
        used=
        while read -r file; do
            # shellcheck disable=SC2254
            case $file in
            $pattern) used=yes && break ;;
            esac
        done <"$work/files"
        [ -n "$used" ] || echo "REUSE.toml: nothing is called $pattern"
    done <"$work/exceptions"
}
same_words() {
    grep -q '^MIT License$' LICENSE && [ "$(sed -n 's/^Copyright (c) //p' LICENSE)" = \
        "$(sed -n 's/^SPDX-FileCopyrightText = "\(.*\)"/\1/p' REUSE.toml | sort -u)" ]
}

files >"$work/files"
exceptions >"$work/exceptions"
plan 5
check "there are files" test "$(wc -l <"$work/files")" -gt 500
check "each says its licence" nothing without_licence "$work/files"
check "one that does not is found" finds_one_without
if [ -e .git ]; then
    check "each exception is of use" nothing useless
else
    ok "each exception is of use # SKIP a tarball has no .gitignore"
fi
check "the licence and its owners are those of LICENSE" same_words
