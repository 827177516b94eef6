-- SPDX-License-Identifier: MIT
-- The smallest policy: one account, and the listener that it should have.
--
--   thingspace --policy scripts/quickstart.lua policy check
--   thingspace --policy scripts/quickstart.lua policy eval TestAccount-2
--
-- A policy is a table of data and pure functions; thingspace-policy(5) describes all of it.
-- Nothing here says where ThingSpace is or who you are: without `endpoints` and `credentials`,
-- calls go to the endpoint and with the credential that the variables THINGSPACE_* give
-- (thingspace(1)), and to ThingSpace itself when no variable names another place.

return {
  name = "quickstart",

  -- Account names are text, always in quotes: their leading zeros count.
  accounts = { "TestAccount-2" },

  -- What should be registered for an account: callback service -> listener. ThingSpace's
  -- messages name neither account nor service, so each pair gets a URL of its own, and the
  -- account comes back as the username of every message.
  listeners = function(account)
    local base = "https://hooks.example.com/" .. account .. "/"
    return { CarrierService = { url = base .. "CarrierService", username = account } }
  end,
}
