-- SPDX-License-Identifier: MIT
-- Prints each name of its standard input that the module does not have. Run by bound.sh beside a
-- stand-in whose replies carry a signing key: some of the names are members of what calls answer.
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"
local registry = debug.getregistry()

local client = thingspace.client()
local outcome = client:register(account, "CarrierService", url)
local answer = client:call(account, "GET", "/callbacks/{account}")
local _, err = pcall(client.list, client, "")

local function of(object, type)
  return function(name) return registry[type][name] or object and object[name] end
end

local places = {
  thingspace = function(name) return thingspace[name] end,
  Client = of(client, "thingspace.client"),
  Task = of(client:async(function() end), "thingspace.task"),
  Plan = function(name)
    local plan = registry["thingspace.plan"]
    return plan[name] or plan.__index[name]
  end,
  Secret = of(nil, "thingspace.secret"),
  Answer = of(answer, "thingspace.reply"),
  Outcome = function(name) return outcome[name] end,
  Row = function(name) return client:list(account)[1][name] end,
  Dry = function(name) return client:register(account, "CarrierService", url, { dry_run = true })[name] end,
  Error = function(name) return err[name] end,
}

for line in io.lines() do
  local place, name = line:match "^(%a+)%.([%a_]+)$"
  if not place or not places[place] or places[place](name) == nil then print(line) end
end
