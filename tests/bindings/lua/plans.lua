-- SPDX-License-Identifier: MIT
-- Plans, apply, import, and policies that are tables.
local check = require "check"
local thingspace = require "thingspace"
local secret = thingspace.secret "hunter2"
local accounts = { { account = "A-1", team = "blue" }, "A-2" }
local rows, broken = {}, nil
local client = thingspace.client { policy = {
  name = "fleet", accounts = accounts, owns = { "https://hooks.example.com/*" },
  listeners = function(account, row)
    if broken then error(broken, 0) end
    rows[account] = row
    return { CarrierService = { url = "https://hooks.example.com/" .. account, username = "u", password = secret } }
  end } }
check.is("accounts", "A-1 A-2", table.concat(client:accounts(), " "))
check.is("row", "blue", client:row "A-1".team)
local steps = {}
local plan = client:plan { cells = true, progress = function(done, total, failed) steps[#steps + 1] = done .. "/" .. total .. "/" .. failed end }
check.is("progress", "2/2/0", steps[#steps])
check.is("rows reach listeners", "blue", rows["A-1"].team)
check.is("counts", 2, plan:counts().add)
check.like("id", "^%x+$", plan:id())
check.is("table", "A-1", plan:table().changes[1].accountName)
check.ok("json", #plan:json() > 100)
check.ok("without the password", not plan:json():find "hunter2")
plan:check()
check.fails("check", "refused", plan.check, plan, { expect_id = "0" })
local file = os.tmpname()
plan:save(file)
check.is("load_plan", plan:id(), client:load_plan(file):id())
os.remove(file)

check.fault "POST /callbacks/A-2 status=400"
local told = {}
local err = check.fails("apply with a failure", "partial", client.apply, client, plan, {
  done = function(change) told[#told + 1] = change.accountName .. " " .. change.result end })
table.sort(told)
check.is("every change is told", "A-1 done A-2 failed", table.concat(told, " "))
check.is("the error has the result", 1, err.result.failed)
check.is("and what failed", 2, #err.result.changes)
check.is("errors of the result", "A-2 service", err.result.errors[1].account .. " " .. err.result.errors[1].kind)
check.faultless()
check.fault "GET /callbacks/A-2 status=400"
err = check.fails("apply of a plan that could not read all", "partial", client.apply, client, (client:plan()))
check.like("tells why", "not read: .+ %(HTTP 400%)", err.message)
check.is("and which", "A-2 service", err.result.errors[1].account .. " " .. err.result.errors[1].kind)
check.faultless()
local result = client:apply(client:plan())
check.is("again", 1, result.done)
check.is("nothing is left", 0, client:plan():counts().add)

-- what somebody else has done meanwhile
client:deregister("A-1", "CarrierService")
client:deregister("A-2", "CarrierService")
plan = client:plan()
client:register("A-1", "CarrierService", "https://hooks.example.com/A-1", { username = "u", password = secret })
local unchanged = {}
result = client:apply(plan, { done = function(change) unchanged[change.accountName] = change.unchanged end })
check.is("what is as planned already is counted by itself", "1 done, 1 unchanged", ("%d done, %d unchanged"):format(result.done, result.unchanged))
check.is("and told so", true, unchanged["A-1"])
check.is("others are not", false, unchanged["A-2"])
check.is("apply counts", "done failed skipped unchanged", (function()
  local names = {}
  for name, count in pairs(result) do if math.type(count) then names[#names + 1] = name end end
  table.sort(names)
  return table.concat(names, " ")
end)())
local ok, raised = pcall(client.plan, client, { progress = function() error("stop here", 0) end })
check.is("an error of a callback is raised", "stop here", raised)
check.fails("a pattern that matches nothing", "usage", client.plan, client, { accounts = { "B-*" } })
check.is("one account", 1, client:plan({ accounts = { "A-1" } }):counts().accounts)

broken = "broken policy"
check.is("a function of the policy that raises", 1, client:plan({ accounts = { "A-1" } }):counts().unread)
check.like("policy_check tells it", "broken policy", check.fails("fails", "policy", client.policy_check, client).result.errors[1].message)
broken = nil
check.is("policy_check", 2, client:policy_check().listeners)
check.is("policy_eval", "A-1", client:policy_eval "A-1".accountName)

local other <close> = thingspace.client { policy = { name = "fleet", accounts = { "A-1" },
  listeners = function() return { CarrierService = { url = "https://hooks.example.com/else", password = thingspace.registered } } end } }
check.is("policy_diff", "A-2", other:policy_diff(client).removed[1])
local script = "return { name = 'p', accounts = { 'A-1' }, resolve = function() thingspace.log('asked') return {} end }"
local told <close> = thingspace.client { policy_text = script, log_level = "debug", log = function() error("told", 0) end }
local _, raised_by_old = pcall(other.policy_diff, other, told)
check.is("policy_diff raises what a callback of the old one raised", "told", raised_by_old)
check.is("and not a later call", true, (pcall(told.reload, told)))
check.is("the registered password", "url", other:plan():table().changes[1].fields[1].name)

local imported = client:import { name = "back" }
check.is("import", 2, imported.listeners)
check.ok("a script", load(imported.script))
check.is("which is a policy", 2, #thingspace.client { policy_text = imported.script }:accounts())

-- resolve
local resolved = thingspace.client { policy = { accounts = { "A-1", "A-2" }, endpoints = { here = { url = os.getenv "THINGSPACE_URL" } },
  resolve = function(account, row)
    if account == "A-1" then return { endpoint = "here", timeout_ms = 5000 } end
    if account == "A-2" then return nil, "not today" end
  end } }
check.is("resolve", "here", resolved:policy_eval "A-1".endpoint)
check.is("it is used", 1, #resolved:list "A-1")
check.like("nil and why", "not today", check.fails("resolve says no", "policy", resolved.list, resolved, "A-2").message)
for what, answer in pairs { ["a number"] = 7, ["no endpoint"] = { endpoint = 7 }, ["an unknown one"] = { endpoint = "nowhere" }, ["tags with a function"] = { tags = { f = print } } } do
  local c <close> = thingspace.client { policy = { accounts = { "A-1" }, resolve = function() return answer end } }
  check.fails("resolve answers " .. what, "policy", c.list, c, "A-1")
end
for what, answer in pairs { ["a number"] = 7, ["a listener that is none"] = { S = 7 }, ["no URL"] = { S = {} }, ["a password that is a string"] = { S = { url = "https://a.example.com/", password = "x" } } } do
  local c <close> = thingspace.client { policy = { accounts = { "A-1" }, listeners = function() return answer end } }
  check.fails("listeners answers " .. what, "policy", c.policy_check, c)
end
for what, policy in pairs { ["a function in it"] = { accounts = { "A" }, f = { print } }, ["a cycle"] = (function() local t = { accounts = { "A" } } t.t = t return t end)(), ["holes"] = { accounts = { [3] = "A" } } } do
  check.fails("a policy with " .. what, "usage", thingspace.client, { policy = policy })
end
local text = 'a"\\\n\r\0\u{e9} ]]'
local odd <close> = thingspace.client { policy = { accounts = { { account = "A-1", text = text:gsub("%z", ""), f = 1.5, n = -3, b = true } } } }
check.is("texts of a policy stay as they are", (text:gsub("%z", "")), odd:row "A-1".text)
check.is("numbers, too", 1.5, odd:row "A-1".f)

check.fails("plugin_check of nothing", "local", thingspace.plugin_check, "/nowhere.lua")
client:reload()
check.is("reload keeps it", 2, #client:accounts())
check.finish()
