-- SPDX-License-Identifier: MIT
-- A tenant's script: it belongs to customer acme, and decides for the accounts that the operator's
-- policy gives it (see the row `acme` of `tenants` in multi-tenant.lua). It is a policy without
-- endpoints, credentials and files: it names what its row grants. Whatever is outside of that is
-- refused by name, in `policy check` and in the call.
--
--   thingspace --policy multi-tenant.lua policy eval 0000777001-00001

return {
  -- Without a list of accounts: those of the operator's list that match the row's patterns. The
  -- second argument is the operator's row of the account.
  resolve = function(account, row)
    return { timeout_ms = 20000, tags = { customer = "acme" } }
  end,

  listeners = function(account, row)
    local wanted = {}
    for service in row.services:gmatch("%S+") do
      wanted[service] = {
        url = "https://hooks.example.com/" .. account .. "/" .. service,
        username = account,
        password = thingspace.secret.named("hook"), -- a handle: no script sees the secret
      }
    end
    return wanted
  end,
}
