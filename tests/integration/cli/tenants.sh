#!/bin/sh
# SPDX-License-Identifier: MIT
# Operator and tenant with an instance of the same name: whose it is, wherever it is named; and what
# a tenant's row gives for nothing.
. "$top_srcdir/tests/integration/lib.sh"
inside_simulator
need jq
cd "$work" || exit 99

mkdir tenants
cat >hours.lua <<'END'
return { name = "hours", version = "1", api = 1, capabilities = { "request.headers:write" },
  hooks = { request = function(call, request)
      request:set_header("X-Team", "a")
      if call.service == "Wait" then return thingspace.wait(100000) end
      if call.service == "Break" then error("broken") end
    end,
    check = function(call)
      if call.operation == "deregister" then return thingspace.deny("no", "not now") end
    end,
    audit = function() end } }
END
cat >lower.lua <<'END'
return { name = "lower", version = "1", api = 1, capabilities = { "request.headers:write" },
  hooks = { request = function(call, request) request:set_header("x-team", "b") end } }
END
cat >watch.lua <<'END'
return { name = "watch", version = "1", api = 1, hooks = { audit = function(event)
  for _, change in ipairs(event.changes) do
    thingspace.log(change.instance .. " of " .. (change.tenant or "nobody"))
  end
end } }
END
echo 'return { plugins = { { "hours.lua" } } }' >tenants/red.lua
cat >fleet.lua <<'END'
return { name = "fleet", accounts = { "RED-1", "BLUE-1" },
  plugins = { { "watch.lua" } },
  tenants = { red = { script = "tenants/red.lua", accounts = { "RED-*" }, endpoints = { "environment" },
    credentials = { "environment" }, urls = { "https://*/*" },
    plugins = { ["hours.lua"] = { "request.headers:write" } } } } }
END
grant='grant = { "request.headers:write" }'
sed "s/{ \"watch.lua\" }/{ \"hours.lua\", $grant }, { \"lower.lua\", $grant }, &/" fleet.lua >both.lua
THINGSPACE_POLICY=fleet.lua
export THINGSPACE_POLICY

# explain
run thingspace plugin explain RED-1 list --policy both.lua
exits "explain" 0
like "one line for a field, however it is written" "*who changed what
request.headers.X-Team: hours (tenant red), after hours, lower" "$out"
like "what is not run is named" "*
not run without an answer: audit of hours (tenant red), hours, watch
*" "$out"
run thingspace plugin explain BLUE-1 list --policy both.lua
like "as the last one wrote it" "*
request.headers.x-team: lower, after hours" "$out"
run thingspace plugin explain BLUE-1 list
like "an audit hook alone is not no hook" "list on BLUE-1

not run without an answer: audit of watch
*" "$out"
run thingspace plugin explain RED-1 list --output json
json "in JSON" '.hooks[0].tenant == "red" and (.notRun | map([.instance, .tenant, .phase])) ==
    [["hours", "red", "audit"], ["watch", null, "audit"]]' "$out"
run thingspace plugin explain RED-1 register Wait https://h.example.com/
exits "a wait beyond the deadline fails as it would" 5
like "by name" "thingspace: timeout: hours (tenant red): request hook: a wait of 100000 ms *" "$(printf '%s\n' "$err" | tail -n 1)"
unlike "and there is no final request" "*final request*" "$out"
run thingspace plugin explain RED-1 register Break https://h.example.com/
exits "a hook that fails" 3
is "is told once" 1 "$(printf '%s\n%s\n' "$out" "$err" | grep -c 'request hook')"
run thingspace plugin explain RED-1 deregister CarrierService
exits "a denial is an answer" 0
like "of whom" "*denied: hours (tenant red): not now" "$out"

# calls
run thingspace deregister RED-1 CarrierService --output json
exits "a denial" 3
json "names the tenant beside the instance" '.error | .plugin == "hours" and .instance == "hours" and
    .tenant == "red" and .phase == "check" and (.message | test("hours \\(tenant red\\): not now"))' "$err"
run thingspace list RED-1 -v
like "changes of an event name it" "*hours of red*" "$err"

# what is quarantined says how long
sed "s/{ \"watch.lua\" }/{ \"hours.lua\", name = \"own\", on_error = \"quarantine\", $grant }/" fleet.lua >resting.lua
run thingspace deregister BLUE-1 Break --policy resting.lua
exits "what is skipped: the service answers" 1
like "says for how long it rests" "*(skipped, 1 failed so far; it rests for 1 s)*" "$err"

# what a row gives
run thingspace policy check
exits "policy check" 0
like "how many accounts each tenant has" "*
tenant red: 1 account" "$out"
is "no warning" "" "$err"
sed 's/"RED-\*"/"RED-.*"/; s/plugins = { \["hours/plugins = { headrs = {}, ["hours/' fleet.lua >typing.lua
run thingspace policy check --policy typing.lua
exits "patterns and grants for nothing" 0
like "are counted" "* 2 warnings, 0 errors
tenant red: 0 accounts" "$out"
like "a pattern of Lua" "*warning: tenant red: accounts: 'RED-.\*' matches no declared account; it is a glob*" "$err"
like "a plugin that is not there" "*warning: tenant red: plugins: plugin 'headrs' was not found as headrs.lua*" "$err"
run thingspace policy check --policy typing.lua --output json
json "in JSON" '.tenants == [{tenant: "red", script: "tenants/red.lua", accounts: 0}] and
    (.warnings | map(.tenant)) == ["red", "red"]' "$out"
sed 's/\["hours.lua"\]/hours/' fleet.lua >named.lua
run thingspace plugin list --policy named.lua
exits "plugin list with a broken tenant" 3
like "shows the others" "*watch*" "$out"
is "and what breaks it, once" 1 "$(printf '%s\n' "$err" | grep -c "tenant red: .*'hours.lua' is not granted")"
like "with the key that is meant" '*write [[]"hours.lua"] = { ... } in the tenant*' "$err"
run thingspace plugin list --policy named.lua --output json
json "in JSON" '.errors[0].tenant == "red"' "$out"
json "and as an error" '.error.errors[0].tenant == "red"' "$err"
end
