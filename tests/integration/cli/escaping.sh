#!/bin/sh
# SPDX-License-Identifier: MIT
# What the service says cannot move the cursor, colour the screen or begin a line.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

escape=$(printf '\033')
fault 'GET /callbacks/A status=400 body="{\"errorCode\":\"X.\\u001b[31mRED\",\"errorMessage\":\"a\\nthingspace: done\\u202e\"}"'
run thingspace list A
is "an error is one line" 1 "$(wc -l <"$work/err" | tr -d ' ')"
unlike "without escape sequences" "*$escape*" "$err"
like "they are shown as text" "*\\\\x1b*" "$err"
run thingspace --output json list A
json "in JSON too" '.error.kind == "service"' "$err"
unlike "no raw escape in JSON" "*$escape*" "$err"
faultless

fault 'GET /callbacks/A status=200 body="[{\"accountName\":\"A\",\"serviceName\":\"S\\u001b[2J\",\"url\":\"https://h.example.com/\\r\\nB\\tC\",\"username\":\"u\",\"password\":\"hunter2\"}]"'
run thingspace list A
is "a listener is one line" 1 "$(wc -l <"$work/out" | tr -d ' ')"
is "of five cells" 5 "$(awk -F '\t' '{print NF}' "$work/out")"
unlike "without escape sequences" "*$escape*" "$out"
unlike "the password is nowhere" "*hunter2*" "$out$err"
run thingspace --output json list A
json "JSON keeps the text" '.[0].url == "https://h.example.com/\r\nB\tC"' "$out"
run thingspace call A GET '/callbacks/{account}'
unlike "call hides it too" "*hunter2*" "$out$err"
json "and shows the rest" '.[0].password == "***" and .[0].username == "u"' "$out"
run thingspace -vv list A
unlike "the trace shows no password" "*hunter2*" "$out$err"
run thingspace register A "S${escape}" https://hooks.example.com/
unlike "a word of the command line is escaped too" "*$escape*" "$out$err"
end
