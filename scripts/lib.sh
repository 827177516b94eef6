# SPDX-License-Identifier: MIT
# Shared by demo.sh and test.sh: installs what is missing, builds.
# Sourced, not run. Sets `top` (the checkout) and leaves the current folder alone.

top=$(cd "$(dirname "$0")/.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

# What a build needs, and what the tests need besides.
build_packages="gcc make autoconf automake libtool pkg-config libcurl4-openssl-dev
  liblua5.4-dev libcjson-dev libsodium-dev libmicrohttpd-dev"
test_packages="libcunit1-dev jq curl openssl lua5.4 valgrind clang libclang-rt-14-dev
  clang-format cmark-gfm mandoc bash-completion zsh fish tmux procps g++ libluajit-5.1-dev
  util-linux abigail-tools locales mypy python3-dbg python3-dev python3-venv"

say() { printf '%s\n' "$*" >&2; }

missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            printf '%s ' "$package"
    done
}

# Installs packages as root or through sudo; else prints the line to run and ends.
need() {
    command -v dpkg-query >/dev/null ||
        { say "This script sets up Debian and its relatives. Elsewhere install: $*"; return 0; }
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    missing=${missing% }
    install="apt-get install -y --no-install-recommends $missing"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif ! command -v sudo >/dev/null; then
        say "Packages are missing. Run this line as root, then try again:"
        say "  apt-get update && $install"
        exit 1
    elif sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        say "Packages are missing. Run this line, then try again:"
        say "  sudo apt-get update && sudo $install"
        exit 1
    fi
    say "Installing, which may take minutes: $missing"
    output=$(mktemp)
    # shellcheck disable=SC2086
    { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive $install; } \
        >"$output" 2>&1 || {
        cat "$output" >&2
        rm -f "$output"
        exit 1
    }
    rm -f "$output"
}

# build DIR [configure options]: configures once, makes always; output goes to DIR/build.log.
build() {
    dir=$1
    shift
    mkdir -p "$dir"
    log=$dir/build.log
    {
        [ -x "$top/configure" ] || "$top/autogen.sh"
        [ -f "$dir/Makefile" ] || (cd "$dir" && "$top/configure" "$@")
        make -C "$dir" -j"$jobs"
    } >"$log" 2>&1 || {
        tail -n 40 "$log" >&2
        say "The build failed; all of its output is in $log"
        exit 1
    }
}
