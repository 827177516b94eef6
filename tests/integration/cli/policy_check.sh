#!/bin/sh
# SPDX-License-Identifier: MIT
# policy check with tenants that fail: one line for what many accounts fail with, one count.
. "$top_srcdir/tests/integration/lib.sh"
need jq
unset THINGSPACE_URL THINGSPACE_KEY THINGSPACE_KEY_FILE
cd "$work" || exit 99

mkdir tenants
cat >fleet.lua <<'END'
local function tenant(name)
  return { script = "tenants/" .. name .. ".lua", accounts = { name .. "-*" }, endpoints = { "production" },
           credentials = { "environment" }, limits = { instructions = 20000 } }
end
return { name = "fleet",
  accounts = { "red-1", "red-2", "green-1", "green-2", "green-3", "green-4", "green-5",
               "gray-1", "gray-2", "gray-3", "gray-4", "gray-5", "mine" },
  tenants = { red = tenant("red"), green = tenant("green"), gray = tenant("gray") } }
END
echo 'return { owns = {} }' >tenants/red.lua
cat >tenants/green.lua <<'END'
return { resolve = function(account)
  if account ~= "green-5" then error("no " .. account .. " here") end
end }
END
echo 'return { resolve = function() while true do end end }' >tenants/gray.lua
run thingspace --policy fleet.lua policy check
exits "three tenants that fail" 3
is "are three lines" 3 "$(printf '%s\n' "$err" | wc -l)"
like "one for what many accounts fail with" \
    "*thingspace: policy: tenant green: tenants/green.lua:2: resolve(green-1): no green-1 here; 4 accounts: green-1, green-2, green-3, ...*" "$err"
like "one for a script that is stopped" "*tenant gray: *resolve(gray-1)*; 5 accounts: gray-1, gray-2, gray-3, ...*" "$err"
unlike "which nobody tells by a rest that the check itself caused" "*rests*" "$err$out"
like "one for a tenant that does not load" "*tenant red: *; its 2 accounts fail*" "$err"
like "the sums" "fleet (fleet.lua): 13 accounts, 0 listeners, 0 warnings, 12 errors; 11 accounts fail
*" "$out"
like "and whose accounts fail" "*
tenant gray: 5 accounts, all fail
tenant green: 5 accounts, 4 fail
tenant red: 2 accounts, all fail" "$(printf '%s\n' "$out" | sort)"
run thingspace --policy fleet.lua --output json policy check
json "the same counts" '(.errors | length) == 12 and .failed == 11 and
    ([.tenants[] | {(.tenant): .failed}] | add) == {red: 2, green: 4, gray: 5}' "$out"
json "each account has its error, in the members of all errors" '.errors |
    (map(select(.tenant == "green")) | map([.kind, .accountName, .account, .file, .line]) ==
        [["green-1", "green-2", "green-3", "green-4"][] | ["policy", ., ., "tenants/green.lua", 2]]) and
    (map(select(.accountName == "gray-5"))[0] | .after == "gray-3" and (.message | test("gray-3"))) and
    (map(select(.tenant == "red" and (has("accountName") | not))) | length) == 1' "$out"
json "also as errors" '.error | (.message | test("fails for 11 of its accounts")) and (.errors | length) == 12 and
    ([.errors[] | select(.account == "green-1")][0] | .tenant == "green" and .file == "tenants/green.lua" and .line == 2)' "$err"

# the same of policy diff
sed 's/tenants\//old\//' fleet.lua >was.lua
mkdir old
for name in red green gray; do echo 'return {}' >"old/$name.lua"; done
run thingspace policy diff was.lua fleet.lua
exits "and of policy diff" 3
like "sums" "*11 accounts fail in NEW*" "$err"
is "a line each, of one form" "3" "$(printf '%s\n' "$err" | grep -c '^thingspace: policy: new: .*; [245] accounts: ')"
like "with the account before what does not name it" "*policy: new: red-1: tenant red: *; 2 accounts: red-1, red-2*" "$err"

# commands for named accounts
THINGSPACE_POLICY=fleet.lua
THINGSPACE_KEY=k
export THINGSPACE_POLICY THINGSPACE_KEY
for command in "policy eval mine" "register mine CarrierService https://h.example.com/ --dry-run" "list mine --dry-run" \
    "deregister mine CarrierService --dry-run" "call mine GET /accounts --dry-run" "plugin explain mine list"; do
    # shellcheck disable=SC2086 # words
    run thingspace $command
    exits "$command" 0
    is "tells nothing of others' broken tenants" "" "$err"
done
run thingspace list --dry-run
like "a command for all accounts does" "*warning: tenant red: *" "$err"
run thingspace plugin list
like "and plugin list" "*tenant red: *" "$err"
for command in "policy eval red-1" "register red-1 CarrierService https://h.example.com/ --dry-run" "list red-1 --dry-run"; do
    # shellcheck disable=SC2086 # words
    run thingspace $command
    exits "$command" 3
    is "an account of a broken tenant tells it once" 1 "$(printf '%s\n' "$err" | grep -c 'tenant red: tenants/red.lua: a tenant cannot declare owns')"
done
end
