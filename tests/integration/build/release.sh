#!/bin/sh
# SPDX-License-Identifier: MIT
# The release checklist: in a clone where everything is ready it says so and changes nothing; with one thing
# broken it says that one thing, in one line. It costs about eight seconds.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
need git sha256sum
[ -e "$top_srcdir/.git" ] || skip_all "not a checkout of git"

git() { command git -c user.name=tester -c user.email=tester@localhost -c gc.auto=0 "$@"; }
clone=$work/clone
# By itself, or as root with the checkout of somebody else, git asks whether that is meant.
git -c safe.directory='*' clone -q --no-tags "file://$(cd "$top_srcdir" && pwd)" "$clone" 2>"$work/err" ||
    skip_all "this checkout cannot be cloned: $(head -n 1 "$work/err")"
cd "$clone" || exit 99
# This checkout's script, which is perhaps not committed yet.
cp "$top_srcdir/scripts/release.sh" scripts/
version=$(sed -n 's/^AC_INIT(\[libthingspace\], \[\([^]]*\)\].*/\1/p' configure.ac)

# Once upon a time, so that no clock matters.
GIT_AUTHOR_DATE=2020-01-02T00:00:00Z GIT_COMMITTER_DATE=2020-01-02T00:00:00Z
export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
commit() { git add -A . && git commit -q --allow-empty -m "$1"; }
record() { # as --make leaves it behind
    mkdir -p build-release
    echo tarball >"build-release/libthingspace-$version.tar.xz"
    echo '{}' >"build-release/libthingspace-$version.spdx.json"
    printf 'commit %s\ndistcheck full\nreproducible yes\nsha256 %s\n' "$(git rev-parse HEAD)" \
        "$(sha256sum <"build-release/libthingspace-$version.tar.xz" | cut -d' ' -f1)" >build-release/record
}
sed -i 's/\.Dd [A-Z][a-z]* [0-9]*, [0-9]*/.Dd January 2, 2020/' docs/man/*.in cli/formats/man*.c
[ -f packaging/rpm/thingspace.spec ] ||
    { mkdir -p packaging/rpm && echo "Version: $version" >packaging/rpm/thingspace.spec; }
sed "s/^## $version - .*/## $version - 2020-01-02/" CHANGELOG.md >"$work/changelog" && cp "$work/changelog" CHANGELOG.md
sed '1s/UNRELEASED/unstable/' packaging/debian/changelog >"$work/changelog" &&
    cp "$work/changelog" packaging/debian/changelog
git tag -d "v$version" >/dev/null 2>&1
commit ready
ready=$(git rev-parse HEAD)
record

# What looks at the binary form is left out where that is not the matter.
mkdir "$work/fast"
printf '#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" != --out-file ] || : >"$2"; shift; done\n' >"$work/fast/abidw"
printf '#!/bin/sh\n' >"$work/fast/abidiff"
chmod +x "$work/fast/abidw" "$work/fast/abidiff"
quick() { PATH=$work/fast:$PATH CC=true scripts/release.sh --check >"$work/said" 2>"$work/complaint"; }

# edited FILE SED
edited() {
    sed "$2" "$1" >"$work/edited"
    ! cmp -s "$work/edited" "$1" || { echo "$2 changes nothing in $1"; return 1; }
    cp "$work/edited" "$1"
}
# says PATTERN: the last run failed with this line alone.
says() {
    cat "$work/said" "$work/complaint"
    [ "$(wc -l <"$work/said")" = 1 ] && grep -q "$1" "$work/said" &&
        grep -q "not ready: 1 to do" "$work/complaint"
}
begin_again() {
    git tag -l | xargs -r git tag -d >/dev/null
    git reset -q --hard "$ready"
    git clean -qfd
    record
}
# broken FILE SED PATTERN: it is committed, and PATTERN is what is said of it.
broken() {
    edited "$1" "$2" && commit broken && record && ! quick && says "$3"
    result=$?
    begin_again
    return $result
}

everything() { find . -printf '%p %s %T@ %m\n' | LC_ALL=C sort; }
is_ready() {
    everything >"$work/before"
    quick
    result=$?
    cat "$work/said" "$work/complaint"
    [ $result = 0 ] && grep -q "git tag -s v$version" "$work/said" && [ ! -s "$work/complaint" ]
}
changes_nothing() { everything | diff "$work/before" -; }
dirty() {
    echo more >>README.md
    ! quick && says '^README.md: is not as it is in HEAD: commit'
    result=$?
    begin_again
    return $result
}
untested() {
    commit later && ! quick && says 'was not made and tested: scripts/release.sh --make'
    result=$?
    begin_again
    return $result
}
recorded_as() { # FROM TO PATTERN
    sed -i "s/^$1\$/$2/" build-release/record
    ! quick && says "$3"
    result=$?
    begin_again
    return $result
}
altered_tarball() {
    echo more >>"build-release/libthingspace-$version.tar.xz"
    ! quick && says 'is not what was tested'
    result=$?
    begin_again
    return $result
}
taken() {
    git tag "v$version" HEAD~1 && ! quick && says 'is the tag of another commit: take the next version'
    result=$?
    begin_again
    return $result
}
refuses_words() {
    scripts/release.sh --chek >/dev/null 2>"$work/err"
    [ $? = 2 ] && grep -q Usage "$work/err"
}

