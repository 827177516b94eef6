#!/bin/sh
# SPDX-License-Identifier: MIT
# The release checklist.
#
#   scripts/release.sh --check           # says what is missing, one line each; changes nothing
#   scripts/release.sh --make [--quick]  # builds and tests the tarball of HEAD twice, in build-release/
#
# --make clones HEAD to two places, makes the tarball in each and compares them, runs distcheck (--quick:
# with few tests), writes the sums and the SBOM, and a record of the commit, which --check asks for. Nothing
# is tagged, signed or sent: when all is well, --check prints the commands for that.
# The status is 0 when nothing is missing, 1 otherwise, 2 for wrong words.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
# Even `git status` writes, unless it is told not to.
LC_ALL=C GIT_OPTIONAL_LOCKS=0
export LC_ALL GIT_OPTIONAL_LOCKS
cd "$top" || exit 2
out=build-release
failures=0
checks=0

usage() {
    echo "Usage: scripts/release.sh --check | --make [--quick]" >&2
    exit 2
}

# fail WHERE WHAT: one line that says what to do.
fail() {
    echo "$1: $2"
    failures=$((failures + 1))
}
# check NAME: runs check_NAME.
check() {
    checks=$((checks + 1))
    "check_$1"
}

version=$(sed -n 's/^AC_INIT(\[libthingspace\], \[\([^]]*\)\].*/\1/p' configure.ac)
tarball=libthingspace-$version.tar.xz

# number_is FILE FOUND: the version that FILE says.
number_is() {
    [ -f "$1" ] || { fail "$1" "is missing: a release has it"; return; }
    [ "$2" = "$version" ] ||
        fail "$1" "says version ${2:-none}, configure.ac says $version: make them the same"
}
check_versions() {
    number_is core/include/thingspace/version.h \
        "$(sed -n 's/^#define THINGSPACE_VERSION_[A-Z]* \([0-9]*\).*/\1/p' core/include/thingspace/version.h | paste -sd . -)"
    number_is bindings/python/pyproject.toml \
        "$(sed -n 's/^version = "\(.*\)"/\1/p' bindings/python/pyproject.toml)"
    number_is packaging/debian/changelog \
        "$(sed -n '1s/^libthingspace (\(.*\)-[^-]*) .*/\1/p' packaging/debian/changelog)"
    number_is packaging/rpm/thingspace.spec \
        "$(sed -n 's/^Version: *//p' packaging/rpm/thingspace.spec 2>/dev/null)"
}
# The rock of a checkout is called dev; that of a release after it.
check_rock() {
    for rock in bindings/lua/*.rockspec; do
        number=$(sed -n 's/^version = "\(.*\)-[0-9]*"/\1/p' "$rock")
        [ "$number" = dev ] || number_is "$rock" "$number"
    done
}
check_debian_suite() {
    ! head -n 1 packaging/debian/changelog | grep -q UNRELEASED ||
        fail packaging/debian/changelog "its first entry is UNRELEASED: name the suite (dch -r)"
}

# The part of CHANGELOG.md that is about this version, and its date.
section() { awk -v head="## $version - " '/^## / { on = index($0, head) == 1; next } on' CHANGELOG.md; }
is_date() { [ "$(date -u -d "$1" +%Y-%m-%d 2>/dev/null)" = "$1" ]; }
released=$(sed -n "s/^## $version - \(.*\)/\1/p" CHANGELOG.md)
check_changelog() {
    first=$(sed -n '/^## /{s/^## \([^ ]*\).*/\1/p;q;}' CHANGELOG.md)
    [ "$first" = "$version" ] ||
        { fail CHANGELOG.md "begins with ${first:-nothing}: put a section \"## $version - DATE\" on top"; return; }
    is_date "$released" ||
        { fail CHANGELOG.md "version $version is of \"$released\": write the day of the release, as 2026-11-23"; return; }
    [ "$(date -u -d "$released" +%s)" -le "$(date -u +%s)" ] ||
        fail CHANGELOG.md "version $version is of $released, which is not yet: write the day of the release"
}

