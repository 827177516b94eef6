-- SPDX-License-Identifier: MIT
-- Runs a scenario: one line of JSON for each step. See scenario.json; scenario.c and scenario.py do the
-- same.
local thingspace = require "thingspace"
local json = thingspace.json
local client, made
local trace = {}

local function error_of(err, vague)
  if vague then return { kind = err.kind } end
  return {
    kind = err.kind, message = err.message, status = err.status, code = err.code, account = err.account,
    retriable = err.retriable, retryAfterMs = err.retry_after_ms, plugin = err.plugin,
    instance = err.instance, phase = err.phase, file = err.file, line = err.line,
  }
end

local function expand(text)
  return text:sub(1, 1) == "$" and os.getenv(text:sub(2)) or text
end

local function expanded(texts, make)
  if not texts then return nil end
  local out = {}
  for name, text in pairs(texts) do out[name] = make(expand(text)) end
  return out
end

local function options(step)
  return {
    username = step.username, api = step.api, timeout_ms = step.timeout_ms, replace = step.replace,
    password = step.password and thingspace.secret(step.password),
  }
end

local function verdict(step)
  if step.deny then return thingspace.deny(step.deny[1], step.deny[2]) end
  if step.reply then return thingspace.reply(step.reply) end
  if step.wait then return thingspace.wait(step.wait) end
  if step.stop then return thingspace.stop() end
end

local function note(text) trace[#trace + 1] = text end

-- A hook that does what its step says, and tells that it ran.
local function hook_of(step)
  if step.phase == "audit" then
    return function(event)
      note(("%s %s %s %d"):format(step.name, event.operation, event.kind, event.status or 0))
    end
  end
  return function(call, message)
    if step.on and step.on ~= call.operation then return end
    if step.account and step.account ~= call.account then return end
    note(step.name)
    if step.fail then error(step.fail) end
    if step.url then
      local body = message:json()
      body.url = step.url
      message:set_json(body)
    end
    if step.header then message:set_header(step.header[1], step.header[2]) end
    if step.body then message:set_json(step.body) end
    if step.message then
      message:set_message(step.message)
      message:set_code(step.code)
    end
    return verdict(step)
  end
end

local function told(answer)
  answer.counts, answer.changes = made:counts(), json.decode(made:json()).changes
  answer.counts.size = nil
  return answer
end

local steps = {}

function steps.client(step)
  local fresh = thingspace.client {
    policy = step.policy_file, policy_text = step.policy_text, policy_name = step.policy_name,
    plugins = step.plugins, state_dir = step.state_dir,
    settings = expanded(step.settings, tostring), secrets = expanded(step.secrets, thingspace.secret),
  }
  if client then client:close() end
  client = fresh
end

function steps.register(step)
  local done = client:register(step.account, step.service, step.url, options(step))
  return { accountName = done.accountName, serviceName = done.serviceName, url = done.url }
end

function steps.ensure(step)
  local how, done = client:ensure(step.account, step.service, step.url, options(step))
  return { accountName = done.accountName, serviceName = done.serviceName, url = done.url, how = how }
end

function steps.list(step)
  local listeners = client:list(step.account, options(step))
  table.sort(listeners, function(a, b) return a.serviceName < b.serviceName end)
  return { listeners = json.array(listeners) }
end

function steps.deregister(step)
  local done = client:deregister(step.account, step.service, options(step))
  return { accountName = done.accountName, serviceName = done.serviceName }
end

function steps.call(step)
  local answer = client:call(step.account, step.method, step.path, step.data)
  return { status = answer.status, body = answer.body, attempts = answer.attempts }
end

function steps.preview(step)
  local seen = client:register(step.account, step.service, step.url, { dry_run = true }).preview
  return { method = seen.method, url = seen.url, body = seen.body }
end

function steps.explain(step)
  local seen = client:explain("register", step.account, step.service, step.url)
  local runs = json.array {}
  for index, run in ipairs(seen.hooks) do
    runs[index] = { instance = run.instance, verdict = run.verdict }
  end
  return { runs = runs, failed = seen.error and seen.error.kind }
end

function steps.run(step)
  local command = step.command:gsub("'", "'\\''")
  assert(os.execute(os.getenv "SCENARIO_SHELL" .. " '" .. command .. "'"))
end

function steps.cancel(step)
  local task = client:async(function() return client:list(step.account) end)
  client:run(50)
  local before = client:pending()
  task:cancel()
  local _, err = pcall(task.wait, task)
  return { error = error_of(err, true), pending = { before, client:pending() } }
end

function steps.bulk(step)
  local tasks, results = {}, json.array {}
  for index, row in ipairs(step.rows) do
    tasks[index] = client:async(function() return client:register(row[1], row[2], row[3]) end)
  end
  for index, task in ipairs(tasks) do
    local good, done = pcall(task.wait, task)
    results[index] = good and { accountName = done.accountName, url = done.url }
      or { error = error_of(done) }
  end
  table.sort(trace)
  return { results = results }
end

function steps.interrupt() client:interrupt() end

function steps.resume() client:resume() end

function steps.hook(step)
  client:hook(step.phase, hook_of(step), { priority = step.priority, on_error = step.on_error, name = step.name })
end

function steps.unhook(step) client:unhook(step.name) end

function steps.plugins()
  local order = json.array {}
  for index, row in ipairs(client:plugins().order) do
    order[index] = { row.phase }
    for _, hook in ipairs(row.instances) do table.insert(order[index], hook.instance) end
  end
  return { order = order }
end

function steps.accounts() return { accounts = json.array(client:accounts()) } end

function steps.row(step) return { row = client:row(step.account) } end

function steps.eval(step)
  local decision = client:policy_eval(step.account)
  return { endpoint = decision.endpoint, credential = decision.credential }
end

function steps.plan(step)
  made = client:plan { accounts = step.accounts, services = step.services }
  return told {}
end

function steps.check(step) made:check { expect_id = step.expect_id } end

function steps.save(step) made:save(step.file) end

function steps.load(step)
  local before = made:id()
  made = client:load_plan(step.file)
  return told { same = made:id() == before }
end

function steps.apply(step)
  local answer, changes = {}, json.array {}
  local good, applied = pcall(client.apply, client, made, { prune = step.prune, take_over = step.take_over })
  if not good then answer.error, applied = error_of(applied), applied.result end
  for index, row in ipairs(applied.changes) do
    local words = { row.accountName, row.serviceName, row.action, row.result, row.error and row.error.kind }
    changes[index] = table.concat(words, " ")
  end
  table.sort(changes)
  answer.changes, answer.done, answer.failed, answer.skipped = changes, applied.done, applied.failed, applied.skipped
  return answer
end

steps["import"] = function()
  local result = client:import()
  local lines = {}
  for line in (result.script .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  return { script = lines, accounts = result.accounts, listeners = result.listeners }
end

local file = assert(io.open(arg[1]))
local scenario = json.decode(file:read "a")
file:close()
for number, step in ipairs(scenario.steps) do
  trace = {}
  local good, answer = pcall(steps[step["do"]], step)
  if not good then
    if not thingspace.is_error(answer) then error(answer, 0) end
    answer = { error = error_of(answer, step.vague) }
  end
  answer = answer or {}
  answer.step, answer["do"] = number, step["do"]
  if trace[1] then answer.hooks = trace end
  print(json.encode(answer))
end
