-- SPDX-License-Identifier: MIT
-- What a script does wrong is an error, never a crash. Under a sanitizer this says more.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"
local client = thingspace.client()

-- finalizers of the script, after the client has become garbage
do
  local said
  do
    local object = { client = thingspace.client() }
    object.task = object.client:async(function() object.client:list(account) end)
    setmetatable(object, { __gc = function(self)
      said = { pcall(self.client.list, self.client, account) }
      self.task:cancel()
      said.task = { pcall(self.task.wait, self.task) }
      self.client:close()
    end })
  end
  collectgarbage()
  collectgarbage()
  check.ok("a finalizer uses its client", said and said[1], said and said[2])
  check.is("and its task", true, said.task[1])
  do -- finalized after its client, because it is older
    local object = setmetatable({}, { __gc = function(self) said = { pcall(self.task.wait, self.task) } end })
    local gone = thingspace.client()
    object.task = gone:async(function() gone:list(account) end)
  end
  collectgarbage()
  collectgarbage()
  check.ok("nobody waits for a task of a client that is gone", said[1] == false, said[2])
end
check.ok("a time longer than any clock", pcall(client.list, client, account, { timeout_ms = math.maxinteger }))
check.is("a wait longer than any clock", true, client:run(math.maxinteger))
check.is("finalizers cannot be called", nil, getmetatable(client).__gc)

-- the module a second time
do
  package.loaded.thingspace, package.loaded["thingspace.core"] = nil, nil
  local again = require "thingspace"
  check.ok("the module is loaded twice", pcall(client.list, client, account))
  check.ok("and its errors are the same", thingspace.is_error(select(2, pcall(again.secret))))
end

-- the coroutine of a task in other hands
do
  local own = thingspace.client()
  local coroutine_of
  local function body()
    coroutine_of = coroutine.running()
    local first = { pcall(own.list, own, account) }
    return first[2], pcall(own.list, own, account)
  end
  local task = own:async(body)
  local good, first, second = coroutine.resume(coroutine_of, own)
  check.like("it is resumed with something else", "only its client resumes", first)
  check.is("and the client goes on", true, good and second and not own:closed())
  check.like("its task fails", "resumed or closed", select(2, pcall(task.wait, task)))
  task = own:async(body)
  check.is("it is closed", true, coroutine.close(coroutine_of))
  check.like("and its task fails", "resumed or closed", select(2, pcall(task.wait, task)))
  do
    local gone = thingspace.client()
    gone:async(function()
      coroutine_of = coroutine.running()
      gone:list(account)
    end)
  end
  collectgarbage()
  collectgarbage()
  check.like("it outlives its client", "only its client", select(2, coroutine.resume(coroutine_of)))
end

-- where a task cannot wait
do
  local said, list
  local task = client:async(function()
    said = { pcall(table.sort, { 1, 2 }, function(a, b)
      client:list(account)
      return a < b
    end) }
    list = client:list(account)
    return pcall(client.ensure, client, account, "CarrierService", url)
  end)
  local good, err = task:wait()
  check.is("inside table.sort", "usage", said[2].kind)
  check.is("the next call is not mistaken for it", "table", type(list))
  check.is("a blocking function", "usage", not good and err.kind)
  good, err = client:async(function() return pcall(client.ensure, client, account, "CarrierService", url) end):wait()
  check.is("and before the first call", "usage", not good and err.kind)
end

-- tasks that wait for tasks
do
  local first = client:async(function() client:list(account) return 1 end)
  local last = first
  for _ = 1, 5000 do
    local before = last
    last = client:async(function() return before:wait() + 1 end)
  end
  check.is("a long row of them", 5001, last:wait())
  local short = client:async(function() client:list(account) return "short" end)
  local long = client:async(function()
    for _ = 1, 3 do client:list(account) end
    return "long"
  end)
  local task = client:async(function() return pcall(short.wait, short), long:wait() end)
  task:cancel()
  local good, answer = task:wait()
  check.is("cancelled, it waits for another one", "long", not good and answer)
  local one, other
  one = client:async(function() client:list(account) return other:wait() end)
  other = client:async(function() client:list(account) return one:wait() end)
  check.fails("each for the other", "usage", one.wait, one)
  one:cancel()
  check.is("until one is cancelled", "cancelled", select(2, pcall(other.wait, other)).kind)
end

-- tables that are not what they seem
do
  local function fresh(values)
    return setmetatable({}, { __index = function(_, name)
      collectgarbage()
      return values[name] and table.concat { values[name]:sub(1, 2), values[name]:sub(3) }
    end })
  end
  local service = ("S"):rep(60)
  local outcome = client:register(fresh { accountName = account, serviceName = "CarrierService", url = url .. ("x"):rep(90) })
  check.is("members that are made when they are read", url .. ("x"):rep(90), outcome.url)
  check.fails("texts that are", "service", client.deregister, client, fresh { accountName = account, serviceName = service })
  local fleet = thingspace.client { policy = { accounts = { account }, endpoints = { here = { url = os.getenv "THINGSPACE_URL" } },
    resolve = function() return fresh { endpoint = ("here"):rep(20) } end } }
  check.like("a decision", ("here"):rep(2), select(2, pcall(fleet.list, fleet, account)))
  local names = { account }
  check.ok("a list that becomes shorter", pcall(client.plan, client, setmetatable({ accounts = names }, { __index = function()
    names[1] = nil
    collectgarbage()
  end })))
  check.fails("a table that closes the client", "usage", function()
    local other = thingspace.client()
    other:list(account, setmetatable({}, { __index = function() other:close() end }))
  end)
  local steps = 0
  local function pause(percent)
    if _VERSION == "Lua 5.4" then collectgarbage("setpause", percent)
    else collectgarbage("param", "pause", percent) end
  end
  pause(0)
  local body = {}
  local function grow()
    steps = steps + 1
    for i = 1, 50 do body[("name%d-%d"):format(steps, i)] = i end
    if steps < 50 then setmetatable({}, { __gc = grow }) end
  end
  setmetatable({}, { __gc = grow })
  while steps < 50 do pcall(thingspace.json.encode, body) end
  pause(200)
  check.is("one that grows while it is JSON", 50, steps)
end

check.fails("a list of a text", "usage", thingspace.json.array, "x")
local shared = {}
for _ = 1, 60 do shared = { shared, shared } end
check.fails("tables that share their parts without end", "usage", thingspace.json.encode, shared)
check.fails("a policy that shares its parts without end", "usage", thingspace.client,
  { policy = { name = "shared", accounts = {}, shared = { shared } } })
check.fails("JSON of nothing", "usage", thingspace.json.encode)

-- hooks
do
  local hooked, other = thingspace.client(), thingspace.client()
  local said
  other:hook("request", function() return thingspace.deny("no", "not here") end)
  hooked:hook("request", function(call)
    pcall(other.list, other, account)
    said = { pcall((pairs(call.vars)), 1) }
  end)
  check.ok("the verdict of another client's hook is not that one's", pcall(hooked.list, hooked, account))
  check.like("the iterator of call.vars is given a number", "table expected", said[2])
end
check.finish()
