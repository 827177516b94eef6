#!/bin/sh
# SPDX-License-Identifier: MIT
# plan --report and --markdown: a page that needs nothing, a comment; no password, nothing hostile.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

cat >"$work/policy.lua" <<'END'
return {
  name = "fleet <b>&\"'",
  accounts = { "0000123456-00001", "0000123456-00002", "0000777001-00001", "0000888001-00001" },
  listeners = function(account)
    if account == "0000888001-00001" then return nil end
    return { CarrierService = { url = "https://hooks.example.com/" .. account },
             NiddService = { url = "https://hooks.example.com/" .. account,
                             username = "u>&i", password = thingspace.secret.file("password") } }
  end,
}
END
printf 'p-wanted' >"$work/password"
printf 'p-else' >"$work/else"
chmod 600 "$work/password" "$work/else"
thingspace -q register 0000123456-00001 CarrierService https://hooks.example.com/0000123456-00001 >/dev/null
thingspace -q register 0000123456-00001 NiddService https://hooks.example.com/0000123456-00001 \
    --username 'u>&i' --password-file "$work/else" >/dev/null
thingspace -q register 0000123456-00002 DeviceUsage "https://far.example.org/a?b=%22&c=@all|x" >/dev/null
fault 'GET /callbacks/0000777001-* status=400 body="{\"errorCode\":\"</script><img onerror=x>\"}"'
THINGSPACE_POLICY=$work/policy.lua
export THINGSPACE_POLICY

# has WHAT TEXT FILE: a page is too long to be shown by `like`.
has() {
    if grep -qF -- "$2" "$3"; then
        ok "$1"
    else
        not_ok "$1" "not in $3: $2"
    fi
}
hasnt() { is "$1" 0 "$(grep -cF -- "$2" "$3")"; }
# The content of the first element that begins with that line, as browsers hash it.
element() { awk -v tag="$1" '$0 == "<" tag ">" {on = 1; print ""; next} $0 == "</" tag ">" {on = 0} on' "$2"; }
hash() {
    octal=$(sha256sum | cut -c 1-64 | sed 's/../0x& /g' | xargs printf '\\%o')
    # shellcheck disable=SC2059
    printf "$octal" | base64
}

page=$work/plan.html
run thingspace plan --report "$page" --report "$work/plan.md"
exits "a page and a comment" 7
like "the page is told" "*report written to $page*" "$err"
like "the comment too" "*report written to $work/plan.md*" "$err"
like "the plan is printed all the same" "*1 change*" "$out"
is "for its owner alone" "-rw-------" "$(ls -l "$page" | cut -c 1-10)"
is "nothing is left beside it" "$page" "$(ls "$page"*)"
has "all cells are in it" '<td class="k">.</td>' "$page"
has "strangers too" '<td class="o">o</td>' "$page"
has "unread accounts are rows" '>0000777001-00001</th><td class="u" ' "$page"
has "accounts without a listener, too" '>0000888001-00001</th><td></td>' "$page"
has "the password's difference" '<td class="c"><a href="#g' "$page"
has "the policy's name is text" '<h1>fleet &lt;b&gt;&amp;&quot;&#39;</h1>' "$page"
hasnt "what the service says is no markup" '<img' "$page"
hasnt "no password is in it" 'p-else' "$page"
hasnt "nor the wanted one" 'p-wanted' "$page"
is "nothing is fetched" 0 "$(grep -ciE '<(link|img|iframe|object|embed|base|form)|(src|srcset|action)=|url\(|@import' "$page")"
is "no handler, no style of an element" 0 "$(grep -ciE '<[a-z][^>]* (on[a-z]+|style)=' "$page")"
has "the style is allowed by its hash" "style-src 'sha256-$(element style "$page" | hash)'" "$page"
has "the script too" "script-src 'sha256-$(element script "$page" | hash)'" "$page"
has "and nothing else" "default-src 'none'; style-src" "$page"
has "neither a base nor a form" "base-uri 'none'; form-action 'none'\"" "$page"
awk '/^<script type="application\/json"/ {on = 1; next} /^<\/script>/ {on = 0} on' "$page" >"$work/data"
json "what is behind the cells is JSON" '(.cells | length) == 4 and .texts[0] == ""' "$(cat "$work/data")"

comment=$(cat "$work/plan.md")
like "the comment has a table" '*| `~` | 1 | change | <code>password&#58; NiddService on 0000123456-00001</code> |*' "$comment"
like "and rows folded away" '*<details><summary>? rows</summary>*</details>*' "$comment"
unlike "without markup of others" '*<b>*' "$comment"
unlike "without a password" '*p-else*' "$comment"
run thingspace plan --markdown
is "on standard output it is the same" "$(sed 's/, [0-9.]* s$//' "$work/plan.md")" "$(echo "$out" | sed 's/, [0-9.]* s$//')"
run thingspace plan --report "$page" --output json
json "cells are in JSON with a page" '(.cells | length) == 2 and .cells[0].state == "unchanged"' "$out"
json "and accounts that have none" '.empty == ["0000888001-00001"]' "$out"

run thingspace plan --markdown --output json
exits "two forms on standard output" 2
run thingspace plan --report plan.txt
exits "another ending" 2
like "both are named" "*.html*.md*plan.txt*" "$err"
run thingspace plan --report "$work/nowhere/plan.html"
exits "a folder that is not there" 9
like "the file is named" "*$work/nowhere/plan.html*" "$err"
faultless
run thingspace plan 0000123456-00001 --service CarrierService --report "$page"
exits "nothing to do" 0
has "is said" "Nothing to do" "$page"

# ---- what apply will need is told to who approves ----
thingspace -q register 0000123456-00002 SMSDeliveryConfirmation https://hooks.example.com/old >/dev/null
thingspace -q register 0000123456-00002 NiddService https://far.example.org/ >/dev/null
run thingspace plan 0000123456-00002 --report "$page" --markdown
like "the comment tells options" '*take over (needs --take-over), 1 remove (needs --prune)*' "$out"
has "the page, too" '1 take over (needs --take-over), 1 remove (needs --prune)' "$page"
thingspace -q deregister 0000123456-00002 SMSDeliveryConfirmation >/dev/null
thingspace -q deregister 0000123456-00002 NiddService >/dev/null
end
