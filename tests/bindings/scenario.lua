-- SPDX-License-Identifier: MIT
-- Runs a scenario: one line of JSON for each step. See scenario.json; scenario.c and scenario.py do the
-- same.
local thingspace = require "thingspace"
local json = thingspace.json
local client, made
local trace = {}

local function error_of(err, vague)
  if vague then return { kind = err.kind } end
  -- the place in this script, of whose name Lua keeps the end when it is long
  local ours = err.file == arg[0] or err.file and arg[0]:sub(-#err.file + 3) == err.file:match("^%.%.%.(.*)")
  return {
    kind = err.kind, message = err.message, status = err.status, code = err.code, account = err.account,
    retriable = err.retriable, retryAfterMs = err.retry_after_ms, plugin = err.plugin,
    instance = err.instance, tenant = err.tenant, phase = err.phase, file = not ours and err.file or nil, line = not ours and err.line or nil,
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

-- Some members of each row.
local function rows_of(list, names)
  local rows = json.array {}
  for index, row in ipairs(list) do
    rows[index] = {}
    for name in names:gmatch "%a+" do rows[index][name] = row[name] end
  end
  return rows
end

-- What JSON answers, with findings or without.
local function found(f, ...)
  local good, answer = pcall(f, ...)
  if good then return answer end
  if not thingspace.is_error(answer) or not answer.result then error(answer, 0) end
  return answer.result
end

function steps.explain(step)
  local seen = client:explain(step.operation or "register", { accountName = step.account, serviceName = step.service,
    url = step.url })
  return {
    runs = rows_of(seen.hooks, "instance phase verdict changes note"), method = seen.method,
    failed = seen.error and seen.error.kind,
  }
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
  local seen, order = client:plugins(), json.array {}
  for index, row in ipairs(seen.order) do
    order[index] = { row.phase }
    for _, hook in ipairs(row.instances) do table.insert(order[index], hook.instance) end
  end
  local names = "plugin instance priority onError required hooks runs failures skipped"
  return { order = order, instances = rows_of(seen.instances, names) }
end

function steps.plugin_check(step)
  local seen = found(thingspace.plugin_check, step.file)
  return {
    name = seen.name, version = seen.version, capabilities = seen.capabilities, hooks = seen.hooks,
    findings = seen.findings,
  }
end

function steps.plugin_test(step)
  local seen = found(thingspace.plugin_test, step.file)
  return { plugin = seen.plugin, tests = rows_of(seen.tests, "name ok message line") }
end

function steps.auth_status(step)
  local names = "credential endpoint bearer session failed latched persists"
  return { credentials = rows_of(client:auth_status(step.credential), names) }
end

function steps.auth_login(step) client:auth_login(step.credential) end

function steps.auth_logout(step) client:auth_logout(step.credential, { revoke = step.revoke }) end

function steps.auth_unlatch(step) return { cleared = client:auth_unlatch(step.credential) } end

function steps.policy_check()
  local seen = found(client.policy_check, client)
  local names = "accountName serviceName message line"
  return {
    accounts = seen.accounts, listeners = seen.listeners, errors = rows_of(seen.errors, names),
    warnings = rows_of(seen.warnings, names),
    decisions = rows_of(seen.decisions, "accountName endpoint credential listeners"),
  }
end

function steps.policy_diff(step)
  local old <close> = thingspace.client { policy_text = step.policy_text }
  local seen = client:policy_diff(old)
  return { added = seen.added, removed = seen.removed, changed = seen.changed }
end

function steps.reload() client:reload() end

function steps.accounts() return { accounts = json.array(client:accounts()) } end

function steps.row(step) return { row = client:row(step.account) } end

function steps.eval(step)
  local decision = client:policy_eval(step.account)
  return { endpoint = decision.endpoint, credential = decision.credential, listeners = decision.listeners }
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
    local words = { row.accountName, (row.api and row.api .. "/" or "") .. row.serviceName, row.action, row.result }
    if row.unchanged then table.insert(words, "unchanged") end
    if row.error then table.insert(words, row.error.kind) end
    changes[index] = table.concat(words, " ")
  end
  table.sort(changes)
  answer.changes, answer.done, answer.failed = changes, applied.done, applied.failed
  answer.skipped, answer.unchanged = applied.skipped, applied.unchanged
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
