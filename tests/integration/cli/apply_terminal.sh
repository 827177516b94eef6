#!/bin/bash
# SPDX-License-Identifier: MIT
# apply on a terminal: the plan and one question, the bar, failures above it, Ctrl-C.
. "$top_srcdir/tests/integration/lib.sh"
need tmux curl jq
SHELL_UNDER_TEST=bash
inside_simulator

cat >"$work/policy.lua" <<'END'
local accounts = {}
for i = 1, 30 do
  accounts[i] = string.format("0000123456-%05d", i)
end
return {
  name = "fleet",
  owns = { "https://old.example.com/*" },
  endpoints = { lab = { url = thingspace.settings.url, window = 2 } },
  accounts = accounts,
  resolve = function() return { endpoint = "lab", credential = "environment" } end,
  listeners = function(account)
    return { CarrierService = { url = "https://hooks.example.com/" .. account } }
  end,
}
END
export THINGSPACE_POLICY=$work/policy.lua

# shellcheck source=tests/integration/terminal.sh
. "$top_srcdir/tests/integration/terminal.sh"
registered() { control GET state | jq -c "[.listeners[] | select($1)] | length"; }
number=0
begin_any() { # COMMAND
    number=$((number + 1))
    marker="run $number"
    type_line "clear; echo $marker; $1; echo \"exit \$?\""
}
begin() { begin_any "thingspace --set url=$THINGSPACE_URL $*"; }

# ---- the question ----
begin apply
check "the plan, and a question" "*$work/policy.lua *+ 30 add *30 add*Apply 30 additions to lab? \[y/N\]"
type_line ''
check "no answer is no" "*nothing was changed*exit 130*"
for answer in n no yess Y-no; do
    begin apply
    shows "*Apply 30 additions to lab?*"
    type_line "$answer"
    check "'$answer' is no" "*nothing was changed*exit 130*"
done
begin apply
shows "*Apply 30 additions to lab?*"
session send-keys -t t C-c
check "Ctrl-C is no" "*nothing was changed*exit 130*"
begin apply
shows "*Apply 30 additions to lab?*"
session send-keys -t t C-d
check "and so is the end of the input" "*nothing was changed*exit 130*"
is "nothing was sent" 0 "$(registered true)"
begin apply --account "'*-0000[1]'"
check "a pattern that matches nothing" "*thingspace: usage: *exit 2*"
begin apply --account "'*-00001'"
check "one" "*Apply 1 addition to lab?*"
type_line y
check "y is yes" "*1 added; *exit 0*"
begin apply --account "'*-00001'" --account "'*-00002'"
shows "*Apply 1 addition to lab?*"
type_line YES
check "so is yes" "*1 added; *exit 0*"
begin apply --account "'*-00001'"
check "nothing to do, nothing to ask" "*nothing to do; 1 as declared*exit 0*"
unlike "said once" "*nothing to do*nothing to do*" "$(screen)"
is "two are there" 2 "$(registered true)"

# ---- what is refused anyway is not asked ----
thingspace -q --set "url=$THINGSPACE_URL" register 0000123456-00001 CarrierService https://far.example.net/ --replace >/dev/null
begin apply --account "'*-00001'"
check "takeovers alone" "*1 take over (needs --take-over)*refused: *exit 8*"
unlike "are not asked about" "*Apply *" "$(screen)"
begin apply --account "'*-00001'" --expect 00000000000000000000000000000000 --take-over
check "another id" "*refused: *exit 8*"
unlike "is not asked about" "*Apply *" "$(screen)"
begin apply --account "'*-00001'" --take-over
check "a takeover that is allowed" "*1 take over*Apply 1 takeover to lab?*"
unlike "needs nothing more" "*(needs*" "$(screen)"
type_line y
check "is made" "*1 taken over; *exit 0*"

# ---- a saved plan ----
thingspace -q --set "url=$THINGSPACE_URL" plan '*-00001' '*-00004' --out "$work/saved.plan" >/dev/null
fault 'GET /callbacks/* delay=1000'
begin apply "$work/saved.plan"
check "is shown and asked about, too" "*1 add; 1 as declared*Apply 1 addition to lab?*"
type_line y
check "it is looked at first" "*looking whether the plan is still true*"
check "and done" "*1 added; *exit 0*"
unlike "of looking nothing stays" "*looking*" "$(screen)"
faultless
thingspace -q --set "url=$THINGSPACE_URL" deregister 0000123456-00004 CarrierService >/dev/null

# ---- the bar, failures, Ctrl-C ----
fault 'POST /callbacks/0000123456-00003 status=400 body="{\"errorCode\":\"REQUEST_FAILED.X\",\"errorMessage\":\"no\"}"'
thingspace -q --set "url=$THINGSPACE_URL" register 0000123456-00030 DeviceUsage https://old.example.com/ >/dev/null
fault 'POST /callbacks/* delay=1000'
begin apply
shows "*1 remove (needs --prune)*Apply 28 additions to lab?*"
type_line y
check "a bar counts what was asked about, with failures above it" \
    "*service: 0000123456-00003: CarrierService: *of 28 changes \[*\] */s, * left, 1 failed"
session resize-window -t t -x 40 -y 40
marker= # has gone with what was above
check "a narrow terminal has a short one" "*of 28 changes, *1 failed*"
like "which is one line" "* of 28 changes, *1 failed" "$(screen | tail -n 1)"
session send-keys -t t C-c
check "Ctrl-C is answered" "*stopping; *"
check "and ends it in good order" "*1 failed*not begun*interrupted*changes are done*exit 130*"
unlike "the bar is gone" "*/s, *left*" "$(screen)"
session resize-window -t t -x 120 -y 40
begin apply
check "a repeated run asks for the rest" \
    "*Apply * additions and 1 change that was refused before to lab?*"
type_line y
check "it begins" "*of * changes \[*"
session send-keys -t t C-c
check "Ctrl-C is answered again" "*stopping; *"
fault 'POST /callbacks/* delay=20000'
session send-keys -t t C-c
check "a second Ctrl-C ends at once" "*exit 130*"
faultless
begin apply --yes
check "--yes asks nothing" "*added*; *exit 0*"
unlike "really" "*Apply *" "$(screen)"
is "all is there" 30 "$(registered '.serviceName == "CarrierService"')"

# ---- where there is no bar ----
fault 'GET /callbacks/* delay=100'
# Everything that the terminal got from one command: its bytes.
raw() { # ENVIRONMENT COMMAND: what is in $typescript
    begin_any "script -qec 'env $1 thingspace --set url=$THINGSPACE_URL $2' $work/typescript >/dev/null"
    shows "*exit 0*"
    typescript=$(tr -d '\000' <"$work/typescript")
}
escape=$(printf '\033')
if has_terminals; then
    raw TERM=xterm plan
    like "a plan has a bar" "*30 accounts \[*" "$typescript"
    raw 'TERM=xterm NO_COLOR=1' plan
    unlike "without colours it has none" "*$escape\[3*" "$typescript"
    like "but a bar" "*30 accounts \[*" "$typescript"
    raw TERM=dumb plan
    unlike "a dumb terminal has none" "*$escape*" "$typescript"
    raw TERM=xterm 'plan --quiet'
    unlike "--quiet has none" "*of 30 accounts*" "$typescript"
    raw TERM=xterm 'plan --output json'
    unlike "lines of JSON have none between them" "*of 30 accounts*" "$typescript"
else
    skip "terminals of other kinds" "script is not installed"
fi
faultless
end
