#!/bin/sh
# SPDX-License-Identifier: MIT
# The shapes of --output json: exactly the documented members.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

ts() { run thingspace --output json "$@"; }

ts register A CarrierService https://hooks.example.com/a
json "register" '. == {accountName: "A", serviceName: "CarrierService",
    url: "https://hooks.example.com/a", result: "registered"}' "$out"
ts register A CarrierService https://hooks.example.com/a
json "unchanged" '.result == "unchanged"' "$out"
ts register A CarrierService https://hooks.example.com/b --replace
json "replaced" '.result == "replaced"' "$out"
ts register A CarrierService https://hooks.example.com/b --username u
json "updated" '.result == "updated"' "$out"

ts register A CarrierService https://hooks.example.com/c
json "an error" '.error | (keys - ["account"]) == ["kind", "message"] and .kind == "refused"' "$err"
is "and nothing else" "" "$out"

ts list A
json "list" '. == [{accountName: "A", serviceName: "CarrierService",
    url: "https://hooks.example.com/b", username: "u", hasPassword: false}]' "$out"
ts list B
json "an empty list" '. == []' "$out"
is "is quiet" "" "$err"

fault 'GET /callbacks/C status=400 body="{\"errorCode\":\"X.Y\",\"errorMessage\":\"no\"}"'
ts list A C
json "partial: the results" 'map(.accountName) == ["A"]' "$out"
json "partial: the error" '.error | .kind == "partial" and (.errors | length) == 1 and
    (.errors[0] | .kind == "service" and .status == 400 and .code == "X.Y" and .account == "C")' "$err"
exits "partial" 7
ts list C C
json "all fail: the first error's kind, with all" \
    '.error | .kind == "service" and (.errors | length) == 2' "$err"
is "all fail: no result" "" "$out"
faultless

ts deregister A CarrierService
json "deregister" '. == [{accountName: "A", serviceName: "CarrierService", result: "removed"}]' "$out"
ts deregister A --all
json "nothing to remove" '. == []' "$out"

ts register A CarierService 'https://hooks.example.com:81/'
json "warnings do not touch the result" '.result == "registered"' "$out"
like "and come as lines when there is no error" "thingspace: warning: *" "$err"
ts register A CarierService 'https://hooks.example.com:82/'
json "with an error they are part of it" '.error.kind == "refused" and (.warnings | length) == 2' "$err"

ts auth status
json "auth status" 'length == 1 and (.[0] | .credential == "environment" and .bearer == "valid" and
    .session == "valid" and .failed == 0 and .latched == false and has("stateDir"))' "$out"
ts auth logout
json "auth logout" '. == [{credential: "environment", endpoint: "environment",
    result: "logged out"}]' "$out"
ts auth login
json "auth login" '.[0].result == "logged in"' "$out"
ts auth unlatch
json "auth unlatch" '.[0].result == "unlatched"' "$out"

ts services
json "services" 'map(.name) | index("CarrierService") != null and . == sort' "$out"
json "the seed's thirteen" 'map(select(.seed)) | length == 13' "$out"
ts services --sources
json "sources" 'all(.[]; (keys == ["address", "api", "note"]))' "$out"

ts policy eval A
json "policy eval" '.accountName == "A" and .endpoint == "environment" and
    .credential == "environment" and .timeout_ms == 30000 and has("tags") and has("script")' "$out"
ts policy check
json "policy check" '.accounts == 0 and .errors == []' "$out"
ts call A GET '/plans/{account}'
json "call passes the body on" 'has("requestId")' "$out"

# --- every member that is printed has its name in --help of the command, and so in its page ---

cd "$work" || exit 99
# named WHAT COMMAND: the members of $out, but for those below what users name.
named() {
    help=$(thingspace "$2" --help)
    missing=
    members=$(printf '%s\n' "$out" | jq -r 'paths | select(
        any(.[:-1][]; IN("headers", "tags", "body", "checks")) | not) | .[-1] | strings' | sort -u)
    for member in $members; do
        case $help in *"\"$member\""*) ;; *) missing="$missing $member" ;; esac
    done
    is "$1: --help names all members" "" "$missing"
    unlike "$1: there are some" "" "$members"
}
mkdir tenants
cat >tag.lua <<'END'
return { name = "tag", version = "1", api = 1, capabilities = { "request.headers:write" },
  hooks = { request = function(call, request) request:set_header("X-A", "1") return thingspace.wait(1) end,
    check = function(call) if call.service == "NiddService" then return thingspace.deny("no", "no") end end,
    audit = function() end } }
END
cat >tag_test.lua <<'END'
return { good = function(t) t.check(true) end, bad = function(t) t.check(false, "not so") end }
END
echo 'return { plugins = { { "tag.lua" } } }' >tenants/red.lua
echo 'return {' >tenants/blue.lua
for name in old new; do
    cat >$name.lua <<END
return { name = "fleet", accounts = { "RED-1", "BLUE-1", "$name-1" }, plugins = { { "tag.lua", name = "$name",
    grant = { "request.headers:write" } } },
  resolve = function(account) return { tags = { is = "$name" } } end,
  listeners = function(account) return { CarrierService = { url = "https://hooks.example.com:81/" },
    NiddService = { url = "https://hooks.example.com/$name" } } end,
  tenants = { red = { script = "tenants/red.lua", accounts = { "RED-*" }, endpoints = { "environment" },
      credentials = { "environment" }, urls = { "https://*/*" }, plugins = { ["tag.lua"] = { "request.headers:write" } } },
    blue = { script = "tenants/blue.lua", accounts = { "BLUE-*" }, endpoints = { "environment" },
      credentials = { "environment" }, urls = { "https://*/*" } } } }
END
done
ts plugin new fresh
named "plugin new" plugin
ts plugin check tag.lua tag_test.lua
named "plugin check" plugin
ts --policy old.lua plugin list
named "plugin list" plugin
ts --policy old.lua plugin explain RED-1 register NiddService https://hooks.example.com/x
named "plugin explain" plugin
ts plugin test tag.lua
named "plugin test" plugin
ts --policy old.lua policy check
named "policy check" policy
ts --policy old.lua policy eval old-1
named "policy eval" policy
ts policy diff old.lua new.lua
named "policy diff" policy
ts --policy old.lua plan
named "plan" plan
ts --policy old.lua apply --yes
named "apply" apply
end
