# SPDX-License-Identifier: MIT
# Makes a page of section 3 of the public headers, so that prototypes and what is said of them have
# one source. Arguments: all headers, then the page's .3.in with markers, each a line of its own:
#
#   .\" @names client.h@      the functions, for NAME     .\" @functions client.h@  their list
#   .\" @synopsis client.h@   their prototypes            .\" @types client.h@      structs, enums,
#   .\" @about client.h@      the header's first comment                            constants
#   .\" @statuses@            the table of outcomes       .\" @include FILE.c@      an example
#
# `@types client.h -NAME@` leaves NAME out. Any awk; -v folder=DIR is where examples are.

# ---- the headers ----

function fail(text) { print FILENAME ": " text > "/dev/stderr"; failed = 1; exit 1 }

function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }

# Ends what a declaration may be told by: a comment counts for what follows it at once.
function forget() { comment = ""; trailing = 0 }

# A row of the table of declarations.
function declare(kind, name, text) {
    total++
    row_header[total] = header; row_kind[total] = kind; row_name[total] = name
    row_text[total] = text; row_doc[total] = comment; row_follows[total] = adjacent
    if (kind == "function") page_of[name] = header
    if (kind != "section") { comment = ""; adjacent = 1 }
}

# The words of a comment's lines, in which an indented line stays one: "\n" before and after.
function comment_line(text,    line) {
    line = text
    sub(/ *\*\/.*$/, "", line)
    sub(/^ \* ?/, "", line)
    sub(/^\/\* ?/, "", line)
    if (line ~ /^ ?\*?$/) return comment == "" ? "" : "\n\n"
    if (line ~ /^   /) return "\n" line "\n"
    if (line ~ /^  / && comment ~ /\n$/) return "\n" line "\n"
    return line " "
}

function end_comment() {
    if (about[header] == "" && !guarded) { about[header] = comment; comment = "" }
    else if (section_next) { declare("section", "", trim(comment)); comment = "" }
    in_comment = 0
}

function start_statement(line) {
    statement = line; depth = gsub(/\{/, "{", line) - gsub(/\}/, "}", line)
    in_statement = 1
    end_statement(line)
}

function end_statement(line) {
    if (depth == 0 && statement ~ /^static inline/ ? line ~ /^\}/ : depth == 0 && line ~ /;/) {
        in_statement = 0
        take_statement()
    }
}

