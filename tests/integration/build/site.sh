#!/bin/sh
# SPDX-License-Identifier: MIT
# The site of the documentation: it holds every document and page, no link of it is dead, and it
# needs nothing from elsewhere.
. "$top_srcdir/tests/integration/lib.sh"
need cmark-gfm mandoc

site=$work/site
run sh "$top_srcdir/docs/site/build.sh" "$top_srcdir" "$top_builddir" "$site" 1.2.3
exits "it is built" 0
is "without a word" "" "$out$err"

missing=
for file in "$top_srcdir"/docs/*.md; do
    [ -f "$site/$(basename "$file" .md).html" ] || missing="$missing ${file##*/}"
done
for file in "$top_builddir"/docs/man/*.[1-8]; do
    [ -f "$site/${file##*/}.html" ] || missing="$missing ${file##*/}"
done
is "every document and every page is there" "" "$missing"

# Each place as FILE#ID, each file as FILE#; then each link against them. What begins with a scheme
# leads out: only a reader may follow it.
cat >"$work/links.awk" <<'END'
{ text = text $0 " " }
END {
    n = split(FILENAME, part, "/"); file = part[n]
    print "place", file "#"
    rest = text
    while (match(rest, / id="[^"]*"/)) {
        print "place", file "#" substr(rest, RSTART + 5, RLENGTH - 6)
        rest = substr(rest, RSTART + RLENGTH)
    }
    rest = text
    while (match(rest, /<[a-z]+ [^>]*(href|src)="[^"]*"/)) {
        tag = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
        target = tag; sub(/^.*(href|src)="/, "", target); sub(/"$/, "", target)
        if (target ~ /^[a-z]+:/) { print (tag ~ /^<a /) ? "out" : "foreign", target; continue }
        if (target ~ /^#/) target = file target
        if (target !~ /#/) target = target "#"
        print "link", file, target
    }
}
END
for page in "$site"/*.html; do
    awk -f "$work/links.awk" "$page"
done >"$work/links"
echo 'place style.css#' >>"$work/links"
is "no link is dead" "" "$(awk '$1 == "place" { there[$2] = 1 } $1 == "link" { wanted[$2 " -> " $3] = $3 }
    END { for (link in wanted) if (!(wanted[link] in there)) print link }' "$work/links" | sort | head -n 20)"
if [ "$(grep -c '^link' "$work/links")" -gt 2000 ]; then ok "many links"; else not_ok "many links" "$(grep -c '^link' "$work/links")"; fi
is "nothing comes from elsewhere" "" "$(grep '^foreign' "$work/links")"
is "no script" "" "$(grep -il '<script\|javascript:\| on[a-z]*="' "$site"/*.html)"
is "the style names no other file" "" "$(grep -n 'url(\|@import' "$site/style.css")"
# words that a reader would click
like "a name of a page is a link" '*<a href="thingspace-policy.5.html"*' "$(cat "$site/operations.html")"
like "so is a document" '*<a href="plugins.html"><code>docs/plugins.md</code></a>*' "$(cat "$site/index.html")"
like "so is a function of another page" '*href="thingspace_client.3.html#fn-thingspace_text_free"*' "$(cat "$site/thingspace_auth.3.html")"
like "and one of the same page" '*<a href="#fn-thingspace_auth_unlatch"><code*' "$(cat "$site/thingspace_auth.3.html")"
repeated=$(awk '$1 == "place" && seen[$2]++ { print $2 }' "$work/links")
is "a place has one name" "" "$repeated"
sh "$top_srcdir/docs/site/build.sh" "$top_srcdir" "$top_builddir" "$work/again" 1.2.3
is "it is the same each time" "" "$(diff -r "$site" "$work/again")"
end
