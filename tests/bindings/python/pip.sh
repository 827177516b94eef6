#!/bin/sh
# SPDX-License-Identifier: MIT
# The package in a virtual environment, without a package index: pip builds it against an installed
# libthingspace; and what `make install` puts beside the library, which `pip list` sees.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$top_srcdir/tests/integration/build/checks.sh"

root=$work/root
source=$work/source
export PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
unset PYTHONPATH THINGSPACE_PREFIX PKG_CONFIG_PATH

install_all() { MAKEFLAGS='' make -C "$top_builddir" install DESTDIR="$root"; }

# In words, before libtool fails without them.
refuses_another_prefix() {
    ! MAKEFLAGS='' make -C "$top_builddir" install-exec-local prefix=/nonexistent \
        pyexecdir=/nonexistent/python >"$work/out" 2>&1 &&
        grep -q 'give the prefix to configure' "$work/out"
}

# Where the library's files are, below $root.
locate() {
    library=$(dirname "$(find "$root" -name libthingspace.so)")
    prefix=${library%/lib*}
    installed=$(dirname "$(find "$root" -name '_core.abi3.so')")
    [ -d "$library" ] && [ -d "$installed" ]
}

# pip needs no more than these: the sources may be read-only.
copy_sources() {
    mkdir "$source" && cp -R "$top_srcdir/bindings/python/core" "$top_srcdir/bindings/python/thingspace" \
        "$top_srcdir/bindings/python/README.md" "$top_srcdir/bindings/python/build_backend.py" \
        "$top_srcdir/bindings/python/pyproject.toml" "$source" && chmod -R u+w "$source"
}

make_environment() { "$PYTHON" -m venv "$work/venv"; }

pip() { LD_LIBRARY_PATH=$library "$work/venv/bin/python" -m pip "$@"; }
in_venv() { (cd / && LD_LIBRARY_PATH=$library "$work/venv/bin/python" "$@"); }

# A clear word, and no stack of calls, when the library is not there.
fails_clearly() {
    ! PKG_CONFIG_LIBDIR=/nonexistent pip install "$source" >"$work/out" 2>&1 &&
        grep -q 'libthingspace .* is not found. Install it first' "$work/out" &&
        ! grep -q Traceback "$work/out"
}
fails_for_a_wrong_prefix() {
    ! THINGSPACE_PREFIX=/nonexistent pip install "$source" >"$work/out" 2>&1 &&
        grep -q 'THINGSPACE_PREFIX is /nonexistent' "$work/out"
}
install_with_pip() { THINGSPACE_PREFIX=$prefix pip install "$source"; }
is_listed() { pip list | grep -E '^thingspace +0\.'; }
is_typed() { [ -f "$work"/venv/lib/python*/site-packages/thingspace/py.typed ]; }
works() {
    in_venv -c 'import thingspace
with thingspace.Client(policy_text="return { name = \"none\", accounts = {} }") as client:
    assert client.accounts == []
    assert thingspace.__version__.startswith("0.")'
}
# With the folder of the command in PATH: in $root it is not where it was configured to be.
runs_the_command() {
    [ "$(PATH="$prefix/bin:$PATH" in_venv -m thingspace --version)" = \
        "$(LD_LIBRARY_PATH=$library "$prefix/bin/thingspace" --version)" ] &&
        ! PATH="$prefix/bin:$PATH" in_venv -m thingspace nonsense 2>/dev/null
}
# A library somewhere else, and no command in PATH.
tells_that_there_is_no_command() {
    mkdir "$work/lonely" && cp -P "$library"/libthingspace.so* "$work/lonely" || return 1
    (cd / && ! PATH=/nonexistent LD_LIBRARY_PATH=$work/lonely "$work/venv/bin/python" -m thingspace) \
        2>"$work/out"
    [ "$(wc -l <"$work/out")" = 1 ] && grep -q 'the command is not installed' "$work/out"
}
uninstalls() { pip uninstall -y thingspace && ! in_venv -c 'import thingspace' 2>/dev/null; }
sdist_installs() {
    mkdir "$work/dist" &&
        (cd "$source" && "$PYTHON" -B -c 'import build_backend, sys
build_backend.build_sdist(sys.argv[1])' "$work/dist") &&
        CFLAGS=-O0 THINGSPACE_PREFIX=$prefix pip install "$work"/dist/thingspace-*.tar.gz && works
}
wheel_is_for_every_later_python() {
    mkdir "$work/wheels" && CFLAGS=-O0 THINGSPACE_PREFIX=$prefix pip wheel -w "$work/wheels" "$source" &&
        ls "$work"/wheels/thingspace-*-cp311-abi3-*.whl
}

installed_works() {
    cd / && PYTHONPATH=${installed%/thingspace} LD_LIBRARY_PATH=$library "$PYTHON" -c 'import thingspace
assert thingspace.__file__.startswith("'"$root"'"), thingspace.__file__' &&
        PYTHONPATH=${installed%/thingspace} LD_LIBRARY_PATH=$library "$PYTHON" -m thingspace --version
}
# What is listed is what there is, but for pip's own means to remove it.
installed_is_listed() {
    "$PYTHON" -c 'import importlib.metadata as m, sys
found = [d for d in m.distributions(path=[sys.argv[1]]) if d.metadata["Name"] == "thingspace"]
assert len(found) == 1 and found[0].read_text("INSTALLER").strip() == "make", found
print(found[0].version)' "${installed%/thingspace}"
}
version_is_the_librarys() {
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$top_srcdir/bindings/python/pyproject.toml")
    [ "$version" = "$(sed -n 's/^#define PACKAGE_VERSION "\(.*\)"/\1/p' "$top_builddir/config.h")" ]
}

if is_sanitized "$top_builddir/core/.libs/libthingspace.so"; then skip_all sanitized; fi
"$PYTHON" -c 'import venv, ensurepip' 2>/dev/null || skip_all "$PYTHON has no venv"
plan 20
check "the version is the library's" version_is_the_librarys
check "make install" install_all
check "and in no other place than it was configured for" refuses_another_prefix
check "the library and the package are there" locate
check "the installed package works" installed_works
check "and is listed" installed_is_listed
check "the sources alone" copy_sources
check "a virtual environment" make_environment
check "without the library pip tells what is missing" fails_clearly
check "so it does with a prefix that has none" fails_for_a_wrong_prefix
check "pip installs without an index" install_with_pip
check "the package is listed" is_listed
check "and typed" is_typed
check "and works" works
check "python -m thingspace is the command" runs_the_command
check "or tells that it is not there" tells_that_there_is_no_command
check "pip removes it" uninstalls
check "the source archive installs" sdist_installs
check "a wheel is for every later Python" wheel_is_for_every_later_python
bytecode() { ! find "$top_srcdir/bindings" -name '*.pyc' -newer "$work/venv" | grep .; }
check "no bytecode is left beside the sources" bytecode
