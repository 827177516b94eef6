-- SPDX-License-Identifier: MIT
-- Changes what is registered: the listener's URL, its username, other members of the body.
--
--   { "rewrite", options = { url = "https://hooks.example.com/{account}/{service}",
--                            hosts = { ["old.example.com"] = "new.example.com" } },
--     grant = { "request.body:read", "request.body:write" } },
--
-- What a template of a URL puts in is percent-encoded: no value can reach into another part of it.
-- Put it before a `guard`, which then judges what is really registered.

local url, username, fields, hosts, services

local members = { account = true, operation = true, service = true, id = true }

local function check(what, template)
  if type(template) ~= "string" then
    error(what .. " must be text, not a " .. type(template))
  end
  if template:gsub("{.-}", ""):find("[{}]") then
    error(what .. ": a brace has no other one in '" .. template .. "'")
  end
  for name in template:gmatch("{(.-)}") do
    if not (members[name] or name:find("^tag%.") or name:find("^setting%.")) then
      error(what .. ": there is no {" .. name .. "}; there are {account}, {operation}, {service}, "
        .. "{id}, {tag.NAME} and {setting.NAME}")
    end
  end
  return template
end

-- Hosts are no templates: what is written for one is a host again, with its port if need be.
local function check_host(old, new)
  if type(old) ~= "string" then
    error("hosts must say what to write for which host, as { [\"old.example.com\"] = \"new.example.com\" }")
  elseif old == "" or old:find("[^%w%-._:%[%]]") then
    error("hosts: '" .. old .. "' is no host, with its port if need be, as \"old.example.com\"")
  elseif type(new) ~= "string" or new == "" or new:find("[^%w%-._:%[%]]") then
    error("hosts." .. old .. " must be a host, with its port if need be, as \"new.example.com\"")
  end
end

local function value_of(call, name)
  local source, key = name:match("^(%a+)%.(.+)$")
  if source == "tag" then
    return call.tags[key]
  elseif source == "setting" then
    return thingspace.settings[key]
  end
  return call[name]
end

local function encode(text)
  return (text:gsub("[^%w%-._~]", function(byte)
    return ("%%%02X"):format(byte:byte())
  end))
end

-- A listener with half a URL would be worse than none: what has no value fails the call.
local function expand(template, call, change)
  return (template:gsub("{(.-)}", function(name)
    local value = value_of(call, name)
    if value == nil then
      error("{" .. name .. "} has no value in this call")
    elseif type(value) == "table" then
      error("{" .. name .. "} is a table, not a text")
    end
    return change(tostring(value))
  end))
end

local function as_it_is(text)
  return text
end

-- { "a", "b" } as { a = true, b = true }; nil: everything is in it.
local function set_of(what, list)
  local set, count = {}, 0
  for _ in pairs(list or {}) do
    count = count + 1
    if type(list[count]) ~= "string" then
      error(what .. " must be a list of texts")
    end
    set[list[count]] = true
  end
  if list and count == 0 then
    error(what .. " is empty: it would never match")
  end
  return list and set
end

local default_ports = { ["https://"] = ":443", ["http://"] = ":80" }

-- "old.example.com:8443" is looked up with its port, written or that of the scheme, then without.
local function move(text)
  local scheme, authority, rest = text:match("^(%a+://)([^/?#]+)(.*)$")
  if not scheme then
    return text
  end
  local host, port = authority:lower():match("^(.-)(:?%d*)$")
  local found = hosts[host .. (#port > 1 and port or default_ports[scheme:lower()] or "")]
  if found then
    return scheme .. found .. rest
  end
  found = hosts[host]
  return found and scheme .. found .. port .. rest or text
end

return {
  name = "rewrite",
  version = "1.0.0",
  api = 1,
  capabilities = { "request.body:read", "request.body:write" },
  options = {
    url = { type = "string", doc = "template of the listener's URL" },
    username = { type = "string", doc = "template of the listener's username" },
    set = { type = "table", default = {}, doc = "member of the body -> template; thingspace.json.null removes it" },
    hosts = { type = "table", default = {}, doc = "host of a URL, with its port or without -> what to write for it" },
    only_services = { type = "table", doc = "callback services that it works on; all when absent" },
  },

  configure = function(options)
    url = options.url and check("url", options.url)
    username = options.username and check("username", options.username)
    fields, hosts = options.set, {}
    for name, template in pairs(fields) do
      if type(name) ~= "string" then
        error("set must name members, as { note = \"by {account}\" }")
      elseif template ~= thingspace.json.null then
        check("set." .. name, template)
      end
    end
    for old, new in pairs(options.hosts) do
      check_host(old, new)
      hosts[old:lower()] = new
    end
    services = set_of("only_services", options.only_services)
  end,

  hooks = {
    request = function(call, request)
      if call.operation ~= "register" or services and not services[call.service] then
        return
      end
      local body = request:json()
      local member = body.endpoint and "endpoint" or "url" -- the diagnostics API calls it endpoint
      if url then
        body[member] = expand(url, call, encode)
      end
      body[member] = move(body[member])
      if username then
        body.username = expand(username, call, as_it_is)
      end
      for name, template in pairs(fields) do
        if template == thingspace.json.null then
          body[name] = nil
        else
          body[name] = expand(template, call, as_it_is)
        end
      end
      request:set_json(body)
    end,
  },
}
