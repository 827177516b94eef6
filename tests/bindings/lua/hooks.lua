-- SPDX-License-Identifier: MIT
-- Hooks see what plugins see, and may do what they may do.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"
local client

-- One hook in a fresh client; what the call answered or its error.
local function with(phase, hook, options)
  if client then client:close() end
  client = thingspace.client { reason = "test", policy = { accounts = { account }, resolve = function() return { tags = { team = "blue", n = 7 } } end } }
  client:hook(phase, hook, options)
  local ok, result = pcall(client.register, client, account, "CarrierService", url, { username = "u", password = thingspace.secret "hunter2" })
  return ok and result or nil, not ok and result or nil
end

local seen = {}
local result, err = with("request", function(call, request)
  if call.operation ~= "register" then return end
  for _, name in ipairs { "account", "operation", "service", "url", "endpoint", "id", "attempt", "dry_run", "reason", "plan" } do seen[name] = call[name] end
  seen.team, seen.n = call.tags.team, call.tags.n
  seen.method, seen.path = request.method, request.path
  seen.text, seen.json = request:text(), request:json()
  request:set_header("X-Team", "blue")
  seen.header = request:header "x-team"
  request:remove_header "X-Team"
  seen.removed = request:header "x-team"
  request:set_query("q", "a b")
  seen.query = request:query "q"
  request:set_query("q", nil)
  call.vars.n, call.vars.s = 1, "1"
  seen.var = call.vars.n
  for name, value in pairs(call.vars) do seen["var " .. name] = value end
  local body = request:json()
  body.url = url .. "/changed"
  request:set_json(body)
  seen.call = call
end)
check.is("no error", nil, err)
for name, wanted in pairs { account = account, operation = "register", service = "CarrierService", url = url, endpoint = "environment", attempt = 0,
  dry_run = false, reason = "test", team = "blue", n = 7, method = "POST", path = "/callbacks/" .. account, header = "blue", query = "a b", var = 1,
  ["var n"] = 1, ["var s"] = "1" } do
  check.is(name, wanted, seen[name])
end
check.is("removed", nil, seen.removed)
check.like("id", "^%x+$", seen.id)
check.is("a password is hidden", "***", seen.json.password)
check.ok("in the text, too", not seen.text:find "hunter2")
check.is("the body was changed", url .. "/changed", client:list(account)[1].url)
check.is("the password went with it", true, client:list(account)[1].hasPassword)
check.like("a handle after its hook", "stale handle", select(2, pcall(function() return seen.call.account end)))

result, err = with("request", function(call, request)
  request:set_json { name = "CarrierService", url = url, username = "u", password = thingspace.secret "other" }
end)
check.is("a secret in a body", nil, err)

for what, case in pairs {
  ["an unknown field"] = { "has no 'acount'", function(call) return call.acount end },
  ["a field that is assigned"] = { "cannot be assigned", function(call) call.account = "x" end },
  ["a dot for a colon"] = { "colon", function(call, request) request.header "x" end },
  ["a name that is a number"] = { "must be a string", function(call, request) request:set_header(1, "x") end },
  ["a header that cannot be sent"] = { ".", function(call, request) request:set_header("a b", "x") end },
  ["a value that is nil"] = { "must be a string", function(call, request) request:set_header("X", nil) end },
  ["an error that is a table"] = { '{"code":7}$', function() error { code = 7 } end },
  ["an error with a message"] = { "hook: why$", function() error { message = "why", code = 7 } end },
  ["an error that is nil"] = { _VERSION == "Lua 5.4" and "nil" or "no error object", function() error() end },
  ["a hook that yields"] = { "yield", function() coroutine.yield() end },
  ["nil and a text"] = { "because", function() return nil, "because" end },
  ["a number as verdict"] = { "returned a number", function() return 7 end },
  ["a verdict that is not returned"] = { "not returned", function() thingspace.deny("a", "b") end },
  ["two verdicts"] = { "more than one", function() thingspace.stop() return thingspace.stop() end },
  ["deny without a code"] = { "must be a string", function() return thingspace.deny() end },
  ["endless recursion"] = { "overflow", function() local function f() return 1 + f() end f() end },
  ["an error whose text raises"] = { ".", function() error(setmetatable({}, { __tostring = function() error "no" end })) end },
} do
  result, err = with("request", case[2])
  check.is(what .. " fails the hook", "plugin", err and err.kind)
  check.like(what .. " is told", case[1], err and err.message)
