#!/bin/sh
# SPDX-License-Identifier: MIT
# What a listener should not be: told before it is sent, refused, warned about or let through as the
# policy and its accounts say. What can never be sent is refused whatever they say.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq
inside_simulator "$@"

policy=$work/policy.lua
good=https://hooks.example.com/a
forty=1234567890123456789012345678901234567890
printf '%s' "$THINGSPACE_PASSWORD" >"$work/uws"
printf '%s' "${forty}x" >"$work/long"
chmod 600 "$work/uws" "$work/long"

# One listener for four accounts, which differ in their levels: URL USERNAME PASSWORD-FILE CHECK.
write_policy() {
    cat >"$policy" <<END
local listener = { url = [[$1]] }
${2:+listener.username = [[$2]]}
${3:+listener.password = thingspace.secret.file([[$3]])}
return {
  name = "levels",
  accounts = {
    "Default",
    { account = "Lax", checks = "$4=ignore" },
    { account = "Warned", checks = { ["$4"] = "warn" } },
    { account = "Strict" },
  },
  resolve = function(account)
    return account == "Strict" and { checks = { ["$4"] = "refuse" } } or nil
  end,
  listeners = function() return { CarrierService = listener } end,
}
END
}

requests() { control GET state | jq .requestCount; }

register() {
    account=$1
    run thingspace --policy "$policy" register "$account" CarrierService "$url" \
        ${user:+--username "$user"} ${file:+--password-file "$work/$file"} --replace
}

# is_refused WHAT ACCOUNT PATTERN: as usage, before anything is sent.
is_refused() {
    before=$(requests)
    register "$2"
    exits "$1: $2" 2
    like "$1: $2: it is told" "thingspace: usage: *$3*" "$err"
    is "$1: $2: nothing was sent" "$before" "$(requests)"
}
is_let_through() {
    before=$(requests)
    register "$2"
    like "$1: $2: it was sent" "[1-9]*" "$(($(requests) - before))"
    unlike "$1: $2: without a warning" "*warning*" "$err"
}
is_warned_about() {
    before=$(requests)
    register "$2"
    like "$1: $2: a warning" "*warning: $check: *$3*" "$err"
    like "$1: $2: it was sent all the same" "[1-9]*" "$(($(requests) - before))"
}

# levels WHAT CHECK DEFAULT URL USERNAME PASSWORD-FILE PATTERN
levels() {
    what=$1 check=$2 url=$4 user=$5 file=$6
    write_policy "$4" "$5" "$6" "$2"
    case $3 in
    refuse) is_refused "$what" Default "$7" ;;
    warn) is_warned_about "$what" Default "$7" ;;
    esac
    is_let_through "$what" Lax
    is_warned_about "$what" Warned "$7"
    is_refused "$what" Strict "$7"

    # A plan tells the refused ones, and each warning once.
    run thingspace --policy "$policy" --output json plan
    exits "$what: a plan with a refused listener" 7
    like "$what: the plan says why" "*Strict*$7*" "$err"
    run thingspace --policy "$policy" plan
    is "$what: the plan warns once" 1 "$(grep -c "warning: $check: " "$work/err")"

    # No secret is read, so what only a secret tells is not.
    [ "$6" ] && return
    run thingspace --policy "$policy" policy check
    exits "$what: policy check" 3
    like "$what: policy check says why" "*$7*" "$out$err"
}

levels "a port" port warn https://hooks.example.com:8443/a "" "" "port"
levels "a private host" private-host warn https://192.168.1.9/a "" "" "private or local"
levels "a name of the local network" private-host warn https://gateway/a "" "" "private or local"
levels "plain http" plain-http warn http://hooks.example.com/a "" "" "plain http"
levels "an apostrophe" characters refuse "https://hooks.example.com/'" "" "" "characters"
levels "a less-than sign" characters refuse "https://hooks.example.com/<" "" "" "characters"
levels "a backslash" characters refuse "https://hooks.example.com/a\\b" "" "" "characters"
levels "a character in a username" characters refuse "$good" "a'b" "" "characters"
levels "a long username" length warn "$good" "${forty}x" "" "40 characters"
levels "a long password" length warn "$good" me long "40 characters"
levels "the UWS password" credentials refuse "$good" me uws "UWS password"

# The username alone is worth a warning; policy check reads no secret and cannot know it.
url=$good user=$THINGSPACE_USERNAME file='' check=credentials
write_policy "$url" "$user" "" credentials
is_warned_about "the UWS username" Default "UWS username"
is_let_through "the UWS username" Lax
is_refused "the UWS username" Strict "UWS username"
user=$THINGSPACE_PASSWORD
is_refused "the UWS password as a username" Default "UWS password"
unlike "the UWS password as a username is not shown" "*$THINGSPACE_PASSWORD*" "$err$out"

# No level lets through what cannot be sent.
user='' file=''
cat >"$policy" <<END
local off = {}
for _, name in ipairs { "characters", "port", "private-host", "plain-http", "length", "credentials" } do
  off[name] = "ignore"
end
return { name = "off", checks = off, accounts = { "Lax" } }
END
never() {
    url=$2 user=$3
    is_refused "$1" Lax "$4"
}
never "a blank in a URL" "https://hooks.example.com/a b" "" "blank"
never "a line break in a URL" "https://hooks.example.com/
" "" "control character"
never "bytes that are not UTF-8" "$good" "$(printf '\377')" "UTF-8"
never "a control character in a username" "$good" "$(printf 'a\001')" "control character"
never "a backslash in a host" "https://hooks.example.com\\a/" "" "host"
never "a user in a URL" "https://me:you@hooks.example.com/" "" "user name"

# A tenant may be stricter than the operator, never laxer.
mkdir "$work/tenants"
echo 'return { checks = { port = "ignore", ["plain-http"] = "refuse" } }' >"$work/tenants/t.lua"
cat >"$policy" <<END
return {
  name = "operator",
  accounts = { { account = "T-1", credential = "environment", endpoint = "environment" } },
  checks = { port = "refuse" },
  tenants = { t = { script = "tenants/t.lua", accounts = { "T-*" }, endpoints = { "environment" },
    credentials = { "environment" }, urls = { "https://hooks.example.com:*/*", "http://hooks.example.com/*" } } },
}
END
url=https://hooks.example.com:8443/a user=''
is_refused "a tenant that is laxer" T-1 "port"
url=http://hooks.example.com/a
is_refused "a tenant that is stricter" T-1 "plain http"
end