# --make with a build that is none: whose tarball is the text of $1, in each of the two places.
made_of() {
    cat >autogen.sh <<END
#!/bin/sh
cat >configure <<'CONFIGURE'
#!/bin/sh
printf 'all distcheck:\\n\\t@echo \$\$@\\ndist:\\n\\techo $1 >libthingspace-$version.tar.xz\\nsbom:\\n\\techo {} >libthingspace-$version.spdx.json\\n' >Makefile
CONFIGURE
chmod +x configure
END
    commit "a build that is none" && MAKEFLAGS='' scripts/release.sh --make >"$work/said" 2>&1
}
makes() {
    made_of same || { cat "$work/said"; return 1; }
    grep -q 'distcheck: full; made twice the same: yes' "$work/said" && (cd build-release && sha256sum -c SHA256SUMS) &&
        quick && grep -q 'is ready' "$work/said"
    result=$?
    cat "$work/said" build-release/*
    begin_again
    return $result
}
makes_two() {
    # shellcheck disable=SC2016 # for make
    ! made_of '$(CURDIR)' && [ -f "build-release/other-libthingspace-$version.tar.xz" ] && ! quick &&
        says 'two tarballs of this commit differ'
    result=$?
    begin_again
    return $result
}

plan 26
check "a clone in which all is ready is ready" is_ready
check "and is as it was" changes_nothing
check "a version of the headers" broken core/include/thingspace/version.h 's/VERSION_PATCH .*/VERSION_PATCH 77/' \
    '^core/include/thingspace/version.h: says version .*77, configure.ac says'
check "that of Python" broken bindings/python/pyproject.toml 's/^version = .*/version = "77"/' '^bindings/python/pyproject.toml: says version 77'
check "that of Debian" broken packaging/debian/changelog '1s/([^)]*)/(77-1)/' '^packaging/debian/changelog: says version 77'
check "that of Fedora" broken packaging/rpm/thingspace.spec 's/^Version:.*/Version: 77/' \
    '^packaging/rpm/thingspace.spec: says version 77'
check "a rock of another version" broken bindings/lua/thingspace-dev-1.rockspec 's/^version = .*/version = "77-1"/' 'rockspec: says version 77'
check "a suite that is not named" broken packaging/debian/changelog '1s/unstable/UNRELEASED/' 'is UNRELEASED: name the suite'
check "a day that is not named" broken CHANGELOG.md 's/^## .* - 2020-01-02/## '"$version"' - unreleased/' '^CHANGELOG.md: .*write the day of the release'
check "a day that never was" broken CHANGELOG.md 's/2020-01-02$/2026-02-30/' '^CHANGELOG.md: .*write the day of the release'
check "another version on top" broken CHANGELOG.md '0,/^## /s/^## .*/## 77.0 - unreleased\n\n### ABI\n\nNone.\n\n&/' '^CHANGELOG.md: begins with 77.0'
check "no word on the ABI" broken CHANGELOG.md 's/^### ABI/### Abi/' 'has no "### ABI"'
check "no word on one of the libraries" broken CHANGELOG.md 's/libthingspace-simulator.so.0/the other/' 'does not name libthingspace-simulator.so.0'
check "what is not committed" dirty
check "what was left for later" broken core/base/status.c '1s|$| /* TO''DO */|' '^core/base/status.c:1: says TO''DO'
check "a page with an old date" broken docs/man/thingspace-policy.5.in 's/^\.Dd .*/.Dd June 1, 2019/' 'thingspace-policy.5.in: was changed on .* and says .Dd June 1, 2019'
check "a tarball of another commit" untested
check "a short distcheck" recorded_as 'distcheck full' 'distcheck short' 'short form: scripts/release.sh --make'
check "tarballs that differ" recorded_as 'reproducible yes' 'reproducible no' 'two tarballs of this commit differ'
check "a tarball that was not tested" altered_tarball
check "a version that was released" taken
check "words that it does not know" refuses_words

check "--make tests what it makes, and leaves what --check asks for" makes
check "tarballs that differ are kept and told" makes_two

# The real thing: the numbers of the library after a release.
if ! command -v abidiff >/dev/null || [ "$(uname -m)" != x86_64 ]; then
    ok "a function without its number # SKIP no abidiff, or not x86_64"
    ok "a break without its number # SKIP no abidiff, or not x86_64"
    exit 0
fi
begin_again
git tag v0.0.9
slow() { scripts/release.sh --check >"$work/said" 2>"$work/complaint"; }
to_do() { cat "$work/said" && grep -q "$1" "$work/said"; }
sed -i 's|^THINGSPACE_API.*|&\nTHINGSPACE_API int thingspace_later(void);|' core/include/thingspace/version.h
sed -i 's|^    thingspace_list;|    thingspace_later;\n&|' core/libthingspace.map
slow
check "a function without its number" to_do '^core/local.mk: something was added since v0.0.9 (0:0:0), -version-info is 0:0:0: make it 1:0:1'
sed -i '/thingspace_api_count/d' core/include/thingspace/services.h core/libthingspace.map
slow
check "a break without its number" to_do '^core/local.mk: something broke since v0.0.9 (0:0:0), -version-info is 0:0:0: make it 1:0:0'
