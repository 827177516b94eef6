#!/bin/sh
# SPDX-License-Identifier: MIT
# check-tarball.sh SOURCES: makes the tarball of SOURCES (a checkout or an unpacked tarball) twice, each
# from a copy of its own, and compares the bytes. The second copy has another path, umask, time zone,
# locale, prefix, set of parts and, where root runs this, another user. Then it builds what came out in
# a third folder, whose sources are read-only, with no autotools, git, mandoc or network to be found.
#
#   CHECK_TARBALL_BUILD=no    leaves the last part out
#   CHECK_TARBALL_KEEP=DIR    puts the tarball there
#
# Takes some minutes: everything that writes pages is compiled twice.
set -eu
sources=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/thingspace-tarball.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
jobs=$(nproc 2>/dev/null || echo 2)
unset MAKEFLAGS MFLAGS MAKELEVEL SOURCE_DATE_EPOCH

say() { printf '%s\n' "$*"; }
fail() {
    say "$*" >&2
    exit 1
}

# copy FOLDER: what is committed, with its history; of a tarball, everything.
copy() {
    if [ -e "$sources/.git" ]; then
        git -c safe.directory='*' -c advice.detachedHead=false clone -q --no-hardlinks "file://$sources" "$1"
    else
        mkdir -p "$1"
        (cd "$sources" && tar -cf - .) | tar -xpf - -C "$1"
    fi
}

# make_tarball NAME FOLDER OPTIONS...: prepares and packs; a folder of the build beside the sources.
make_tarball() {
    name=$1 folder=$2
    shift 2
    {
        cd "$folder"
        [ -x configure ] || ./autogen.sh
        mkdir -p ../build-"$name"
        cd ../build-"$name"
        "$folder/configure" -q "$@"
        make -j"$jobs" dist
    } >"$work/$name.log" 2>&1 || {
        tail -n 30 "$work/$name.log" >&2
        fail "no tarball of the $name copy"
    }
}

mkdir -p "$work/one" "$work/another/place"
copy "$work/one/sources"
copy "$work/another/place/copy"
# In Turkish the small letter of I is not i.
locale=C
if localedef -i tr_TR -f UTF-8 "$work/tr_TR.UTF-8" >/dev/null 2>&1; then locale=tr_TR.UTF-8; fi
cat >"$work/another.sh" <<END
set -eu
umask 077
export LOCPATH='$work' LC_ALL=$locale TZ=Asia/Tokyo LANGUAGE=de HOME='$work/another'
work='$work' jobs='$jobs'
fail() { echo "\$*" >&2; exit 1; }
$(sed -n '/^make_tarball()/,/^}/p' "$0")
make_tarball another '$work/another/place/copy' --prefix='$work/prefix' --disable-python \\
    --disable-lua-binding --disable-tests --disable-shared CFLAGS=-O0
END

(umask 022 && TZ=UTC LC_ALL=C make_tarball one "$work/one/sources" CFLAGS=-O0)
: >"$work/another.log"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    chown -R nobody "$work/another" "$work/another.log"
    setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)" --clear-groups sh "$work/another.sh"
else
    sh "$work/another.sh"
fi
one=$(echo "$work"/one/build-one/*.tar.xz)
another=$(echo "$work"/another/place/build-another/*.tar.xz)
[ -s "$one" ] || fail "there is no tarball"
if ! cmp "$one" "$another"; then
    mkdir "$work/a" "$work/b"
    tar -xf "$one" -C "$work/a"
    tar -xf "$another" -C "$work/b"
    diff -rq "$work/a" "$work/b" | head -n 20
    tar -tvf "$one" >"$work/a.list"
    tar -tvf "$another" >"$work/b.list"
    diff "$work/a.list" "$work/b.list" | head -n 20
    fail "two tarballs of the same sources differ"
fi
say "the same bytes: $(sha256sum <"$one" | cut -d' ' -f1)"
[ -z "${CHECK_TARBALL_KEEP:-}" ] || cp "$one" "$CHECK_TARBALL_KEEP/"
[ "${CHECK_TARBALL_BUILD:-yes}" = yes ] || exit 0

# Tools that a tarball's build has no need of fail when they are called.
mkdir "$work/tools" "$work/unpacked" "$work/build"
for tool in aclocal autoconf autoheader autom4te automake autoreconf libtoolize m4 git mandoc groff cmark \
    cmark-gfm curl wget pip pip3; do
    printf '#!/bin/sh\necho "%s was called: $*" >&2\nexit 1\n' "$tool" >"$work/tools/$tool"
    chmod +x "$work/tools/$tool"
done
tar -xf "$one" -C "$work/unpacked"
unpacked=$(echo "$work"/unpacked/*)
chmod -R a-w "$unpacked"
cd "$work/build"
offline=
if unshare -n true 2>/dev/null; then offline='unshare -n'; fi
PATH=$work/tools:$PATH
export PATH
{
    $offline "$unpacked/configure" -q CFLAGS=-O0 &&
        $offline make -j"$jobs" &&
        $offline make install DESTDIR="$work/root"
} >"$work/build.log" 2>&1 || {
    tail -n 30 "$work/build.log" >&2
    fail "the tarball does not build by itself"
}
if grep 'was called' "$work/build.log"; then fail "the build called what it has no need of"; fi
# What is shipped is what is made.
for page in "$unpacked"/docs/man/*.[1-9] "$unpacked"/cli/completions/*; do
    [ "$(basename "$page")" = thingspace-plugin.7 ] || cmp "$page" "$work/build/${page#"$unpacked"/}"
done
say "the tarball builds by itself${offline:+, without network}"
