-- SPDX-License-Identifier: MIT
-- What a client does and answers; closing it in every way.
local check = require "check"
local thingspace = require "thingspace"
local account, url = "0000123456-00001", "https://hooks.example.com/a"

local client = thingspace.client()
check.like("tostring", "open", client)
local made = client:register(account, "CarrierService", url, { username = "acme", password = thingspace.secret "hunter2" })
check.is("accountName", account, made.accountName)
check.is("serviceName", "CarrierService", made.serviceName)
check.is("url", url, made.url)
check.is("status", 200, made.status)
local listener = client:list(account)[1]
check.is("a listener has accountName", account, listener.accountName)
check.is("url", url, listener.url)
check.is("username", "acme", listener.username)
check.is("hasPassword", true, listener.hasPassword)
check.is("and no password", nil, listener.password)
listener.serviceName = "DeviceService"
check.is("a listener can be registered", "DeviceService", client:register(listener, { password = thingspace.secret "hunter2" }).serviceName)
check.is("ensure says unchanged", "unchanged", client:ensure(listener, { password = thingspace.secret "hunter2" }))
local how, result = client:ensure(account, "StateService", url)
check.is("ensure says added", "added", how)
check.is("and answers", "StateService", result.serviceName)
check.is("replaced", "replaced", client:ensure(account, "StateService", url .. "2", { replace = true }))
local reply = client:call(account, "GET", "/callbacks/{account}")
check.is("a call's status", 200, reply.status)
check.is("its JSON", 3, #reply:json())
check.like("its body", "^%[", reply.body)
check.like("a header", "json", reply:header "content-type")
check.is("no header", nil, reply:header "x-none")
check.is("a dry run sends nothing", 0, client:deregister(account, "StateService", { dry_run = true }).attempts)
check.is("its preview", "DELETE", client:deregister(account, "StateService", { dry_run = true }).preview.method)
check.is("explain", "POST", client:explain("register", account, "X", url).method)
check.is("deregister", "StateService", client:deregister(account, "StateService").serviceName)
check.is("plugins", 0, #client:plugins().instances)
check.is("auth_status", "environment", client:auth_status()[1].credential)
client:auth_login()
check.is("auth_unlatch", 0, client:auth_unlatch())
client:auth_logout()
check.is("pending", 0, client:pending())
client:interrupt()
check.fails("interrupted", "cancelled", client.list, client, account)
client:resume()
check.is("resumed", 2, #client:list(account))

-- secrets
local secret = thingspace.secret "hunter2"
check.is("a secret prints as", "***", tostring(secret))
check.is("and has no metatable", false, getmetatable(secret))
check.fails("and is no JSON", "usage", thingspace.json.encode, secret)
local name = os.tmpname()
local file <close> = assert(io.open(name, "w"))
file:write "hunter3\n"
file:flush()
os.execute("chmod 600 " .. name)
check.is("a secret of a file", "***", tostring(thingspace.secret_file(name)))
os.remove(name)

-- lists
check.ok("services", #thingspace.services() > 5)
check.is("one service", "CarrierService", thingspace.services "CarrierService".serviceName)
check.is("an unknown one", nil, thingspace.services "No")
check.is("apis", "connectivity", thingspace.apis()[1].name)
check.ok("sources", #thingspace.sources() > 0)

-- json
local json = thingspace.json
check.is("encode", '{"a":[1,2.5,"\\"\\u000a"],"b":null,"c":{},"d":[]}',
  json.encode { a = { 1, 2.5, '"\n' }, b = json.null, c = {}, d = json.array() })
for _, text in ipairs { '[]', '{}', '[1,-2,3.25,"x",true,false,null]', '{"a":{"b":[[]]}}', '"\\u00e9\\ud83d\\ude00"' } do
  local value = json.decode(text)
  check.ok("decode " .. text, json.encode(json.decode(json.encode(value))) == json.encode(value))
end
check.is("long digits", "123456789012345678901234567890", json.decode "123456789012345678901234567890")
check.is("pairs", "\u{1F600}", json.decode '"\\ud83d\\ude00"')
for _, text in ipairs { "", "[", "[1,]", "{", '{"a"}', '{"a":1,}', "01", "1.", "+1", "nul", '"', '"\\x"', '"\\ud83d"', "[1]x", "'a'", "1e", ("["):rep(70) } do
  check.fails("decode refuses " .. text:sub(1, 9), "usage", json.decode, text)
end

-- settings, secrets, log
local lines = {}
local told = thingspace.client { settings = { team = "blue" }, secrets = { hook = secret }, log_level = "debug",
  log = function(level, line) lines[#lines + 1] = level .. " " .. line end,
  policy_text = [[return { name = "told", accounts = { "0000123456-00001" }, listeners = function(account)
    return { CarrierService = { url = "https://hooks.example.com/" .. thingspace.settings.team, password = thingspace.secret.named("hook") } } end }]] }
check.is("accounts", account, told:accounts()[1])
told:list(account)
check.ok("log", #lines > 0)
check.is("a setting reaches the policy", "https://hooks.example.com/blue", told:policy_eval(account).listeners[1].url)
local loud = thingspace.client { log_level = "debug", log = function() error "log broke" end }
local ok, err = pcall(loud.list, loud, account)
check.like("an error of the log is raised by what ran", "log broke", err)
check.is("and the client goes on", true, pcall(loud.close, loud))

-- closing
client:close()
client:close()
check.like("a closed client", "closed", client)
check.is("closed()", true, client:closed())
for _, method in ipairs { "list", "register", "run", "plan", "hook", "async", "accounts", "reload", "fd", "policy_check" } do
  check.like(method .. " of a closed client", "closed", check.fails("fails", "usage", client[method], client, account).message)
end
do
  local scoped <close> = thingspace.client()
  client = scoped
end
check.is("a variable <close> closes", true, client:closed())

-- close in callbacks
client = thingspace.client()
client:hook("request", function() client:close() end)
ok, err = pcall(client.list, client, account)
check.is("closed in a hook", true, client:closed())
client = thingspace.client()
client:hook("audit", function() client:close() collectgarbage() end)
pcall(client.list, client, account)
check.is("closed in an audit hook", true, client:closed())
client = thingspace.client()
local after
client:async(function()
  client:list(account)
  client:close()
  after = select(2, pcall(client.list, client, account))
end)
client:async(function() client:list(account) client:list(account) client:list(account) end)
client:run()
check.like("closed in a task", "closed", after)
client = thingspace.client { log_level = "debug", log = function() if client then client:close() end end }
pcall(client.list, client, account)
check.is("closed in a log", true, client:closed())
client = thingspace.client { policy = { accounts = { account }, listeners = function() client:close() return {} end } }
pcall(client.plan, client)
check.is("closed in a policy", true, client:closed())

-- garbage with calls in flight, hooks and cycles
local died = setmetatable({}, { __mode = "v" })
for i = 1, 20 do
  local lost = thingspace.client()
  lost:hook("audit", function() return lost end)
  lost:async(function() lost:list(account) lost:list(account) end)
  died[i] = lost
end
collectgarbage()
collectgarbage()
check.is("clients with calls in flight are garbage", nil, next(died))

-- Debian's interpreter has Lua built in, and the library brings another one
local maps <close> = assert(io.open "/proc/self/maps")
local text = maps:read "a"
if text:find "/liblua" then check.ok("a second Lua in the process does no harm", #thingspace.client():list(account) == 2) end

-- inside callbacks of another client
local a, b = thingspace.client(), thingspace.client()
a:hook("request", function(call, request) request:set_header("X-Count", tostring(#b:list(account))) end)
check.is("another client works inside a hook", 2, #a:list(account))
a:hook("request", function() a:list(account) end)
check.fails("its own does not", "plugin", a.list, a, account)
check.finish()
