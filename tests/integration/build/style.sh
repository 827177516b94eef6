#!/bin/sh
# SPDX-License-Identifier: MIT
# Rules of the house that a script can see. Prints each place that breaks one.
set -u
top_builddir=${top_builddir:-.}
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../../.." && pwd)}
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
cd "$top_srcdir" || exit 99

# Nothing that the command prints.
nothing() {
    "$@" | tee "$work/found"
    [ ! -s "$work/found" ]
}

# A build in the sources has what it generates beside them.
sources() { find "$@" -name '*.[ch]' ! -path cli/report/page.c ! -path cli/templates.c | sort; }

# scripts ENDING: files of Python or Lua, but for those that fuzzers made.
scripts() {
    find bindings cli core docs plugins simulator tests -name "*.$1" ! -path 'tests/fuzz/corpus/*' ! -path "*/stage/*" | sort
}

without_licence() {
    sources bindings cli core docs plugins simulator tests | while read -r file; do
        head -n 1 "$file" | grep -qx '/\* SPDX-License-Identifier: MIT \*/' || echo "$file"
    done
    { scripts 'py*' && scripts lua; } | while read -r file; do
        head -n 2 "$file" | grep -qE '^(#|--) SPDX-License-Identifier: MIT$' || [ ! -s "$file" ] ||
            echo "$file"
    done
}

# Bindings are on the public headers alone; the annotations of editors are made at build time.
past_the_public_headers() {
    sources bindings | grep -v '^bindings/lua/annotate\.c$' |
        xargs grep -nE '#include "[a-z]+/|#include <config\.h>'
}

# Of Python: what the compiler warns of, and imports that nobody uses.
wrong_python() {
    scripts 'py*' | grep -v '\.typed$' | "${PYTHON:-python3}" -W error -c '
import ast, re, sys
for file in sys.stdin.read().split():
    with open(file, encoding="utf-8") as opened:
        text = opened.read()
    try:
        compile(text, file, "exec")
    except (SyntaxError, SyntaxWarning) as error:
        print(f"{file}: {error}")
        continue
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or file.endswith(".pyi"):
            continue
        for name in (alias.asname or alias.name.split(".")[0] for alias in node.names):
            used = name in ("*", "annotations") or "noqa" in lines[node.lineno - 1]
            if not used and len(re.findall(rf"\b{re.escape(name)}\b", text)) < 2:
                print(f"{file}:{node.lineno}: {name} is not used")
'
}

wrong_lua() {
    scripts lua | while read -r file; do
        "$luac" -p "$file" 2>&1
    done
}

# check_with PROGRAM NAME FUNCTION: the check, skipped where there is no such program.
check_with() {
    if command -v "$1" >/dev/null 2>&1; then check "$2" nothing "$3"; else skip "$2" "no $1"; fi
}

without_config_first() {
    find cli core simulator -name '*.c' | while read -r file; do
        first=$(grep -m 1 '^#include' "$file")
        [ "$first" = '#include <config.h>' ] || echo "$file: $first"
    done
}

# includes PATTERN PLACES: who includes it outside of the places (a pattern of paths).
includes() { sources cli core simulator | xargs grep -nE "#include [<\"]$1[>\"]" | grep -vE "^($2)"; }

# The rooms in their order: each includes only from itself and those before it.
against_the_direction() {
    allowed=include
    for room in base catalogue http auth plugin policy lua client callbacks; do
        allowed="$allowed|$room"
        [ ! -d "core/$room" ] || sources "core/$room" | xargs grep -nE '#include "[a-z]+/' |
            grep -vE "#include \"($allowed)/"
    done
}

# A plugin needs one header of ours.
more_than_the_header() {
    sources plugins | xargs grep -nE '#include ("[a-z]+/|<thingspace/)' |
        grep -v '#include <thingspace/plugin.h>'
}

too_long_files() {
    { sources bindings cli core plugins simulator tests && scripts py && scripts lua; } | while read -r file; do
        lines=$(wc -l <"$file")
        [ "$lines" -lt 600 ] || echo "$file: $lines lines"
    done
}

too_long_functions() {
    sources bindings cli core plugins simulator tests | xargs awk '
        FNR == 1 { start = 0 }
        /^{/ { start = FNR }
        /^}/ && start { if (FNR - start > 101) print FILENAME ":" start ": " FNR - start - 1 " lines"
                        start = 0 }'
}

plan 12
check "the licence comes first" nothing without_licence
check "config.h is the first include" nothing without_config_first
check "lua.h is included in core/lua only" nothing includes 'l(ua|auxlib|ualib)\.h' core/lua/
check "curl.h is included in core/http only" nothing includes 'curl/.*' 'core/http/|cli/hygiene\.c:'
check "cJSON.h is included in core/base/json only" nothing includes '.*cJSON\.h' core/base/json
check "rooms include from those before them" nothing against_the_direction
check "compiled plugins include thingspace/plugin.h alone" nothing more_than_the_header
check "files have fewer than 600 lines" nothing too_long_files
check "functions have at most 100 lines" nothing too_long_functions
check "bindings include public headers alone" nothing past_the_public_headers
check_with "${PYTHON:-python3}" "files of Python compile, and use what they import" wrong_python
luac=$(command -v luac5.4 || command -v luac || echo luac)
check_with "$luac" "files of Lua compile" wrong_lua
