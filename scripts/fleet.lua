-- SPDX-License-Identifier: MIT
-- Hundreds of accounts with the same listeners. Copy this file and fleet.csv beside it; an account
-- more is a line more in the CSV file.
--
--   openssl rand -hex 32 >url.key && chmod go= url.key
--   thingspace --policy fleet.lua policy check
--   thingspace --policy fleet.lua plan
--   thingspace --policy fleet.lua plan --tag region=eu --service @usage
--
-- The columns of fleet.csv:
--
--   account     the billing account
--   credential  whose secrets are used: credentials/NAME/, files key, secret, username, password
--   tags        what the account is known by: "region=eu;tier=gold"; a name alone is true
--   checks      exceptions from `checks` below, for this account: "port=ignore"

local secret = thingspace.secret
local url_key = secret.file("url.key") -- one handle for all; it is read when a plan needs it
local accounts, credentials = thingspace.csv("fleet.csv"), {}
for _, row in ipairs(accounts) do
  -- The name becomes part of a path: letters, digits, - and _ only.
  assert(row.credential:find("^[%w_-]+$"), "fleet.csv: '" .. row.credential .. "' is not a folder name")
  credentials[row.credential] = credentials[row.credential] or secret.dir("credentials/" .. row.credential)
end

return {
  name = "fleet",
  accounts = accounts,
  credentials = credentials,

  -- A listener for "@usage" is one for each of these services.
  groups = {
    usage = { "CarrierService", "DeviceUsage" },
  },

  -- Nothing leaves for a port that ThingSpace may not reach, or in plain http, unless the
  -- account's row says so.
  checks = { port = "refuse", ["plain-http"] = "refuse" },

  -- The token shows that a message came to a URL that nobody guessed: it is computed from url.key
  -- for each account and service. The receiver computes the same; see thingspace-policy(5).
  listeners = function(account, row)
    local wanted = {
      ["@usage"] = {
        url = "https://hooks.example.com/{account}/{service}/{token}",
        token = url_key,
      },
    }
    -- This one goes elsewhere; it needs no token.
    if row.tags:find("pilot", 1, true) then
      wanted.NiddService = { url = "https://pilot.example.com/{service}?account={account}" }
    end
    return wanted
  end,
}
