#!/bin/sh
# SPDX-License-Identifier: MIT
# The plugins in Lua that ship: their own tests, and what they do to real calls of the command.
. "$top_srcdir/tests/integration/lib.sh"
need jq curl
inside_simulator

plugins=$top_srcdir/plugins
THINGSPACE_PLUGIN_PATH=$top_builddir/plugins/.libs
for name in guard headers rate-limit rewrite; do
    THINGSPACE_PLUGIN_PATH=$plugins/$name:$THINGSPACE_PLUGIN_PATH
done
export THINGSPACE_PLUGIN_PATH

for name in guard headers rate-limit rewrite; do
    run thingspace plugin check "$plugins/$name/$name.lua"
    exits "$name: plugin check" 0
    run thingspace plugin test "$plugins/$name/${name}_test.lua"
    exits "$name: plugin test" 0
    unlike "$name: all of its tests are good" "*not ok*" "$out"
    man=$top_srcdir/docs/man/thingspace-plugins.7.in
    for option in $(sed -n 's/^    \([a-z_]*\) = { type = .*/\1/p' "$plugins/$name/$name.lua"); do
        like "$name: the manual has the option $option" "*.It Li $option *" "$(cat "$man")"
    done
done

# policy ROWS: a policy with these rows of plugins.
policy() {
    cat >"$work/policy.lua" <<EOF
return {
  name = "test",
  accounts = { "TestAccount-1", "TestAccount-2" },
  resolve = function(account) return { tags = { team = "blue" } } end,
  plugins = { $1 },
}
EOF
    THINGSPACE_POLICY=$work/policy.lua
    export THINGSPACE_POLICY
}
registered() { thingspace --output json list "$1" | jq -r '.[] | .url + " " + .username'; }

policy '{ "headers", grant = { "request.headers:write" },
  options = { set = { ["X-Team"] = "{tag.team}", ["X-Place"] = "{setting.place}" }, only_operations = { "list" } } }'
run thingspace --set place=here -v -v list TestAccount-2
exits "headers: a call" 0
run thingspace --output json --set place=here plugin explain TestAccount-2 list
json "headers: fields from tag and setting" '.headers | tostring | test("X-Team.*blue") and test("X-Place.*here")' "$out"
run thingspace --output json plugin explain TestAccount-2 list
json "headers: a field without a value is left out" '.headers | tostring | test("X-Place") | not' "$out"
run thingspace --output json plugin explain TestAccount-2 deregister CarrierService
json "headers: not for other operations" '.headers | tostring | test("X-Team") | not' "$out"

policy '{ "rewrite", grant = { "request.body:read", "request.body:write" }, options = {
  url = "https://hooks.example.com/{account}/{service}", username = "{account}" } }'
run thingspace register TestAccount-2 CarrierService https://old.example.com/x
exits "rewrite: a registration" 0
is "rewrite: the URL that is registered is told" \
    "registered  TestAccount-2  CarrierService  https://hooks.example.com/TestAccount-2/CarrierService" "$out"
run thingspace --output json register TestAccount-2 CarrierService https://old.example.com/x
json "rewrite: also when it is there already" '.result == "unchanged" and
    .url == "https://hooks.example.com/TestAccount-2/CarrierService"' "$out"
is "rewrite: what is registered" "https://hooks.example.com/TestAccount-2/CarrierService TestAccount-2" \
    "$(registered TestAccount-2)"
policy ''
run thingspace deregister TestAccount-2 CarrierService
exits "and removed" 0

policy '{ "rewrite", grant = { "request.body:read", "request.body:write" },
    options = { hosts = { ["old.example.com"] = "new.example.com" } } },
  { "guard", grant = { "request.body:read" }, options = { rules = {
    { operations = { "list" }, allow = true },
    { operations = { "register" }, urls = { "https://new.example.com/*" }, allow = true },
    { operations = { "register" }, deny = "elsewhere", code = "place" } } } }'
run thingspace register TestAccount-2 CarrierService https://old.example.com/x
exits "guard: judges what was rewritten" 0
run thingspace --output json register TestAccount-2 NiddService https://evil.example/new.example.com/
exits "guard: another host" 3
json "guard: says which rule and why" '.error.kind == "denied" and .error.code == "place" and
    .error.plugin == "guard" and (.error.message | test("rules.2.|rules.3.: elsewhere"))' "$err"
run thingspace deregister TestAccount-2 CarrierService
exits "guard: what no rule allows" 3
like "guard: says so" "*CarrierService: guard: no rule allows it (deregister)*" "$err"
is "guard: nothing was sent" "https://new.example.com/x " "$(registered TestAccount-2)"

cat >"$work/declared.lua" <<'EOF'
return { name = "declared", accounts = { "TestAccount-1", "TestAccount-2" },
  plugins = { { "guard", grant = { "request.body:read" },
    options = { rules = { { operations = { "list" }, allow = true } } } } },
  listeners = function() return { CarrierService = { url = "https://hooks.example.com/c" },
    NiddService = { url = "https://hooks.example.com/n" } } end }
EOF
run thingspace --policy "$work/declared.lua" plan
exits "guard: a plan of what it denies" 7
is "guard: denials of one reason are one line" 1 "$(printf '%s\n' "$out" | grep -c '^x  *4 failed .*no rule allows it (register)')"
like "guard: which tells accounts and services" "*CarrierService, NiddService on TestAccount-1 .. -2 *" "$out"
run thingspace --policy "$work/declared.lua" apply --yes
like "guard: an apply names each account and service" "*TestAccount-2: NiddService: guard: no rule*" "$err"

policy '{ "rate-limit", options = { rate = 2, key = "all" } }'
began=$(date +%s%N)
run thingspace list TestAccount-1 TestAccount-2 TestAccount-1
took=$((($(date +%s%N) - began) / 1000000))
exits "rate-limit: three calls" 0
if [ "$took" -ge 950 ]; then ok "rate-limit: the third waits a second"; else not_ok "rate-limit: too fast" "$took ms"; fi
policy '{ "rate-limit", options = { rate = 0.1, key = "all", longest_wait_ms = 100 } }'
run thingspace list TestAccount-1 TestAccount-2
exits "rate-limit: who would wait too long" 7
like "rate-limit: is denied by name" "*more than 0.1 calls a second*" "$err"

# The policy that ships uses all four.
unset THINGSPACE_POLICY
cp "$top_srcdir/scripts/plugins.lua" "$work/plugins.lua"
run thingspace --policy "$work/plugins.lua" policy check
exits "scripts/plugins.lua: policy check" 0
run thingspace --policy "$work/plugins.lua" --output json plugin list
json "scripts/plugins.lua: plugin list" '[.instances[].plugin] ==
    ["rate-limit", "headers", "rewrite", "guard", "audit"]' "$out"
run thingspace --policy "$work/plugins.lua" register TestAccount-2 DeviceUsage https://old.example.com/x
exits "scripts/plugins.lua: a registration" 0
like "is registered at the new host" "*https://hooks.example.com/x*" "$(registered TestAccount-2)"
run thingspace --policy "$work/plugins.lua" register TestAccount-2 DeviceUsage https://bad.example.com/x
exits "another place is refused" 3
is "and audited" 1 "$(grep -c '"denied"' "$work/audit.jsonl")"
end
