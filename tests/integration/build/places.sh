#!/bin/sh
# SPDX-License-Identifier: MIT
# The tarball where nothing is as usual: read-only sources; a user without a home; no network but the
# loopback; /tmp that cannot be written; eight jobs; umask 077. It builds, passes
# the tests of what is built, installs twice, uninstalls all of it and cleans up. Takes minutes: make
# check-build. Root is nobody in it; who is nobody already needs user namespaces.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"

command -v bwrap >/dev/null || skip_all "bwrap is not installed (bubblewrap)"
umask 022
chmod 755 "$work"
mkdir "$work/sources" "$work/build" "$work/temporary"
MAKEFLAGS='' make -C "$top_builddir" dist >"$work/dist.log" 2>&1 || {
    echo "Bail out! make dist: $(tail -n 3 "$work/dist.log")"
    exit 1
}
tar -xf "$top_builddir"/libthingspace-*.tar.xz -C "$work/sources" --strip-components=1
chmod -R a-w "$work/sources"
become=
if [ "$(id -u)" = 0 ]; then
    chown nobody "$work" "$work/build" "$work/temporary"
    become="--reuid=$(id -u nobody) --regid=$(id -g nobody) --clear-groups --inh-caps=-all"
    become="setpriv $become"
fi
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# confined COMMAND...: all files are read-only but those in the folders of the build; /tmp is empty, too.
# shellcheck disable=SC2086
confined() {
    bwrap --ro-bind / / --dev /dev --proc /proc --perms 0555 --tmpfs /tmp --bind "$work" "$work" \
        --ro-bind "$work/sources" "$work/sources" --remount-ro /tmp --unshare-net --unshare-ipc \
        --die-with-parent --chdir "$work/build" --unsetenv HOME --unsetenv MAKEFLAGS --unsetenv top_srcdir \
        --unsetenv top_builddir --setenv TMPDIR "$work/temporary" -- $become "$@"
}
writes_nothing_there() {
    confined sh -c '! touch /tmp/x 2>/dev/null && ! touch "$0/x" 2>/dev/null && touch "$1/x" && rm "$1/x"' \
        "$work/sources" "$work/temporary"
}
make_it() { confined make "$@"; }
install_it() { confined sh -c 'umask 077 && make install DESTDIR="$0"' "$work/root"; }
readable() {
    find "$work/root" -type f ! -perm -444 | head | tee "$work/unreadable"
    [ ! -s "$work/unreadable" ]
}
nothing_in() {
    find "$1" ! -type d | tee "$work/left"
    [ ! -s "$work/left" ]
}
# What the default build of a checkout installs: the same as the one here.
list_installed() { (cd "$work/root" && find . ! -type d -exec ls -ln {} + | awk '{ print $1, $5, $NF }' | sort -k3); }
same_again() {
    list_installed >"$work/first"
    install_it && list_installed >"$work/second"
    diff "$work/first" "$work/second"
}
cleans_up() {
    confined make distclean >"$work/clean.log" 2>&1 && nothing_in "$work/build"
}

plan 10
check "sources and /tmp cannot be written" writes_nothing_there
check "configure" confined "$work/sources/configure" -q CFLAGS=-O0
check "make -j8" make_it -s -j8
programs='tests/unit/base/test_json_parse docs/examples/epoll docs/examples/register docs/examples/secrets'
check "make check, a part of it" make_it -j4 check check_PROGRAMS="$programs" \
    TESTS='tests/unit/base/test_json_parse tests/integration/cli/tour.sh tests/integration/examples.sh
        tests/integration/build/install.sh tests/integration/build/symbols.sh'
check "make install, with umask 077" install_it
check "what is installed can be read by all" readable
check "a second make install changes nothing" same_again
check "make uninstall" confined make uninstall DESTDIR="$work/root"
check "it leaves nothing" nothing_in "$work/root"
check "make distclean leaves nothing" cleans_up
