#!/bin/sh
# SPDX-License-Identifier: MIT
# The page of a plan in a real browser: `make check-browser`, which is not part of `make check`. Needs
# chromium, node and playwright-core (`npm install playwright-core` anywhere, NODE_PATH=.../node_modules).
# BROWSER_FOLDER keeps the pictures.
. "$top_srcdir/tests/integration/lib.sh"
need "${CHROMIUM:-chromium}" node
node -e 'require("playwright-core")' 2>/dev/null || {
    echo "1..0 # SKIP node finds no playwright-core; name its folder in NODE_PATH"
    exit 0
}
inside_simulator

cat >"$work/policy.lua" <<'END'
return {
  name = "fleet </title><script>alert(1)</script>",
  accounts = { "0000123456-00001", "0000123456-00002", "0000777001-00001" },
  listeners = function(account)
    local all = { CarrierService = { url = "https://hooks.example.com/" .. account } }
    if account == "0000123456-00001" then
      all.NiddService = { url = "https://hooks.example.com/" .. account, username = "u",
                          password = thingspace.secret.file("password") }
    end
    return all
  end,
}
END
printf 'p-wanted' >"$work/password"
printf 'p-else' >"$work/else"
chmod 600 "$work/password" "$work/else"
thingspace -q register 0000123456-00001 CarrierService https://hooks.example.com/0000123456-00001 >/dev/null
thingspace -q register 0000123456-00001 NiddService https://hooks.example.com/0000123456-00001 \
    --username u --password-file "$work/else" >/dev/null
thingspace -q register 0000123456-00002 DeviceUsage 'https://far.example.org/a?b=%22&c=@all' >/dev/null
fault 'GET /callbacks/0000777001-* status=400 body="{\"errorCode\":\"</script><img src=x onerror=alert(1)>\"}"'
thingspace --policy "$work/policy.lua" -q plan --report "$work/plan.html" >/dev/null 2>&1
node "$top_srcdir/tests/browser/report.js" "$work/plan.html" "${BROWSER_FOLDER:-$work}"
