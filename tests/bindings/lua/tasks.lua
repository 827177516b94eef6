-- SPDX-License-Identifier: MIT
-- Tasks: calls in coroutines, many at once, with the own loop and a foreign one.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"
local client = thingspace.client()

local first = client:async(function(a, b)
  local made = client:register(account, "CarrierService", url)
  return a + b, made.serviceName, nil
end, 1, 2)
check.is("a task begins at once", "waiting", first:status())
check.is("one call is in flight", 1, client:pending())
local results = table.pack(first:wait())
check.is("results", 3, results.n)
check.is("arguments", 3, results[1])
check.is("what the call answered", "CarrierService", results[2])
check.is("a task that is over", "done", first:status())
check.is("can be asked again", 3, (first:wait()))
check.is("a task without calls", 7, client:async(function() return 7 end):wait())

local done, most = 0, 0
for i = 1, 3000 do
  client:async(function()
    local count = #client:list(account)
    done = done + count
  end)
  most = math.max(most, client:pending())
end
check.is("run ends when nothing is in flight", true, client:run())
check.is("thousands at once", 3000, done)
check.is("they were in flight together", 3000, most)
check.is("run of nothing", true, client:run(0))

-- tasks that wait for tasks
local total = client:async(function()
  local parts, sum = {}, 0
  for i = 1, 10 do parts[i] = client:async(function() return #client:list(account) end) end
  for _, part in ipairs(parts) do
    local one = part:wait()
    sum = sum + one
  end
  return sum
end)
check.is("a task waits for others", 10, total:wait())
local inner = client:async(function() client:list(account) error "boom" end)
local outer = client:async(function() return pcall(inner.wait, inner) end)
local ok, err = outer:wait()
check.is("a waiting task gets the error", false, ok)
check.like("as it was raised", "boom", err)
local own
own = client:async(function() client:list(account) return pcall(own.wait, own) end)
check.like("a task cannot wait for itself", "itself", select(2, own:wait()))

-- errors
local bad = client:async(function() client:list(account) error("lost", 0) end)
ok, err = pcall(client.run, client)
check.is("run raises what nobody waits for", "lost", err)
check.is("once", true, client:run())
check.is("wait raises it", "lost", select(2, pcall(bad.wait, bad)))
for i = 1, 3 do client:async(function() client:list(account) if i == 2 then client:deregister(account, "No") end error("lost " .. i, 0) end) end
err = check.fails("several that nobody waits for", "partial", client.run, client)
check.like("the first is told", "^3 tasks failed, the first with: lost %d$", err.message)
local texts = {}
for i, one in ipairs(err.errors) do texts[i] = type(one) == "table" and one.kind or one end
table.sort(texts)
check.is("all are there", "lost 1 lost 3 service", table.concat(texts, " "))
check.is("and told once", true, client:run())
local told = client:async(function() client:list(account) error("told", 0) end)
client:async(function() client:list(account) pcall(told.wait, told) error("other", 0) end)
ok, err = pcall(client.run, client)
check.is("one that was waited for is not among them", "other", err)
local kind = client:async(function() return select(2, pcall(client.deregister, client, account, "No")).kind end):wait()
check.is("pcall works in a task", "service", kind)
local stray = client:async(function() coroutine.yield(1) end)
check.like("a task must not yield by itself", "yielded", select(2, pcall(stray.wait, stray)))
local inside = client:async(function() return coroutine.wrap(function() return pcall(client.list, client, account) end)() end)
check.is("the first call of a task", true, pcall(inside.wait, inside))
local deep = client:async(function() client:list(account) return coroutine.wrap(function() return pcall(client.list, client, account) end)() end)
ok, err = deep:wait()
check.is("a coroutine of a task's own cannot call", "usage", ok == false and err.kind)
local blocking = client:async(function() client:list(account) return pcall(client.plan, client) end)
ok, err = blocking:wait()
check.is("nor can what blocks", "usage", ok == false and err.kind)
for _, method in ipairs { "plan", "apply", "import", "ensure", "run", "auth_login", "auth_logout" } do
  local early, late
  client:async(function()
    early = select(2, pcall(client[method], client)).message
    client:list(account)
    late = select(2, pcall(client[method], client)).message
  end):wait()
  check.like(method .. " in a task", "^" .. method .. ": blocks, which a task must not", early)
  check.is("wherever it is", early, late)
end

local function nest(depth)
  if depth > 0 then client:async(nest, depth - 1) end
  client:list(account)
end
ok, err = pcall(function()
  client:async(nest, 300)
  client:run()
end)
check.like("tasks that begin tasks without end", "overflow", err)
check.is("do no harm", true, client:run())

-- cancelling
check.fault "GET /callbacks/* delay=60000"
local slow = client:async(function() return client:list(account) end)
slow:cancel()
check.is("cancelled", "cancelled", slow:status())
check.fails("its error", "cancelled", slow.wait, slow)
slow:cancel()
check.is("run does not raise it", true, client:run())
local caught = client:async(function() return select(2, pcall(client.list, client, account)).kind end)
caught:cancel()
check.is("a task can catch it", "cancelled", caught:wait())
local long = client:async(function() return client:list(account) end)
local waiting = client:async(function() return long:wait() end)
waiting:cancel()
check.is("a task that waits is cancelled", "cancelled", waiting:status())
check.is("a task's text", "thingspace.task (cancelled)", tostring(waiting))
check.is("what it waited for is not", "waiting", long:status())
check.is("run comes back in time", false, client:run(20))
client:close()
check.is("close ends it", "failed", long:status())
check.fails("with", "cancelled", long.wait, long)
check.faultless()

-- callbacks inside tasks
client = thingspace.client()
client:hook("request", function(call, request) request:set_header("X-Id", call.id) end)
for i = 1, 50 do client:async(function() client:list(account) client:list(account) collectgarbage "step" end) end
check.is("hooks run in tasks", true, client:run())

-- a foreign loop
local foreign = thingspace.client { loop = "foreign" }
check.ok("a descriptor", foreign:fd() >= 0)
check.fails("blocking calls do not work", "usage", foreign.list, foreign, account)
check.fails("nor does run", "usage", foreign.run, foreign)
local count = 0
for i = 1, 5 do
  foreign:async(function()
    local listeners = foreign:list(account)
    count = count + #listeners
  end)
end
local function is_over()
  local over = foreign:process()
  if not over then os.execute "sleep 0.01" end
  return over
end
repeat until is_over()
check.is("process does the work", 5, count)
foreign:async(function() foreign:list(account) error("lost", 0) end)
local good
repeat good, err = pcall(is_over) until not good or err == true
check.is("and raises what nobody waits for", "lost", err)

-- nil, err
local quiet = thingspace.client { raise = false }
check.is("the other form works in tasks", "usage", quiet:async(function()
  quiet:list(account)
  return select(2, quiet:list(7)).kind
end):wait())
check.finish()
