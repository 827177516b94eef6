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

-- what is refused, annotated and told in the guide is one table
local list <close> = assert(io.popen("'" .. os.getenv "top_builddir" .. "/bindings/lua/annotate' --markdown"))
local lists = list:read "a"
local guide <close> = assert(io.open(os.getenv "top_srcdir" .. "/docs/lua.md"))
check.ok("the annotator writes lists", #lists > 1000)
check.ok("the guide ends with them", guide:read "a":sub(-#lists) == lists, "bindings/lua/annotate --markdown writes them")
for class in text:gmatch "\n%-%-%-@class thingspace%.(%w+Options)" do check.ok(class .. " is exact", false) end

local folder = os.getenv "top_srcdir" .. "/bindings/lua/"
local rock = {}
assert(loadfile(folder .. "thingspace-dev-1.rockspec", "t", rock))()
local sources = rock.build.modules["thingspace.core"].sources
local listed = {}
for _, source in ipairs(sources) do listed[source:match "[^/]+$"] = true end
local files <close> = assert(io.popen("ls " .. folder))
for name in files:lines() do
  if name:find "%.c$" and name ~= "annotate.c" then
    check.ok("the rockspec has " .. name, listed[name])
    listed[name] = nil
  end
end
check.is("and nothing else", nil, next(listed))
check.finish()
