#!/bin/sh
# SPDX-License-Identifier: MIT
# policy diff for a reviewer: what tenants are granted, two folders, accounts that fail.
. "$top_srcdir/tests/integration/lib.sh"
need jq
unset THINGSPACE_URL THINGSPACE_KEY THINGSPACE_KEY_FILE
cd "$work" || exit 99

# the rows of tenants, in two folders
mkdir -p tenants wt/tenants
cat >rows.lua <<'END'
local secret = thingspace.secret
return { name = "fleet", accounts = { "RED-1", "A" },
  listeners = function() return { CarrierService = { url = "https://h.example.com/", username = "u",
                                                     password = secret.file("credentials/mine") } } end,
  tenants = { red = { script = "tenants/hook.lua", accounts = { "RED-*" }, endpoints = { "production" },
    credentials = { "environment" }, urls = { "https://red.example.com/*" },
    secrets = { hook = secret.file("credentials/hook") } } } }
END
cat >tenants/hook.lua <<'END'
return { listeners = function() return { CarrierService = { url = "https://red.example.com/", username = "u",
                                                            password = thingspace.secret.named("hook") } } end }
END
cp rows.lua wt/rows.lua
cp tenants/hook.lua wt/tenants
for other in wt/rows.lua ./rows.lua "$work/rows.lua" "$work/wt/rows.lua"; do
    run thingspace policy diff --exit-code rows.lua "$other"
    exits "$other is the same policy: files are compared from their folders on" 0
    is "and not a line" "" "$out"
done
sed 's/"credentials/"'"$(pwd | sed 's,/,\\/,g')"'\/credentials/' rows.lua >from-root.lua
cp from-root.lua wt
run thingspace policy diff --exit-code from-root.lua wt/from-root.lua
exits "the very same file by its path from /" 0
sed 's/red.example.com/*.example.com/; s/hook")/hook2")/; s/accounts = { "RED-1"/owns = { "https:\/\/x.example.com\/*" }, &/' \
    rows.lua >wt/wide.lua
run thingspace policy diff --exit-code rows.lua wt/wide.lua
exits "what a tenant is granted is drift, and what the policy owns" 6
is "line by line, with files as they are named" '~ RED-1  listeners.CarrierService.password: file credentials/hook -> file credentials/hook2
~ tenant red  urls: ["https://red.example.com/*"] -> ["https://*.example.com/*"]
~ tenant red  secrets.hook: file credentials/hook -> file credentials/hook2
~ policy  owns: [] -> ["https://x.example.com/*"]' "$out"
like "and summed up" "*0 added, 0 removed, 1 changed; tenants: 0 added, 0 removed, 1 changed; owns changed" "$err"

# accounts that fail
cat >many.lua <<'END'
return { name = "fleet", accounts = { "A-1", "A-2", "A-3", "A-4", "A-5", "G-1" },
  tenants = { a = { script = "tenants/a.lua", accounts = { "A-*" }, endpoints = { "production" },
                    credentials = { "environment" } } } }
END
echo 'return {}' >tenants/a.lua
cp many.lua wt
echo 'return { resolve = function(account) error("no " .. account) end }' >wt/tenants/a.lua
run thingspace policy diff many.lua wt/many.lua
exits "accounts that fail" 3
like "are no hint that all is as it was" "thingspace: 0 changed; 5 accounts fail in NEW
*" "$err"
end
