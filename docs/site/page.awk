# SPDX-License-Identifier: MIT
# Wraps one page of the site: the body that cmark or mandoc wrote comes in, a whole page goes out.
# Variables: kind (guide, man or index), page (its file), label (its title; of guides their first
# heading), contents (a file with the contents), names (a file "NAME.SECTION PAGE.html#PLACE" for
# references), version. Links to FILE.md and names of pages become links within the site.

function slug(text) {
    gsub(/<[^>]*>/, "", text)
    gsub(/&[a-z#0-9]*;/, "", text)
    text = tolower(text)
    gsub(/[^a-z0-9 _-]/, "", text)
    gsub(/ /, "-", text)
    return text
}

# Headings get a place that links can name.
function place_headings(text,    out, level, head, place, close_tag) {
    while (match(text, /<h[1-4]>/)) {
        out = out substr(text, 1, RSTART - 1)
        level = substr(text, RSTART + 2, 1)
        text = substr(text, RSTART + 4)
        close_tag = "</h" level ">"
        head = substr(text, 1, index(text, close_tag) - 1)
        text = substr(text, length(head) + length(close_tag) + 1)
        place = slug(head)
        if (place in placed) place = place "-" ++placed[place]
        else placed[place] = 0
        if (title == "" && level == 1) { title = head; gsub(/<[^>]*>/, "", title) }
        out = out "<h" level " id=\"" place "\"><a href=\"#" place "\">" head "</a>" close_tag
    }
    return out text
}

# "docs/plugins.md#x" as a page of the site; "" when it is none.
function page_of_file(file,    place) {
    place = ""
    if (match(file, /#.*/)) { place = substr(file, RSTART); file = substr(file, 1, RSTART - 1) }
    sub(/^(\.\.?\/)+/, "", file)
    sub(/^docs\//, "", file)
    return file in pages ? pages[file] place : ""
}

function link_files(text,    out, target) {
    while (match(text, /<a href="[^"]*"/)) {
        target = substr(text, RSTART + 9, RLENGTH - 10)
        out = out substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        if (target !~ /^(#|[a-z]+:)/ && page_of_file(target) != "") target = page_of_file(target)
        out = out "<a href=\"" target "\""
    }
    out = out text
    text = out
    out = ""
    while (match(text, /<code>(docs\/)?[A-Za-z_\/-]+\.(md|c)<\/code>/)) {
        target = substr(text, RSTART + 6, RLENGTH - 13)
        out = out substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        if (page_of_file(target) != "" && page_of_file(target) != page)
            out = out "<a href=\"" page_of_file(target) "\"><code>" target "</code></a>"
        else
            out = out "<code>" target "</code>"
    }
    return out text
}

# "thingspace-policy(5)", but not where it is a link or a heading already.
function link_manual(text,    out, word, name, before) {
    while (match(text, /thingspace[a-z_-]*\([1-8]\)/)) {
        word = substr(text, RSTART, RLENGTH)
        before = substr(text, 1, RSTART - 1)
        out = out before
        text = substr(text, RSTART + RLENGTH)
        name = word; sub(/\(/, ".", name); sub(/\)/, "", name)
        if (name in place_of && !in_link(before) && text !~ /^<\/a>/) word = "<a href=\"" place_of[name] "\">" word "</a>"
        out = out word
    }
    return out text
}

# Whether the text ends inside <a ...>.
function in_link(before,    last) {
    last = before
    while (match(last, /<a [^>]*>/)) { last = substr(last, RSTART + RLENGTH); inside = 1 }
    if (index(last, "</a>")) inside = 0
    return inside
}

# mandoc's references: to pages that the site has, or to none.
function link_references(text,    out, target, tag) {
    while (match(text, /<a class="Xr"[ \n]+href="[^"]*">[^<]*<\/a>/)) {
        tag = substr(text, RSTART, RLENGTH)
        out = out substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        target = tag; sub(/^[^>]*href="/, "", target); sub(/\.html".*/, "", target)
        sub(/^[^>]*>/, "", tag); sub(/<.*/, "", tag)
        out = out (target in place_of ? "<a class=\"Xr\" href=\"" place_of[target] "\">" tag "</a>" : tag)
    }
    return out text
}

# Functions get a place of their own in the list that tells of them.
function place_functions(text,    out, term, name, rest) {
    while (match(text, /<dt[^>]*>/)) {
        out = out substr(text, 1, RSTART + RLENGTH - 1)
        text = substr(text, RSTART + RLENGTH)
        term = substr(text, 1, index(text, "</dt>") - 1)
        text = substr(text, length(term) + 1)
        rest = term
        while (match(rest, /<code class="Fn"[^>]*>thingspace_[a-z_]*/)) {
            name = substr(rest, RSTART, RLENGTH); sub(/.*>/, "", name)
            rest = substr(rest, RSTART + RLENGTH)
            out = out "<span id=\"fn-" name "\"></span>"
            told[name] = 1
        }
        out = out term
    }
    return out text
}

# Their names lead there.
function link_functions(text,    out, name, code) {
    while (match(text, /(<a class="permalink"[^>]*>)?<code class="Fn"[^>]*>thingspace_[a-z_]*<\/code>(<\/a>)?/)) {
        code = substr(text, RSTART, RLENGTH)
        out = out substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        name = code; gsub(/<[^>]*>/, "", name)
        out = out (name in told ? "<a href=\"#fn-" name "\"><code class=\"Fn\">" name "</code></a>" : code)
    }
    return out text
}

function lower_headings(text) {
    gsub(/<h2 class="Ss"/, "<h3 class=\"Ss\"", text)
    while (match(text, /<h3 class="Ss"[^>]*>/)) {
        head = substr(text, RSTART, RLENGTH)
        rest = substr(text, RSTART + RLENGTH)
        sub(/<\/h2>/, "</h3>", rest)
        sub(/class="Ss"/, "class=\"ss\"", head)
        text = substr(text, 1, RSTART - 1) head rest
    }
    gsub(/<h1 class="Sh"/, "<h2 class=\"Sh\"", text)
    gsub(/<\/h1>/, "</h2>", text)
    return text
}

function man_body(text) {
    gsub(/<table class="(head|foot)">([^<]|<[^\/]|<\/[^t]|<\/t[^a])*<\/table>/, "", text)
    text = link_functions(place_functions(link_references(lower_headings(text))))
    sub(/<section class="Sh">[ \n]*<h2 class="Sh" id="SYNOPSIS"/, "<section class=\"Sh synopsis\"><h2 class=\"Sh\" id=\"SYNOPSIS\"", text)
    return "<h1>" label "</h1>\n<div class=\"man\">" text "</div>"
}

BEGIN {
    while ((getline line < names) > 0) {
        split(line, part, " ")
        if (part[1] == "file") pages[part[2]] = part[3]
        else place_of[part[1]] = part[2]
    }
    while ((getline line < contents) > 0) menu = menu line "\n"
}

{ body = body $0 "\n" }

END {
    title = label
    gsub(/<!-- raw HTML omitted -->\n?/, "", body)
    if (kind == "man") body = man_body(body)
    else body = link_manual(link_files(place_headings(body)))
    # where we are
    at = "<a href=\"" page "\""
    if ((where = index(menu, at)) > 0)
        menu = substr(menu, 1, where + length(at) - 1) " aria-current=\"page\"" substr(menu, where + length(at))
    print "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    print "<title>" title (page == "index.html" ? "" : " - libthingspace") "</title>"
    print "<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>"
    print "<a class=\"skip\" href=\"#main\">To the text</a>"
    print "<div class=\"top\"><strong><a href=\"index.html\">libthingspace</a></strong>"
    print "<a href=\"manual.html\">Manual</a> <a class=\"to-contents\" href=\"#contents\">Contents</a></div>"
    print "<div class=\"page\">\n<main id=\"main\">"
    printf "%s", body
    print "</main>\n<nav class=\"contents\" id=\"contents\" aria-label=\"Contents\">"
    printf "%s", menu
    print "</nav>\n</div>\n<footer>libthingspace " version "</footer>\n</body>\n</html>"
}