# Every section has a paragraph on the ABI; this one names the numbers.
soname() {
    info=$(sed -n 's/.*-version-info \([0-9:]*\).*/\1/p' "$1/local.mk")
    map=$(echo "$1"/*.map)
    map=${map##*/}
    echo "${map%.map}.so.$((${info%%:*} - ${info##*:}))"
}
plugin_version() {
    sed -n 's/^#define THINGSPACE_PLUGIN_M[A-Z]*OR \([0-9]*\).*/\1/p' core/include/thingspace/plugin.h | paste -sd . -
}
check_abi_paragraph() {
    awk '/^## / { if (name) print name; name = $2 } /^### ABI/ { name = "" } END { if (name) print name }' \
        CHANGELOG.md >"$work/sections"
    while read -r missing; do
        fail CHANGELOG.md "version $missing has no \"### ABI\": say what happened to it, \"No change\" at least"
    done <"$work/sections"
    paragraph=$(section | awk '/^### / { on = /^### ABI/; next } on')
    [ -n "$paragraph" ] || return
    for word in "$(soname core)" "$(soname simulator)" "$(plugin_version)"; do
        case $paragraph in
        *"$word"*) ;;
        *) fail CHANGELOG.md "the ABI paragraph of $version does not name $word: it names both libraries and the version of thingspace/plugin.h" ;;
        esac
    done
}

check_clean() {
    found=$(git status --porcelain | head -n 1)
    [ -z "$found" ] || fail "${found#???}" "is not as it is in HEAD: commit or remove it"
}
check_words() {
    git grep -nwE 'TODO|FIXME|XXX' -- ':!scripts/release.sh' ':!tests/integration/build/release.sh' |
        sed 's/^\([^:]*:[0-9]*\):.*/\1/' >"$work/words"
    while read -r place; do
        fail "$place" "says TODO, FIXME or XXX: do it, or open an issue and take the word out"
    done <"$work/words"
}

# Who changes a page dates it.
check_pages() {
    grep -n '\.Dd [A-Z]' docs/man/*.in cli/formats/man*.c |
        sed 's/^\([^:]*\):.*\.Dd \([A-Za-z]* [0-9]*, [0-9]*\).*/\1|\2/' >"$work/pages"
    [ -s "$work/pages" ] || fail docs/man "no page has a date"
    while IFS='|' read -r page day; do
        dated=$(date -u -d "$day" +%Y-%m-%d 2>/dev/null) ||
            { fail "$page" ".Dd $day is no date: write it as \"November 23, 2026\""; continue; }
        changed=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%d --format=%cd -- "$page")
        [ "$(printf '%s\n%s\n' "$changed" "$dated" | sort | tail -n 1)" = "$dated" ] ||
            fail "$page" "was changed on $changed and says .Dd $day: date it"
    done <"$work/pages"
}

