-- SPDX-License-Identifier: MIT
-- The annotations tell of everything that is there, and of nothing else.
local check = require "check"
local thingspace = require "thingspace"
local file <close> = assert(io.open(os.getenv "top_builddir" .. "/bindings/lua/annotations/thingspace.lua"))
local text = file:read "a"
check.ok("they are Lua", load(text))
local told = {}
for name in text:gmatch "\nfunction ([%w_.:]+)%(" do told[name] = true end

local function compare(prefix, there)
  for name, value in pairs(there) do
    local full = prefix .. name
    if type(value) == "function" then
      check.ok(full .. " is annotated", told[full])
      told[full] = nil
    end
  end
end
compare("thingspace.", thingspace)
compare("thingspace.json.", thingspace.json)
local client = thingspace.client { policy = { name = "empty", accounts = { "A-1" } } }
compare("Client:", getmetatable(client).__index)
compare("Plan:", getmetatable(client:plan()).__index)
compare("Task:", getmetatable(client:async(function() end)).__index)
for name in pairs { ["Answer:json"] = 1, ["Answer:header"] = 1 } do
  check.ok(name .. " is annotated", told[name])
  told[name] = nil
end
check.is("nothing else is", nil, next(told))
check.finish()
