-- SPDX-License-Identifier: MIT
-- Many customers, one policy. Copy this file and multi-tenant.csv beside it, then change the
-- CSV file when a customer or an account comes or goes; the policy itself stays as it is.
--
--   thingspace --policy multi-tenant.lua policy check
--   thingspace --policy multi-tenant.lua policy eval 0000123456-00001
--   thingspace --policy multi-tenant.lua --set simulator=http://127.0.0.1:8080 list TestAccount-1
--
-- The columns of multi-tenant.csv (all cells are text; an empty one means "not given"):
--
--   account   the billing account
--   customer  whose account it is; the customer's secrets are in credentials/CUSTOMER/, files
--             key, secret, username, password, and hook (the password that ThingSpace sends back
--             with each message). Empty: the credential of the variables THINGSPACE_*.
--   endpoint  which ThingSpace; empty: the default
--   services  callback services to listen to, with blanks between
--
-- Customer acme writes its own script, tenants/acme.lua, which decides for the accounts
-- 0000777001-* and for nothing else; what it may use is said in its row of `tenants` below. When
-- it breaks, only these accounts fail.
--
-- Make the secret files readable by you alone: chmod -R go= credentials

local secret = thingspace.secret
local simulator = thingspace.settings.simulator -- --set simulator=URL
local hooks = thingspace.settings.hooks or "https://hooks.example.com" -- --set hooks=URL

local function is_test(account)
  return account:find("^TestAccount%-") ~= nil
end

-- One endpoint besides the built-in ones, and only when its URL was given.
local endpoints = {}
if simulator then
  endpoints.simulator = { url = simulator }
end

-- One credential for each customer. The handles say where the secrets are; the files are read
-- when a call needs them, so a changed file needs no restart.
local accounts, credentials = {}, {}
for _, row in ipairs(thingspace.csv("multi-tenant.csv")) do
  local customer = row.customer
  if customer ~= "" then
    -- The name becomes part of a path: letters, digits, - and _ only.
    assert(customer:find("^[%w_-]+$"), "multi-tenant.csv: customer '" .. customer .. "' is not a folder name")
    credentials[customer] = credentials[customer] or secret.dir("credentials/" .. customer)
    row.credential = customer -- what decides is the member `credential`
  end
  -- Test accounts exist where the simulator is; without it nothing of theirs is ever sent.
  if simulator or not is_test(row.account) then
    accounts[#accounts + 1] = row
  end
end

return {
  name = "multi-tenant",
  endpoints = endpoints,
  credentials = credentials,
  accounts = accounts,

  -- nil: the row decides, with its members endpoint, credential and timeout_ms.
  resolve = function(account, row)
    if is_test(account) then
      return { endpoint = "simulator", credential = "environment", tags = { kind = "test" } }
    end
    return nil
  end,

  -- One template for all: a URL for each account and service.
  listeners = function(account, row)
    local wanted = {}
    for service in row.services:gmatch("%S+") do
      wanted[service] = {
        url = hooks .. "/" .. account .. "/" .. service,
        username = account,
        password = row.customer ~= "" and secret.file("credentials/" .. row.customer .. "/hook") or nil,
      }
    end
    return wanted
  end,

  -- Somebody else's script decides for acme's accounts. It sees no file and no setting, names only
  -- what is granted here, and gets the one secret under the name `hook`.
  tenants = {
    acme = {
      script = "tenants/acme.lua",
      accounts = { "0000777001-*" },
      endpoints = { "production" },
      credentials = { "acme" },
      urls = { hooks .. "/*" },
      secrets = { hook = secret.file("credentials/acme/hook") },
      plugins = { headers = { "request.headers:write" } },
      limits = { deadline_ms = 10 },
    },
  },

  -- Listeners with such URLs are ours, also those that are no longer declared.
  owns = { hooks .. "/*" },
}
