-- SPDX-License-Identifier: MIT
-- The plugin of the scenario, which is tag.lua there: beside hooks of the program, in one order.

local team -- set once, by configure

---@type thingspace.Plugin
return {
  name = "tag",
  version = "1.2.3",
  api = 1,
  capabilities = { "request.headers:write" },
  options = {
    team = { type = "string", default = "red", doc = "what X-Team says" },
  },
  configure = function(options)
    team = options.team
  end,
  hooks = {
    request = function(call, request)
      if call.account == "T-9" then error "nine" end
      request:set_header("X-Team", team)
    end,
    check = function(call)
      if call.account == "T-8" then return thingspace.deny("eight", "not this one") end
    end,
  },
}
