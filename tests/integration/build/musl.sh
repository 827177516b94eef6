#!/bin/sh
# SPDX-License-Identifier: MIT
# Every source of the library, the simulator, the command and the plugins compiles with musl's headers
# and no warning of gcc. Only compiles: Debian has neither libcurl nor Lua for musl, so there is nothing
# to link with; their headers are those of the system. Takes some seconds: make check-build.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

command -v musl-gcc >/dev/null || skip_all "musl-gcc is not installed (musl-tools)"
command -v pkg-config >/dev/null || skip_all "pkg-config is not installed"
# The headers of the libraries and of the kernel, and none of the system's C library.
headers=$work/headers
mkdir "$headers"
multiarch=/usr/include/$(gcc -print-multiarch)
for name in cjson curl sodium sodium.h microhttpd.h lua5.4 linux asm asm-generic lua5.4-deb-multiarch.h; do
    for folder in /usr/include "$multiarch"; do
        if [ -e "$folder/$name" ] && [ ! -e "$headers/$name" ]; then ln -s "$folder/$name" "$headers/$name"; fi
    done
done
[ -e "$headers/lua5.4" ] && [ -e "$headers/curl" ] || skip_all "the headers are elsewhere than on Debian"
# The build's configuration, but for what musl lacks.
sed '/ADDCLOSEFROM_NP/d' "$top_builddir/config.h" >"$work/config.h"

compiles() {
    # shellcheck disable=SC2086
    (cd "$top_srcdir" && musl-gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I"$work" -Icore/include -Icore \
        -I. -Isimulator/include -DPKGLIBEXECDIR='"/x"' -DPLUGIN_PATH='"/x"' -idirafter "$headers" \
        -idirafter "$headers/lua5.4" $1)
}
set -- core/base core/catalogue core/http core/auth core/plugin core/policy core/lua core/client core/callbacks \
    simulator cli
plan $(($# + 1))
for room in "$@"; do
    check "$room" compiles "$(cd "$top_srcdir" && find "$room" -name '*.c' | sort | tr '\n' ' ')"
done
# As theirs are built: with the one header, without config.h.
plugins() {
    # shellcheck disable=SC2046
    (cd "$top_srcdir" && musl-gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -Icore/include \
        -idirafter "$headers" $(find plugins -name '*.c'))
}
check "plugins" plugins