# moved FOLDER: whether the numbers of a library moved as its form did since the last release.
moved() {
    now=$(sed -n 's/.*-version-info \([0-9:]*\).*/\1/p' "$1/local.mk")
    if [ -z "$last" ]; then
        [ "$now" = 0:0:0 ] || fail "$1/local.mk" "-version-info is $now, and that of a first release is 0:0:0"
        return
    fi
    git show "$last:$1/local.mk" >"$work/old.mk"
    old=$(sed -n 's/.*-version-info \([0-9:]*\).*/\1/p' "$work/old.mk")
    map=$(echo "$1"/*.map)
    map=${map##*/}
    name=${map%.map}.so.$((${old%%:*} - ${old##*:}))
    git show "$last:tests/abi/$name.abi" >"$work/old.abi" 2>/dev/null ||
        { fail "tests/abi/$name.abi" "is not in $last: what was released cannot be compared"; return; }
    current=${old%%:*} age=${old##*:}
    revision=${old#*:}
    revision=${revision%:*}
    awk -f tests/abi/cut.awk "$work/old.abi" "$work/now.abi" >"$work/cut.abi"
    if ! abidiff --ignore-soname --no-added-syms "$work/old.abi" "$work/cut.abi" >/dev/null; then
        what="something broke" want=$((current + 1)):0:0
    elif ! abidiff --ignore-soname --harmless "$work/old.abi" "$work/now.abi" >/dev/null; then
        what="something was added" want=$((current + 1)):0:$((age + 1))
    else
        what="nothing that is exported changed" want=$current:$((revision + 1)):$age
    fi
    [ "$now" = "$want" ] ||
        fail "$1/local.mk" "$what since $last ($old), -version-info is $now: make it $want (docs/abi.md)"
}
check_abi() {
    command -v abidiff >/dev/null || { fail abidiff "is not installed: install abigail-tools"; return; }
    last=$(git describe --tags --abbrev=0 --match 'v[0-9]*' --exclude "v$version" 2>/dev/null)
    for folder in core simulator; do
        sh tests/abi/library.sh "$top/$folder" "$work/now.abi" >"$work/log" 2>&1 ||
            { fail "$folder" "its headers do not compile by themselves: make check-abi tells more"; continue; }
        stored=tests/abi/$(soname $folder).abi
        { [ -f "$stored" ] && abidiff --harmless "$stored" "$work/now.abi" >/dev/null; } ||
            fail "$stored" "is not the form of today's library: make dump-abi, and commit it"
        moved $folder
    done
}

recorded() { sed -n "s/^$1 //p" "$out/record" 2>/dev/null; }
check_tarball() {
    head=$(git rev-parse HEAD)
    made=$(recorded commit)
    if [ "$made" != "$head" ]; then
        fail "$out" "the tarball of this commit was not made and tested: scripts/release.sh --make"
        return
    fi
    [ "$(recorded distcheck)" = full ] ||
        fail "$out" "distcheck ran in its short form: scripts/release.sh --make"
    [ "$(recorded reproducible)" = yes ] ||
        fail "$out" "two tarballs of this commit differ: compare those in $out, and mend what puts time or place into them"
    [ "$(sha256sum <"$out/$tarball" 2>/dev/null | cut -d' ' -f1)" = "$(recorded sha256)" ] ||
        fail "$out/$tarball" "is not what was tested: scripts/release.sh --make"
    [ -s "$out/${tarball%.tar.xz}.spdx.json" ] ||
        fail "$out" "the SBOM is missing: scripts/release.sh --make"
}
check_tag() {
    tagged=$(git rev-parse -q --verify "v$version^{commit}" 2>/dev/null) || return
    [ "$tagged" = "$(git rev-parse HEAD)" ] ||
        fail "v$version" "is the tag of another commit: take the next version"
}

run_checks() {
    git rev-parse --git-dir >/dev/null 2>&1 ||
        { echo "release.sh: this is not a checkout of git: a release is made from one" >&2; exit 2; }
    [ -n "$version" ] || { echo "release.sh: configure.ac names no version" >&2; exit 2; }
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
    for name in versions rock debian_suite changelog abi_paragraph clean words pages abi tarball tag; do
        check $name
    done
    if [ "$failures" -gt 0 ]; then
        echo "$version is not ready: $failures to do" >&2
        exit 1
    fi
    cat <<END
$version is ready. What is left for a person:
  git tag -s v$version -m 'libthingspace $version'
  gpg --detach-sign --armor $out/$tarball
  git push origin v$version
and then: the files of $out go with the release; CHANGELOG.md gets its next section.
END
}

# make_in FOLDER: a tarball of HEAD, made there.
make_in() {
    git clone -q --no-local "$top" "$1" && cd "$1" && git checkout -q "$2" && ./autogen.sh && mkdir b && cd b &&
        ../configure && make -j"$jobs" && make dist
}
make_release() {
    jobs=$(nproc 2>/dev/null || echo 2)
    commit=$(git rev-parse HEAD) || exit 2
    work=$(mktemp -d)
    trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
    rm -rf "$out"
    mkdir "$out"
    log=$top/$out/log
    { (make_in "$work/one" "$commit") && (umask 077 && TZ=Asia/Tokyo make_in "$work/the-other/place" "$commit"); } >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; echo "release.sh: the tarball cannot be made; all of the output is in $out/log" >&2; exit 1; }
    cp "$work/one/b/$tarball" "$out/"
    reproducible=yes
    cmp -s "$work/one/b/$tarball" "$work/the-other/place/b/$tarball" || {
        reproducible=no
        cp "$work/the-other/place/b/$tarball" "$out/other-$tarball"
    }
    make -C "$work/one/b" -j"$jobs" "$1" >>"$log" 2>&1 ||
        { tail -n 40 "$log" >&2; echo "release.sh: $1 failed; all of its output is in $out/log" >&2; exit 1; }
    cp "$top/$out/$tarball" "$work/one/b/$tarball"
    make -C "$work/one/b" sbom >>"$log" 2>&1 || { tail -n 5 "$log" >&2; exit 1; }
    cp "$work/one/b/${tarball%.tar.xz}.spdx.json" "$out/"
    (cd "$out" && sha256sum "$tarball" "${tarball%.tar.xz}.spdx.json" >SHA256SUMS)
    form=full
    [ "$1" = distcheck ] || form=short
    printf 'commit %s\ndistcheck %s\nreproducible %s\nsha256 %s\n' "$commit" "$form" "$reproducible" \
        "$(sha256sum <"$out/$tarball" | cut -d' ' -f1)" >"$out/record"
    echo "$out/$tarball; distcheck: $form; made twice the same: $reproducible"
    [ "$reproducible" = yes ]
}

case $# in
1 | 2) ;;
*) usage ;;
esac
case "$*" in
--check) run_checks ;;
--make) make_release distcheck ;;
"--make --quick") make_release check-dist ;;
*) usage ;;
esac
