-- SPDX-License-Identifier: MIT
-- The annotations tell of everything that is there, and of nothing else; so does the rockspec.
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

local folder = os.getenv "top_srcdir" .. "/bindings/lua/"
local rock = {}
assert(loadfile(folder .. "thingspace-dev-1.rockspec", "t", rock))()
local sources = rock.build.modules["thingspace.core"].sources
local listed = {}
for _, source in ipairs(sources) do listed[source:match "[^/]+$"] = true end
local list <close> = assert(io.popen("ls " .. folder))
for name in list:lines() do
  if name:find "%.c$" and name ~= "annotate.c" then
    check.ok("the rockspec has " .. name, listed[name])
    listed[name] = nil
  end
end
check.is("and nothing else", nil, next(listed))
check.finish()
