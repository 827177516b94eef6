#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the site of the documentation: README, docs/*.md and the man pages, without network, without
# scripts and with nothing from elsewhere. Usage: build.sh SOURCES BUILD OUT VERSION; CMARK, MANDOC
# and AWK name the tools. Everything in OUT is made anew.
set -eu

sources=$1
build=$2
out=$3
version=$4
CMARK=${CMARK:-cmark-gfm}
MANDOC=${MANDOC:-mandoc}
AWK=${AWK:-awk}
LC_ALL=C
export LC_ALL

for tool in "$CMARK" "$MANDOC"; do
    command -v "$tool" >/dev/null 2>&1 || {
        echo "the site needs $tool: install cmark-gfm and mandoc" >&2
        exit 1
    }
done

rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d "${TMPDIR:-/tmp}/thingspace-site.XXXXXX")
trap 'rm -rf "$work"' EXIT
names=$work/names
contents=$work/contents

# The guides: group, file, what the contents call it. Others in docs/ come last.
cat >"$work/guides" <<'END'
Start README.md Overview
Start docs/administration.md Administration
Start docs/operations.md Running many accounts
Guides docs/c.md C
Guides docs/python.md Python
Guides docs/lua.md Lua
Guides docs/plugins.md A plugin in five minutes
Inside docs/architecture.md How it is built
Inside docs/abi.md ABI
Inside docs/plugin-host.md The plugin host
Inside docs/threats.md Threats
Inside docs/performance.md Performance
Project CHANGELOG.md Changelog
Project CONTRIBUTING.md Contributing
Project SECURITY.md Security
END
for file in "$sources"/docs/*.md; do
    grep -q " docs/${file##*/} " "$work/guides" ||
        echo "Project docs/${file##*/} $(sed -n '1s/^# //p' "$file")" >>"$work/guides"
done

# page_name FILE.md: its file in the site
page_name() {
    case $1 in
    README.md) echo index.html ;;
    *) basename "$1" .md | tr '[:upper:]' '[:lower:]' | sed 's/$/.html/' ;;
    esac
}

# roff_names PAGE: what its NAME has
roff_names() { sed -n '/^\.Nd/q; s/^\.Nm \([a-z_-]*\).*/\1/p' "$1"; }

# menu GROUP: of guides
menu() {
    echo "<h2>$1</h2><ul>"
    grep "^$1 " "$work/guides" | while read -r _ file title; do
        [ ! -f "$sources/$file" ] || echo "<li><a href=\"$(page_name "$file")\">$title</a></li>"
    done
    echo "</ul>"
}

# pages_of SECTION: the one that leads to the others first
pages_of() {
    (
        cd "$build/docs/man"
        [ ! -f "thingspace.$1" ] || echo "thingspace.$1"
        ls thingspace[-_]*."$1"
    )
}

# manual HEADING SECTION: of man pages
manual() {
    echo "<h2>$1</h2><ul>"
    for page in $(pages_of "$2"); do
        echo "<li><a href=\"$page.html\">${page%.*}($2)</a></li>"
    done
    echo "</ul>"
}

# wrap KIND PAGE LABEL: standard input is its body
wrap() {
    "$AWK" -v kind="$1" -v page="$2" -v label="$3" -v names="$names" -v contents="$contents" \
        -v version="$version" -f "$sources/docs/site/page.awk" >"$out/$2"
}

while read -r _ file _; do
    [ ! -f "$sources/$file" ] || echo "file ${file#docs/} $(page_name "$file")"
done <"$work/guides" >"$names"
for example in "$sources"/docs/examples/*.c; do
    echo "file examples/${example##*/} example-$(basename "$example" .c).html"
done >>"$names"
for page in "$build"/docs/man/*.[1-8]; do
    file=${page##*/}
    for name in $(roff_names "$page"); do
        case $name.${file##*.} in
        "$file") echo "$file $file.html" ;;
        *) echo "$name.${file##*.} $file.html#fn-$name" ;;
        esac
    done
done >>"$names"

{
    menu Start
    menu Guides
    manual Commands 1
    manual 'Functions in C' 3
    manual Files 5
    manual 'Plugins and more' 7
    manual Administration 8
    menu Inside
    menu Project
} >"$contents"

while read -r _ file _; do
    [ -f "$sources/$file" ] || continue
    "$CMARK" -e table "$sources/$file" | wrap guide "$(page_name "$file")" ""
done <"$work/guides"

for page in "$build"/docs/man/*.[1-8]; do
    file=${page##*/}
    "$MANDOC" -T html -O fragment,man=%N.%S.html "$page" |
        wrap man "$file.html" "${file%.*}(${file##*.})"
done

# The list of pages.
{
    echo "<h1>Manual</h1>"
    for section in '1 Commands' '3 Functions in C' '5 Files' '7 Plugins' '8 Administration'; do
        echo "<h2>${section#? }</h2><table>"
        for page in $(pages_of "${section%% *}"); do
            echo "<tr><td><a href=\"$page.html\">${page%.*}(${page##*.})</a></td>"
            echo "<td>$(sed -n 's/^\.Nd //p' "$build/docs/man/$page" | sed 's/\\-/-/g')</td></tr>"
        done
        echo "</table>"
    done
    echo "<h2>Examples in C</h2><ul>"
    for example in "$sources"/docs/examples/*.c; do
        echo "<li><a href=\"example-$(basename "$example" .c).html\">${example##*/}</a></li>"
    done
    echo "</ul>"
} | wrap index manual.html Manual

for example in "$sources"/docs/examples/*.c; do
    name=$(basename "$example" .c)
    {
        echo "<h1>$name.c</h1><pre><code>"
        sed -e 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$example"
        echo "</code></pre>"
    } | wrap index "example-$name.html" "$name.c"
done

cp "$sources/docs/site/style.css" "$out/style.css"
