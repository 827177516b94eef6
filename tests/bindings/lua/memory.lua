-- SPDX-License-Identifier: MIT
-- 100,000 calls, with hooks, errors and tasks, in memory that does not grow.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"
local client = thingspace.client()
client:hook("request", function(call, request)
  request:set_header("X-Id", call.id)
  call.vars.n = 1
  if call.service == "No" then return thingspace.deny("no", "not this one") end
  return thingspace.reply { status = 200, json = call.operation == "list" and thingspace.json.array {} or { accountName = account, serviceName = call.service } }
end)

local function resident()
  local file <close> = assert(io.open "/proc/self/statm")
  return tonumber(file:read "a":match "^%d+ (%d+)") * 4096
end

local function work(count)
  for _ = 1, count // 4 do
    client:register(account, "CarrierService", url)
    pcall(client.register, client, account, "No", url)
    client:async(client.list, client, account)
    client:async(function() client:call(account, "GET", "/x"):json() end)
    client:run()
  end
  collectgarbage()
  collectgarbage()
end

local calls = tonumber(os.getenv "THINGSPACE_LOOPS") or (os.getenv "SANITIZE_PRELOAD" and 10000 or 100000)
work(calls // 5)
local before, lua_before = resident(), collectgarbage "count"
work(calls - calls // 5)
local grown, lua_grown = resident() - before, collectgarbage "count" - lua_before
-- A sanitizer keeps what was freed for a while.
local watched = os.getenv "SANITIZE_PRELOAD"
check.ok("the process does not grow", watched or grown < 2 * 1024 * 1024, grown .. " bytes")
check.ok("neither does Lua", lua_grown < 64, lua_grown .. " KiB")
for i = 1, 200 do
  local other = thingspace.client()
  other:hook("audit", function() return other end)
  if i % 2 == 0 then other:close() end
end
collectgarbage()
check.ok("nor with clients", watched or resident() - before < 8 * 1024 * 1024, resident() - before)
check.finish()
