#!/bin/bash
# SPDX-License-Identifier: MIT
# Escape sequences and line breaks of the service on a real terminal and in the log.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl script
SHELL_UNDER_TEST=bash
inside_simulator "$@"
export NO_COLOR=1 TERM=xterm

# on_terminal COMMAND: what a terminal gets from it is in $work/typescript
on_terminal() { script -qec "$1" /dev/null </dev/null >"$work/typescript" 2>&1; }
# is_still WHAT: nothing but printable characters, UTF-8 and line ends came
is_still() {
    is "$1" "" "$(LC_ALL=C tr -d '[:print:]\r\n\200-\377' <"$work/typescript")"
    is "$1: nor control characters of Unicode" 0 \
        "$(LC_ALL=C grep -acP '\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' "$work/typescript")"
}
nasty='a\\u001b]0;title\\u0007\\u001b[2Jb\\nthingspace: registered\\rc\\u009b31m\\u202ed\\u0008\\u007f'
fault "GET /callbacks/* status=400 body=\"{\\\"errorCode\\\":\\\"X.$nasty\\\",\\\"errorMessage\\\":\\\"$nasty\\\"}\""
on_terminal 'test -t 2 && thingspace list A'
is "the failure is told on a terminal, as one line" 1 "$(grep -ac . "$work/typescript")"
like "with its text" "*\\x1b\[2Jb*" "$(cat "$work/typescript")"
is_still "an error moves nothing"
on_terminal 'thingspace -vv list A'
is_still "nor does the trace"
on_terminal 'thingspace --output json list A'
is_still "nor does JSON"
faultless
fault "GET /callbacks/* status=400 body=\"<am:fault xmlns:am='http://wso2.org/apimanager'><am:code>1</am:code><am:message>a&#27;[31m&#10;b</am:message></am:fault>\""
on_terminal 'thingspace list A'
is_still "nor does an XML fault"
is "which is one line too" 1 "$(grep -ac . "$work/typescript")"
faultless
fault "GET /callbacks/* status=200 body=\"[{\\\"serviceName\\\":\\\"S$nasty\\\",\\\"url\\\":\\\"https://h/$nasty\\\",\\\"username\\\":\\\"$nasty\\\"}]\""
on_terminal 'thingspace list A'
is_still "nor does a table of listeners"
is "its line is one line, below the heading" 2 "$(grep -ac . "$work/typescript")"
faultless
fault 'GET /callbacks/* status=503 "header=Retry-After:1\\u001b[31m" times=1'
on_terminal 'thingspace -vv list A'
is_still "nor does a header"
end