end
result, err = with("request", function() error "boom" end, { name = "mine" })
check.like("the message has the place", "hooks.lua:%d+: boom", err.message)
check.is("the instance is told", "mine", err.instance)
check.is("and the phase", "request", err.phase)
check.is("skipped", nil, select(2, with("request", function() error "boom" end, { on_error = "skip" })))

-- verdicts
result, err = with("request", function() return thingspace.deny("window", "not before 22:00") end)
check.is("deny", "denied", err.kind)
check.is("its code", "window", err.code)
check.like("its text", "not before 22:00", err.message)
result, err = with("request", function() return thingspace.reply { status = 200, json = { accountName = account, serviceName = "CarrierService" }, headers = { ["X-A"] = "b" } } end)
check.is("reply", nil, err)
check.is("nothing was sent", 0, result.attempts)
result, err = with("request", function() return thingspace.wait(50) end)
check.is("wait", nil, err)
result, err = with("check", function() return thingspace.reply {} end)
check.is("reply is no answer in check", "plugin", err and err.kind)
result, err = with("request", function() return thingspace.stop() end, { priority = 1 })
check.is("stop", nil, err)

-- log
local lines = {}
client = thingspace.client { log_level = "info", log = function(level, line) lines[#lines + 1] = line end }
client:hook("request", function(call) thingspace.log("seen", call.operation, 7) end)
client:list(account)
check.like("log", "seen.list.7", table.concat(lines, " "))
check.fails("log outside of a hook", "usage", thingspace.log, "x")

-- order
local order = {}
client = thingspace.client()
for _, priority in ipairs { 300, 100, 200 } do
  client:hook("request", function() order[#order + 1] = priority end, { priority = priority })
end
client:list(account)
check.is("by priority", "100 200 300", table.concat(order, " "))
check.is("plugins shows them", 3, #client:plugins().instances)
check.fails("a name that is taken", "plugin", client.hook, client, "request", print, { name = "lua-1" })
client:unhook "lua-1"
client:list(account)
check.is("unhook", "100 200 300 100 200", table.concat(order, " "))
check.fails("unhook of nothing", "usage", client.unhook, client, "lua-1")

-- the other phases
local response, event = {}, {}
client = thingspace.client()
client:hook("response", function(call, answer)
  if call.operation ~= "list" then return end
  response.status, response.text, response.type = answer.status, answer:text(), answer:header "content-type"
  answer:set_header("X-Seen", "yes")
  response.seen = answer:header "x-seen"
  answer:remove_header "X-Seen"
  response.count = #answer:json()
  answer:set_json(thingspace.json.array {})
end)
client:hook("audit", function(happened)
  for _, name in ipairs { "id", "time_ms", "duration_ms", "account", "operation", "service", "url", "method", "path", "tenant", "kind", "message",
    "status", "code", "reason", "plan", "replied_by", "attempts", "changes" } do event[name] = happened[name] end
end)
client:register(account, "CarrierService", url)
check.is("event.operation", "register", event.operation)
check.is("event.kind", "ok", event.kind)
check.is("event.status", 200, event.status)
check.is("event.service", "CarrierService", event.service)
check.is("event.attempts", "number", type(event.attempts[1].ms))
check.is("event.code", nil, event.code)
check.is("event.changes", "table", type(event.changes))
check.is("a response hook changes a list", 0, #client:list(account))
check.is("response.status", 200, response.status)
check.is("response:json", 1, response.count)
check.is("response:set_header", "yes", response.seen)
client = thingspace.client()
client:hook("error", function(call, failure)
  event.kind, event.status = failure.kind, failure.status
  failure:set_message("ours: " .. failure.message)
  failure:set_code "OURS"
end)
local _, failed = pcall(client.deregister, client, account, "NoService")
check.is("failure.kind", "service", event.kind)
check.is("failure.status", 400, event.status)
check.like("set_message", "^ours: ", failed.message)
check.is("set_code", "OURS", failed.code)
check.is("a hook can hook nothing", "plugin", (function()
  client:hook("request", function() client:hook("audit", print) end)
  return select(2, pcall(client.list, client, account)).kind
end)())
check.finish()
