-- SPDX-License-Identifier: MIT
-- Errors of each kind are objects, raised or returned.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"

local client = thingspace.client()

-- as the guide shows it
local ok, err = pcall(client.deregister, client, account, "CarrierService")
check.is("deregister of what is not there fails", false, ok)
check.is("err.kind", "service", err.kind)
check.is("err.status", 400, err.status)
check.like("err.code", "NotRegistered$", err.code)
check.is("err.account", account, err.account)
check.is("err.retriable", false, err.retriable)
check.like("err.message is one line", "^deregister: [^\n]+$", err.message)
check.like("tostring(err)", "^service: deregister: ", tostring(err))
check.like("it can be joined", "^it said: service: ", "it said: " .. err)
check.is("is_error", true, thingspace.is_error(err))
check.is("is_error of a string", false, thingspace.is_error "x")
check.is("exit_status", 1, thingspace.exit_status(err.kind))

check.fails("a name that cannot be sent", "usage", client.register, client, account, "a b/c", url)
check.fails("a listener without TLS is sent all the same or refused", "usage", client.register, client, account, "CarrierService", "no url")

check.fault "GET /callbacks/* delay=60000"
check.fails("no answer in time", "timeout", client.list, client, account, { timeout_ms = 200 })
check.faultless()
check.fault "GET /callbacks/* garbage"
check.fails("an answer that cannot be read", "protocol", client.list, client, account)
check.faultless()
client:register(account, "CarrierService", url)
err = check.fails("a service that goes elsewhere", "refused", client.ensure, client, account, "CarrierService", url .. "2")
check.like("and it shows where", "hooks.example.com/a", err.message)

local fleet = thingspace.client { policy = { accounts = { "A-1" } } }
check.fails("an account that nobody declared", "policy", fleet.list, fleet, account)
check.fails("a policy that does not load", "policy", thingspace.client, { policy_text = "return 7" })
check.fails("a policy that is not there", "local", thingspace.client, { policy = "/nowhere/fleet.lua" })

local lost = thingspace.client { policy_text = [[return { name = "lost",
  endpoints = { gone = { url = "http://127.0.0.1:9" } }, accounts = { "A-1" },
  resolve = function() return { endpoint = "gone" } end }]] }
check.fails("no connection", "network", lost.list, lost, "A-1")

local wrong = thingspace.client { policy = { accounts = { "A-1" }, endpoints = { here = { url = os.getenv "THINGSPACE_URL" } },
  credentials = { bad = { key = "no", secret = thingspace.secret "no", username = "u", password = thingspace.secret "p" } },
  resolve = function() return { endpoint = "here", credential = "bad" } end } }
check.fails("a credential that is refused", "auth", wrong.list, wrong, "A-1")

-- wrong types
for what, call in pairs {
  ["an account that is a number"] = function() client:list(12) end,
  ["no account"] = function() client:list() end,
  ["a table as service"] = function() client:register(account, {}, url) end,
  ["options that are a string"] = function() client:list(account, "x") end,
  ["a password that is a string"] = function() client:register(account, "S", url, { password = "x" }) end,
  ["a timeout that is a string"] = function() client:list(account, { timeout_ms = "1" }) end,
  ["a negative timeout"] = function() client:list(account, { timeout_ms = -1 }) end,
  ["a NUL in a name"] = function() client:list "a\0b" end,
  ["a dot for a colon"] = function() client.list(account) end,
  ["data that is a function"] = function() client:call(account, "GET", "/x", print) end,
  ["data that is no JSON"] = function() client:call(account, "POST", "/x", { f = print }) end,
  ["a cycle as data"] = function() local t = {} t.t = t client:call(account, "POST", "/x", t) end,
  ["an unknown option of a client"] = function() thingspace.client { polcy = "x" } end,
  ["a client of a number"] = function() thingspace.client(7) end,
  ["a policy that is a number"] = function() thingspace.client { policy = 7 } end,
  ["two policies"] = function() thingspace.client { policy = "a", policy_text = "b" } end,
  ["a secret of a number"] = function() thingspace.secret(7) end,
  ["a hook of no phase"] = function() client:hook("requests", print) end,
  ["a hook that is no function"] = function() client:hook("request", 7) end,
  ["a priority beyond the end"] = function() client:hook("request", print, { priority = 10001 }) end,
  ["a plan that is a table"] = function() client:apply {} end,
  ["a list with a number"] = function() client:plan { accounts = { 7 } } end,
  ["a task of a number"] = function() client:async(7) end,
  ["fd with the own loop"] = function() client:fd() end,
  ["process with the own loop"] = function() client:process() end,
  ["no kind"] = function() thingspace.exit_status "no" end,
} do
  check.fails(what, "usage", call)
end
check.fails("a secret file that is not there", "local", thingspace.secret_file, "/nowhere")

-- nil, err
local quiet = thingspace.client { raise = false }
local value
value, err = quiet:list(12)
check.is("nil", nil, value)
check.is("and the error", "usage", err.kind)
check.is("a list", account, quiet:list(account)[1].accountName)
check.is("nothing to tell is true", true, quiet:unhook(quiet:hook("audit", function() end)))
value, err = thingspace.client { raise = false, policy = "/nowhere" }
check.is("a client that cannot be made", "local", err.kind)

-- whose the instance is
local folder = os.tmpname()
os.remove(folder)
os.execute("mkdir " .. folder)
for name, text in pairs {
  no = "return { name = 'no', version = '1', api = 1, hooks = { check = function() return thingspace.deny('no', 'never') end } }",
  red = "return { plugins = { { './no.lua' } } }",
  fleet = "return { name = 'fleet', accounts = { '" .. account .. "' }, tenants = { red = { script = 'red.lua', accounts = { '"
    .. account .. "' }, endpoints = { 'environment' }, credentials = { 'environment' }, plugins = { ['./no.lua'] = {} } } } }",
} do
  local file <close> = assert(io.open(folder .. "/" .. name .. ".lua", "w"))
  file:write(text)
end
local shared = thingspace.client { raise = false, policy = folder .. "/fleet.lua" }
value, err = shared:list(account)
check.is("the instance", "no", err and err.instance)
check.is("and its tenant", "red", err and err.tenant)
os.execute("rm -r " .. folder)

quiet:close()
value, err = quiet:list(account)
check.like("closed", "closed", err)
check.finish()
