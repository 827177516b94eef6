-- SPDX-License-Identifier: MIT
-- A policy with plugins: who may do what, how fast, and what is written down. All five ship;
-- thingspace-plugins(7) describes them. Copy the file and change it.
--
--   thingspace --policy plugins.lua policy check
--   thingspace --policy plugins.lua plugin list
--   thingspace --policy plugins.lua plugin explain TestAccount-2 register CarrierService https://old.example.com/x
--
--   --set hooks=URL    where messages go; default https://hooks.example.com
--   --set audit=FILE   the audit file, relative to this policy; default audit.jsonl

local hooks = thingspace.settings.hooks or "https://hooks.example.com" -- --set hooks=URL

return {
  name = "plugins",
  accounts = { "TestAccount-2", { account = "0000123456-00001", team = "north" } },

  -- Tags are what hooks get to know of an account.
  resolve = function(account, row)
    return { tags = { team = row and row.team or "test" } }
  end,

  listeners = function(account)
    return { CarrierService = { url = hooks .. "/" .. account .. "/CarrierService", username = account } }
  end,

  -- Request hooks run from the top; what is granted is all that a plugin may do beyond reading.
  plugins = {
    -- Five changes a second for each account, twenty at once. What only reads is not counted.
    { "rate-limit", options = { rate = 5, burst = 20, only_changes = true, longest_wait_ms = 10000 } },

    -- Every request says whose it is. A field without a value is left out.
    {
      "headers",
      options = { set = { ["X-Team"] = "{tag.team}", ["X-Call"] = "{id}" } },
      grant = { "request.headers:write" },
    },

    -- The old host is gone: who still registers it gets the new one.
    {
      "rewrite",
      options = { hosts = { ["old.example.com"] = "hooks.example.com" } },
      grant = { "request.body:read", "request.body:write" },
    },

    -- The first rule that matches decides, on what the plugins above have made of the request.
    {
      "guard",
      options = {
        rules = {
          { operations = { "list" }, allow = true },
          { operations = { "register" }, urls = { hooks .. "/*" }, allow = true },
          { operations = { "register" }, deny = "messages go to " .. hooks .. " alone" },
          {
            operations = { "deregister" },
            accounts = { "0000*" },
            window = { days = "mon-fri", from = "08:00", to = "17:00", utc_offset_minutes = 60 },
            allow = true,
          },
          { operations = { "deregister" }, accounts = { "TestAccount-*" }, allow = true },
          { operations = { "deregister" }, deny = "only on working days from 8 to 17 o'clock" },
          { operations = { "call" }, methods = { "GET" }, allow = true },
        },
        default = "deny",
      },
      grant = { "request.body:read" },
    },

    -- A line for every call, chained to the one before it; without it no call counts as done.
    { "audit", options = { file = thingspace.settings.audit or "audit.jsonl" }, required = true },
  },
}