function prototype_name(text) {
    sub(/\(.*/, "", text)
    sub(/^.*[ *]/, "", text)
    return text
}

function take_statement(    text, name, tail) {
    text = statement
    if (text ~ /^static inline/) { sub(/^static inline /, "", text); sub(/[ \n]*\{.*$/, "", text) }
    if (text ~ /^THINGSPACE_API/) {
        sub(/^THINGSPACE_API /, "", text)
        if (match(text, /; *\/\*.*\*\//)) {
            tail = substr(text, RSTART + 1); sub(/^ *\/\* */, "", tail); sub(/ *\*\/.*/, "", tail)
            comment = comment == "" ? tail : comment
        }
        sub(/;.*/, "", text)
    } else if (statement !~ /^static inline/) {
        take_type(text)
        return
    }
    gsub(/[ \n]+/, " ", text)
    declare("function", prototype_name(text), text)
}

function take_type(text,    name) {
    name = text
    if (text ~ /^(typedef )?(struct|enum)[^(]*\{/) {
        sub(/^typedef /, "", name)
        match(name, /^(struct|enum) [a-z_]+/)
        name = substr(name, RSTART, RLENGTH)
        sub(/^[a-z]+ /, "", name)
        has_body[name] = 1
        declare(text ~ /^(typedef )?struct/ ? "struct" : "enum", name, text)
    } else if (text ~ /^typedef [^(]*\(/) {
        sub(/^typedef /, "", text); sub(/;.*/, "", text); gsub(/[ \n]+/, " ", text)
        declare("callback", prototype_name(text), text)
    } else if (text ~ /^typedef struct/) {
        sub(/;.*/, "", name); sub(/^.* /, "", name)
        declare("opaque", name, "")
    } else
        forget()
}

function take_constant(line,    name, tail) {
    name = line; sub(/^#define /, "", name); sub(/[ (].*/, "", name)
    if (line ~ /\/\*.*\*\//) {
        tail = line; sub(/^.*\/\* */, "", tail); sub(/ *\*\/.*/, "", tail)
        comment = tail
        line = substr(line, 1, index(line, "/*") - 1)
    }
    if (line ~ /\\$/ || name ~ /_H$|_INIT$|_MAP$/ || name !~ /^THINGSPACE_/ || line !~ /^#define [A-Z0-9_]+ +[^ ]/) {
        if (line ~ /_MAP\(/) comment = ""
        return
    }
    sub(/^#define [A-Z0-9_]+ +/, "", line)
    declare("constant", name, trim(line))
}

function read_header(line) {
    if (FNR == 1) {
        header = FILENAME; sub(/^.*\//, "", header)
        guarded = in_comment = in_statement = adjacent = section_next = macro = 0
        comment = ""
    }
    if (macro) { macro = line ~ /\\$/; read_statuses(line); return }
    if (in_comment) {
        if (trim(line) == "*") comment = comment "\n\n"
        else comment = comment comment_line(line)
        if (line ~ /\*\//) end_comment()
    } else if (in_statement) {
        statement = statement "\n" line
        text = line
        depth += gsub(/\{/, "{", text) - gsub(/\}/, "}", text)
        end_statement(line)
    } else if (line ~ /^\/\* SPDX/) {
        return
    } else if (line ~ /^\/\* ---/) {
        sub(/^\/\* --- */, "", line); sub(/ *---.*/, "", line)
        comment = ""; declare("section", "", line); adjacent = 0
    } else if (line ~ /^\/\*/) {
        comment = comment_line(line); adjacent = 0
        in_comment = 1
        if (line ~ /\*\//) end_comment()
    } else if (line ~ /^#/) {
        if (line ~ /^#ifndef/) guarded = 1
        if (line ~ /^#define/) { take_constant(line); macro = line ~ /\\$/; adjacent = adjacent && !macro }
        else if (line !~ /^#include/) forget()
    } else if (line == "" || line ~ /^extern "C"/ || line ~ /^\}/) {
        adjacent = 0
    } else
        start_statement(line)
}

# X(NAME, value, "kind", exit status, "meaning")
function read_statuses(line,    part) {
    if (line !~ /^ *X\(/ || split(line, part, /, */) < 5) return
    sub(/^ *X\(/, "", part[1])
    gsub(/"/, "", part[3]); sub(/^[^"]*"[^"]*"[^"]*"/, "", line); sub(/".*/, "", line)
    status_count++
    status_name[status_count] = part[1]; status_value[status_count] = part[2]
    status_kind[status_count] = part[3]; status_exit[status_count] = part[4]
    status_meaning[status_count] = line
    is_status[part[1]] = 1
}

# ---- text ----

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/~/, "\\(ti", text); gsub(/\^/, "\\(ha", text); gsub(/`/, "\\(ga", text)
    gsub(/--/, "\\-\\-", text)
    return text
}

# A line of the page; a macro would begin with what it must not.
function put_line(text) {
    if (text == "") return
    if (text ~ /^[.']/) text = "\\&" text
    print text
}

function flush_words() { put_line(words); words = "" }

function put_word(text) {
    if (words != "" && length(words) + length(text) > 76) flush_words()
    words = words == "" ? text : words " " text
}

# A macro on a line of its own, with the punctuation that touches it.
function put_macro(before, macro, after,    i, line) {
    flush_words()
    line = "." macro
    if (before != "") { sub(/^\.[A-Z][a-z] /, "&" before " ", line) }
    for (i = 1; i <= length(after); i++) {
        if (substr(after, i, 1) ~ /[].,;:)?!]/) line = line " " substr(after, i, 1)
        else { line = line " Ns " escape(substr(after, i)); break }
    }
    print line
}

# What a word is in mdoc; "" for plain text.
function macro_of(word,    bare) {
    bare = word
    if (word ~ /^\001.*\002$/) {
        gsub(/[\001\002]/, "", word); gsub(/\003/, " ", word)
        if (word ~ /^\*?[a-z_]+(->[a-z_]+)?$/ && !(("thingspace_" word) in page_of)) return "Fa " word
        word = escape(word)
        gsub(/"/, "\\(dq", word)
        if (word ~ /^[.,;:?!()|]$/) word = "\\&" word
        return "Ql " (word ~ / / ? "\"" word "\"" : word)
    }
    if (word ~ /^thingspace(-[a-z]+)?\([1-8]\)$/) {
        sub(/\(/, " ", word); sub(/\)/, "", word)
        return "Xr " word
    }
    if (word in page_of) return page_of[word] in shown ? "Fn " word : "Xr " word " 3"
    if (word ~ /^thingspace\/[a-z]+\.h$/) return "In " word
    if (word ~ /^thingspace_[a-z_]+$/) return "Vt " word
    if (word == "NULL" || word ~ /^THINGSPACE_[A-Z_0-9]+$/) return "Dv " word
    if (word != "TLS" && word in is_status) return "Dv THINGSPACE_" word
    return ""
}

function put_token(token,    before, core, after, macro) {
    before = after = ""
    core = token
    if (core ~ /^[[(]/) { before = substr(core, 1, 1); core = substr(core, 2) }
    macro = macro_of(core)
    while (macro == "" && core ~ /[].,;:)?!]$/) {
        after = substr(core, length(core)) after
        core = substr(core, 1, length(core) - 1)
        macro = macro_of(core)
    }
    if (macro == "" && match(core, /'s?$/)) {
        after = substr(core, RSTART) after
        core = substr(core, 1, RSTART - 1)
        macro = macro_of(core)
    }
    if (macro == "") put_word(escape(token))
    else put_macro(before, macro, after)
    if (token ~ /[.?!][)"]?$/ && token !~ /\.\.\./) { flush_words(); begins = 1 }
    else begins = 0
}

# Backticks hold words together.
function join_ticks(text,    out, at, inside) {
    inside = 0
    while ((at = index(text, "`")) > 0) {
        if (inside) {
            piece = substr(text, 1, at - 1); gsub(/ /, "\003", piece)
            out = out piece "\002"
        } else
            out = out substr(text, 1, at - 1) "\001"
        inside = !inside
        text = substr(text, at + 1)
    }
    return out text
}

# A JSON shape, in lines that are broken after commas.
function put_json(text,    i, letter, line, quoted) {
    flush_words()
    gsub(/ +/, " ", text)
    print ".Bd -literal -offset indent"
    line = ""
    for (i = 1; i <= length(text); i++) {
        letter = substr(text, i, 1)
        if (letter == "\"") quoted = !quoted
        if (letter == " " && line == "") continue
        line = line letter
        if (letter == "," && !quoted && length(line) > 52) { put_line(escape(line)); line = " " }
    }
    put_line(escape(line))
    print ".Ed"
}

# The length of the JSON shape that a text begins with.
function json_size(text,    i, depth, letter, quoted) {
    depth = quoted = 0
    for (i = 1; i <= length(text); i++) {
        letter = substr(text, i, 1)
        if (letter == "\"") quoted = !quoted
        if (!quoted && letter ~ /[[{]/) depth++
        if (!quoted && letter ~ /[]}]/ && --depth == 0) return i
    }
    return 0
}

function put_tokens(text,    count, token, i) {
    count = split(join_ticks(text), token, " ")
    for (i = 1; i <= count; i++) {
        if (token[i] == "Expected:" || token[i] == "Expected") {
            flush_words()
            print ".Pp"
            put_word(token[i + 1] == "here:" ? "Itself fails with:" : "Fails with:")
            if (token[i + 1] == "here:") i++
            continue
        }
        put_token(token[i])
    }
    flush_words()
}

# A paragraph: words, and JSON shapes among them.
function put_paragraph(text,    at, size) {
    while (match(text, /(\[\{|\{)"[a-zA-Z]+"[],?:]/)) {
        at = RSTART
        size = json_size(substr(text, at))
        if (size < 60) break
        put_tokens(substr(text, 1, at - 1))
        put_json(substr(text, at, size))
        text = substr(text, at + size)
        sub(/^[.,;:]+ */, "", text)
        text = trim(text)
        if (text != "") print ".Pp"
        text = toupper(substr(text, 1, 1)) substr(text, 2)
    }
    put_tokens(text)
}

# A line of a list or of what stays as it is. A list has a word, blanks and its text on each line,
# and deeper ones go on.
function put_literal(line,    indent) {
    match(line, /^ */)
    indent = RLENGTH
    if (block == "") {
        block = trim(line) ~ /^[^ ]+  +[^ ]/ && line !~ /[;{]$/ ? "list" : "code"
        block_indent = indent
        print (block == "list" ? ".Bl -tag -width Ds -compact" : ".Bd -literal -offset indent")
    } else if (block == "code" && gap > 1)
        print ""
    line = substr(line, block_indent + 1)
    if (block == "code")
        put_line(literal_text(line))
    else if (line ~ /^ /)
        item = item " " trim(line)
    else {
        end_item()
        print ".It Li " literal_text(substr(line, 1, index(line, " ") - 1))
        item = trim(substr(line, index(line, " ")))
    }
}

function end_item() {
    if (item == "") return
    gsub(/  +/, ": ", item)
    put_note(item)
    item = ""
}

function end_literal() {
    if (block == "list") { end_item(); print ".El" }
    if (block == "code") print ".Ed"
    block = ""
}

# Texts as comments have them: paragraphs, and indented lines.
function put_text(text,    part, count, i, first) {
    count = split(text, part, "\n")
    first = 1
    gap = 0
    for (i = 1; i <= count; i++) {
        if (trim(part[i]) == "") { gap++; continue }
        if (part[i] ~ /^  /)
            put_literal(part[i])
        else {
            end_literal()
            if (!first) print ".Pp"
            put_paragraph(trim(part[i]))
        }
        gap = first = 0
    }
    end_literal()
}

function literal_text(text) {
    gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text)
    gsub(/~/, "\\(ti", text); gsub(/\^/, "\\(ha", text); gsub(/`/, "\\(ga", text); gsub(/'/, "\\(aq", text)
    return text
}

# What has no verb: "NULL: silent", made a sentence.
function put_note(text) {
    text = trim(text)
    if (text == "") return
    if (text !~ /[.?!]$/) text = text "."
    if (text ~ /^[a-z]+([ ,:;]|\.$)/) text = toupper(substr(text, 1, 1)) substr(text, 2)
    put_paragraph(text)
}

# ---- the parts of a page ----

function put_names(file,    i, name, count, list) {
    count = 0
    for (i = 1; i <= total; i++)
        if (row_header[i] == file && row_kind[i] == "function" && row_name[i] != page)
            list[++count] = row_name[i]
    print ".Nm " page (count ? " ," : "")
    for (i = 1; i <= count; i++)
        print ".Nm " list[i] (i < count ? " ," : "")
}

# "thingspace_status thingspace_call(a, b)" as mdoc; functions that are arguments stay whole.
function put_prototype(text,    name, kind, arguments, i, letter, depth, one) {
    name = prototype_name(text)
    kind = substr(text, 1, index(text, name "(") - 1)
    arguments = substr(text, index(text, name "(") + length(name) + 1)
    sub(/\)$/, "", arguments)
    print ".Ft " (kind ~ / $/ ? "\"" trim(kind) "\"" : "\"" kind "\"")
    print ".Fo " name
    depth = 0; one = ""
    for (i = 1; i <= length(arguments); i++) {
        letter = substr(arguments, i, 1)
        if (letter == "(") depth++
        if (letter == ")") depth--
        if (letter == "," && depth == 0) { print ".Fa \"" trim(one) "\""; one = "" }
        else one = one letter
    }
    print ".Fa \"" trim(one) "\""
    print ".Fc"
}

function put_synopsis(file,    i) {
    for (i = 1; i <= total; i++)
        if (row_header[i] == file && row_kind[i] == "function") put_prototype(row_text[i])
}

# Neighbours without a comment of their own are told of together.
function put_functions(file,    i, j, open, item) {
    for (i = 1; i <= total; i++) {
        if (row_header[i] != file) continue
        if (row_kind[i] == "section") {
            if (open) print ".El"
            open = 0
            put_section(row_text[i])
            continue
        }
        if (row_kind[i] != "function") continue
        if (!open) print ".Bl -tag -width Ds"
        open = 1
        item = ".It Fn " row_name[i]
        for (j = i + 1; j <= total && row_kind[j] == "function" && row_follows[j] && row_doc[j] == ""; j++)
            item = item " , Fn " row_name[j]
        print item
        if (row_doc[i] == "") fail(row_name[i] " has no comment")
        put_text(row_doc[i])
        i = j - 1
    }
    if (open) print ".El"
}

# "results; NULL answers as an empty one": a heading and a sentence.
function put_section(text,    at) {
    at = match(text, /[;:,] /)
    if (!at) at = length(text) + 1
    print ".Ss " toupper(substr(text, 1, 1)) substr(text, 2, at - 2)
    put_note(substr(text, at + 2))
}

# The lines of a struct's or an enum's body: each member, its comment before or behind it.
function put_members(text, macro,    body, before, member, tail, at, end) {
    body = text
    body = substr(body, index(body, "{") + 1)
    sub(/\}[^}]*$/, "", body)
    gsub(/\n *\* /, " ", body)
    gsub(/\n *\/\*/, " \004/*", body)
    gsub(/\n */, " ", body)
    body = trim(body)
    if (macro == "Dv" && body ~ /^\004?\/\*/) {
        sub(/^\004/, "", body)
        end = index(body, "*/")
        put_note(substr(body, 3, end - 3))
        body = substr(body, end + 2)
    }
    print ".Bl -tag -width Ds -compact"
    before = ""
    while (trim(body) != "") {
        body = trim(body)
        sub(/^\004/, "", body)
        if (body ~ /^\/\*/) {
            end = index(body, "*/")
            before = trim(substr(body, 3, end - 3))
            body = substr(body, end + 2)
            continue
        }
        at = macro == "Vt" ? index(body, ";") : member_end(body)
        member = trim(substr(body, 1, at - 1))
        tail = ""
        body = substr(body, at + 1)
        # the comment may stand between a last constant and the end
        if (macro == "Dv" && member ~ /\/\*/) {
            tail = member; sub(/^[^*]*\/\* */, "", tail); sub(/ *\*\/.*$/, "", tail)
            sub(/ *\/\*.*/, "", member)
        }
        if (match(body, /^ *\/\*/)) {
            end = index(body, "*/")
            tail = trim(substr(body, RLENGTH + 1, end - RLENGTH - 1))
            body = substr(body, end + 2)
        }
        sub(/ *= */, " = ", member)
        if (macro == "Vt") print ".It Vt \"" member "\""
        else print ".It Dv " enum_name(member)
        put_note(before (before != "" && tail != "" ? " " : "") tail)
        before = ""
    }
    print ".El"
}

function enum_name(member,    name) {
    name = member; sub(/ *=.*/, "", name)
    return name
}

# Where an enumerator ends: a comma outside comments.
function member_end(body,    i, inside) {
    for (i = 1; i <= length(body); i++) {
        if (substr(body, i, 2) == "/*") inside = 1
        if (substr(body, i, 2) == "*/") inside = 0
        if (!inside && substr(body, i, 1) == ",") return i
    }
    return length(body) + 1
}

function put_type(i) {
    if (row_kind[i] == "constant" || row_kind[i] == "opaque" && row_name[i] in has_body) return
    print ".Ss " (row_kind[i] == "struct" || row_kind[i] == "enum" ? row_kind[i] " " : "") row_name[i]
    if (row_kind[i] == "callback") {
        print ".Bd -literal -offset indent"
        put_wrapped_prototype(row_text[i])
        print ".Ed"
        if (row_doc[i] != "") print ".Pp"
    }
    put_text(row_doc[i])
    if (row_kind[i] == "opaque" && row_doc[i] == "") print "Its inside is the library's own."
    if (row_kind[i] == "enum" && row_text[i] ~ /_MAP\(/) { put_statuses(); return }
    if (row_kind[i] == "struct") put_members(row_text[i], "Vt")
    if (row_kind[i] == "enum") put_members(row_text[i], "Dv")
}

# In lines that are broken before an argument.
function put_wrapped_prototype(text,    part, count, i, line) {
    count = split(text ";", part, /, /)
    line = part[1]
    for (i = 2; i <= count; i++) {
        line = line ","
        if (length(line) + length(part[i]) > 66) { put_line(line); line = "    " part[i] }
        else line = line " " part[i]
    }
    put_line(line)
}

function put_constants(file, without,    i, any) {
    for (i = 1; i <= total; i++) {
        if (row_header[i] != file || row_kind[i] != "constant" || row_name[i] in without) continue
        if (!any) print ".Ss Constants\n.Bl -tag -width Ds"
        any = 1
        print ".It Dv " row_name[i]
        put_note(constant_note(row_doc[i], row_text[i]))
    }
    if (any) print ".El"
}

# What a constant means; texts are shown, numbers are nobody's business.
function constant_note(doc, value) {
    if (value ~ /^"/) return doc == "" ? value : trim(doc) " " value
    return doc
}

function put_types(words,    part, count, i, without, file) {
    count = split(words, part, " ")
    file = part[1]
    for (i = 2; i <= count; i++) without[substr(part[i], 2)] = 1
    for (i = 1; i <= total; i++)
        if (row_header[i] == file && row_kind[i] ~ /^(struct|enum|callback|opaque)$/ && !(row_name[i] in without))
            put_type(i)
    put_constants(file, without)
}

function put_statuses(    i) {
    print ".Bl -column \"THINGSPACE_CANCELLED\" \"cancelled\" \"exit\""
    print ".It Sy Status Ta Sy Kind Ta Sy Exit Ta Sy Meaning"
    for (i = 1; i <= status_count; i++)
        print ".It Dv THINGSPACE_" status_name[i] " Ta " status_kind[i] " Ta " status_exit[i] " Ta " status_meaning[i]
    print ".El"
}

# A whole program, but for the lines before its comment ends.
function put_example(name,    line, inside) {
    print ".\\\" example: " name
    print ".Bd -literal"
    inside = 0
    while ((getline line < (folder "/" name)) > 0) {
        if (line ~ /^ \*\/$/ || line ~ /^\/\*.*\*\/$/ && !inside && line !~ /SPDX/) { inside = 1; continue }
        if (inside) { if (line == "") print ""; else put_line(literal_text(line)) }
    }
    close(folder "/" name)
    print ".Ed"
    if (!inside) fail("no example " name)
}

# ---- the page ----

function put_marker(what, words) {
    if (what == "names") put_names(words)
    else if (what == "synopsis") put_synopsis(words)
    else if (what == "about") put_text(about[words])
    else if (what == "functions") put_functions(words)
    else if (what == "types") put_types(words)
    else if (what == "statuses") put_statuses()
    else if (what == "include") put_example(words)
    else fail("unknown marker " what)
}

FILENAME ~ /\.h$/ { read_header($0); next }

# Which headers are the page's is known by its markers: what they declare is here.
{ page_line[++lines] = $0 }
/^\.Dt / { page = tolower($2) }
/^\.\\" @functions / { name = $3; sub(/@$/, "", name); shown[name] = 1 }

END {
    if (failed) exit 1
    for (n = 1; n <= lines; n++) {
        if (page_line[n] ~ /^\.\\" @/) {
            text = page_line[n]; sub(/^\.\\" @/, "", text); sub(/@$/, "", text)
            what = text; sub(/ .*/, "", what); sub(/^[^ ]* ?/, "", text)
            put_marker(what, text)
        } else
            print page_line[n]
    }
}
