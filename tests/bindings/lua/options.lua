-- SPDX-License-Identifier: MIT
-- Tables of options, rows and answers of policies: what nobody would read is refused, with the name
-- that was meant, and nothing is sent.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"
local client = thingspace.client()

local function refused(what, pattern, method, ...)
  check.like(what, pattern, check.fails(what .. " is refused", "usage", client[method], client, ...).message)
end
refused("register { dryrun }", "^register: there is no option dryrun; did you mean dry_run%?$", "register", account, "S", url, { dryrun = true })
refused("register { replace }", "^register: there is no option replace; ensure has it$", "register", account, "S", url, { replace = true })
refused("register { account }", "no member account; did you mean accountName%?$", "register", { account = account, serviceName = "S", url = url })
refused("register {}", "accountName is missing", "register", {})
refused("register without a URL", "url is missing", "register", { accountName = account, serviceName = "S" })
refused("a row and misspelt options", "dry_run%?$", "register", { accountName = account, serviceName = "S", url = url }, { dryrun = true })
refused("a row and a number", "options must be a table", "register", { accountName = account, serviceName = "S", url = url }, 7)
refused("ensure { dry_run }", "no option dry_run; register has it$", "ensure", account, "S", url, { dry_run = true })
refused("list { timeout }", "did you mean timeout_ms%?$", "list", account, { timeout = 1 })
refused("list { username }", "no option username; register has it$", "list", account, { username = "u" })
refused("deregister { dryrun }", "dry_run%?$", "deregister", account, "S", { dryrun = true })
refused("call { bdy }", "no option bdy$", "call", account, "GET", "/x", nil, { bdy = 1 })
refused("call { method, pth }", "did you mean path%?$", "call", { accountName = account, method = "GET", pth = "/x" })
refused("call with options as data", "options come behind it", "call", account, "DELETE", "/callbacks/{account}/name/S", { dry_run = true })
check.is("a body like that can be sent", 0, client:call(account, "POST", "/x", { dry_run = true }, { dry_run = true }).attempts)
refused("explain { urll }", "did you mean url%?$", "explain", "register", { accountName = account, serviceName = "S", urll = url })
refused("plan { account }", "^plan: there is no option account; did you mean accounts%?$", "plan", { account = { "A" } })
refused("plan { 'A' }", "no option 1: they have names$", "plan", { account })
refused("import { nme }", "did you mean name%?$", "import", { nme = "x" })
refused("hook { priorty }", "did you mean priority%?$", "hook", "request", print, { priorty = 1 })
refused("auth_logout { revok }", "did you mean revoke%?$", "auth_logout", nil, { revok = true })
refused("timeout_ms = -1", "timeout_ms must be a whole number from 0 on, not the number %-1$", "list", account, { timeout_ms = -1 })
refused("async()", "not nothing$", "async")
refused("list(nil)", "accountName must be a string, not nil$", "list", nil)
check.like("reply { stats }", "did you mean status%?$", check.fails("reply refuses", "usage", thingspace.reply, { stats = 200 }).message)
check.like("a name of two lines makes one", "^[^\n]+no option a b$", check.fails("it fails", "usage", client.list, client, account, { ["a\nb"] = 1 }).message)
local empty <close> = thingspace.client { policy = { name = "empty", accounts = { account } } }
local plan = empty:plan()
check.like("apply { takeover }", "did you mean take_over%?$", check.fails("apply refuses", "usage", empty.apply, empty, plan, { takeover = true }).message)
check.like("plan:check { done }", "no option done$", check.fails("check refuses", "usage", plan.check, plan, { done = print }).message)
check.like("a plan's text", "^thingspace.plan %(" .. plan:id() .. "%)$", plan)
check.is("nothing was sent", 0, #client:list(account))

for options, pattern in pairs {
  [{ polcy = "x" }] = "^client: there is no option polcy; did you mean policy%?$",
  [{ log_level = "loud" }] = "log_level must be",
  [{ raise = "no" }] = "raise must be true or false",
  [{ token_cache = 1 }] = "token_cache must be true or false",
  [{ plugins = { { "x.lua", opts = {} } } }] = "a plugin has no opts",
  [{ policy = { accounts = { account }, listners = print } }] = "no function listners; did you mean listeners%?$",
  [{ policy = { accounts = { account }, listeners = {} } }] = "listeners of a policy must be a function",
} do
  check.like(pattern, pattern, check.fails("a client of it is refused", "usage", thingspace.client, options).message)
end

-- what the functions of a policy answer
local answer
local policy <close> = thingspace.client { policy = { accounts = { account }, resolve = function() return answer end } }
answer = { credental = "x" }
check.like("resolve { credental }", "resolve: there is no member credental; did you mean credential%?$",
  check.fails("it fails", "policy", policy.list, policy, account).message)
answer = nil
local listener
local declares <close> = thingspace.client { policy = { accounts = { account }, listeners = function() return { CarrierService = listener } end } }
listener = { url = url, usrname = "u" }
check.like("listeners { usrname }", "CarrierService: there is no member usrname; did you mean username%?$",
  check.fails("it fails", "policy", declares.policy_check, declares).result.errors[1].message)
listener = { ur = url }
check.like("listeners { ur }", "no member ur; did you mean url%?$",
  check.fails("it fails", "policy", declares.policy_check, declares).result.errors[1].message)
local raises <close> = thingspace.client { policy = { accounts = { account }, listeners = function() error { code = 7 } end } }
check.like("a table that is raised is told", '{"code":7}', check.fails("it fails", "policy", raises.policy_check, raises).result.errors[1].message)
local lines <close> = thingspace.client { policy = { accounts = { account }, resolve = function() error("a\nb", 0) end } }
check.like("lines of what a policy raises are one", "a b$", check.fails("it fails", "policy", lines.list, lines, account).message)
check.like("a kind is told once", "^policy: the script must", tostring(check.fails("it fails", "policy", thingspace.client, { policy_text = "return 7" })))

-- rows of a list
client:register(account, "CarrierService", url, { username = "u", password = thingspace.secret "x" })
local row = client:list(account)[1]
for _, method in ipairs { "register", "ensure" } do
  refused(method .. " of a row with a password", method .. ": CarrierService has a password, .* give password", method, row)
  refused(method .. " with thingspace.registered", "for the listeners of a policy", method, row, { password = thingspace.registered })
end
check.is("it is still there", true, client:list(account)[1].hasPassword)
check.is("ensure of a row, with the password", "unchanged", client:ensure(row, { password = thingspace.secret "x" }))
check.is("options beside a row", 0, client:register(row, { password = thingspace.secret "x", dry_run = true }).attempts)
check.is("a row can be removed", "CarrierService", client:deregister(row).serviceName)
check.is("a list without any is a list", "[]", thingspace.json.encode(client:list(account)))
check.is("so is that of accounts", "[]", thingspace.json.encode(client:accounts()))
row.hasPassword = false
check.is("a row can say that it has none", "added", client:ensure(row))

-- where it was
local line = debug.getinfo(1, "l").currentline + 1
local err = check.fails("a mistake", "usage", function() client:list(7) end)
check.like("has a file", "options.lua$", err.file)
check.is("and a line", line, err.line)
check.like("its text begins with them", "options.lua:" .. line .. ": usage: list: ", tostring(err))
local quiet = thingspace.client { raise = false }
line = debug.getinfo(1, "l").currentline + 1
local _, why = quiet:list(7)
check.is("also of one that is returned", line, why.line)
line = debug.getinfo(1, "l").currentline + 1
err = check.fails("a mistake of a client's options", "usage", function() thingspace.client { raise = 1 } end)
check.is("has the line of the script", line, err.line)
err = check.fails("another error", "service", client.deregister, client, account, "StateService")
check.is("has none", nil, err.line)
check.like("its text has the account", "%(account 0000123456%-00001%)$", tostring(err))
err = check.fails("unhook of nothing", "usage", client.unhook, client, "x")
check.like("speaks Lua", "client:plugins%(%)", err.message)
check.like("so does process", 'loop = "foreign"', check.fails("process", "usage", client.process, client).message)
check.finish()
