-- SPDX-License-Identifier: MIT
-- Sets and removes header fields of requests. Values are templates, filled in for each call:
--
--   { "headers", options = { set = { ["X-Account"] = "{account}", ["X-Team"] = "{tag.team}" } },
--     grant = { "request.headers:write" } },
--
-- A field whose template has no value in a call (a list has no {service}) is left as it is.

local fields, removed = {}, {}
local operations, services

local members = { account = true, operation = true, service = true, id = true }

local known_operations = { register = true, list = true, deregister = true, call = true }

-- What frames the request or authorises it is the library's own; names in small letters.
local reserved = {
  host = true, ["content-length"] = true, ["transfer-encoding"] = true, connection = true, ["keep-alive"] = true,
  expect = true, te = true, trailer = true, upgrade = true, ["accept-encoding"] = true,
  ["proxy-authorization"] = true, authorization = true, ["vz-m2m-token"] = true,
}

-- { "a", "b" } as { a = true, b = true }; nil: everything is in it. A table of another form would never match.
local function set_of(what, list, known)
  local set, count = {}, 0
  for _ in pairs(list or {}) do
    count = count + 1
    local name = list[count]
    if type(name) ~= "string" then
      error(what .. " must be a list of texts")
    elseif known and not known[name] then
      error(what .. ": '" .. name .. "' is no operation: register, list, deregister, call")
    end
    set[name] = true
  end
  if list and count == 0 then
    error(what .. " is empty: it would never match")
  end
  return list and set
end

local function check_field(what, field)
  if not field:find("^[%w!#$%%&'*+%-.^_`|~]+$") then
    error(what .. ": '" .. field .. "' is no name of a header field: use letters, digits and hyphens")
  elseif reserved[field:lower()] then
    error(what .. ": the field " .. field .. " is set by the library alone")
  end
end

local function check(field, template)
  if type(field) ~= "string" then
    error("set must name header fields, as { [\"X-Team\"] = \"blue\" }")
  elseif type(template) ~= "string" then
    error("set." .. field .. " must be text, not a " .. type(template))
  end
  check_field("set", field)
  if template:gsub("{.-}", ""):find("[{}]") then
    error("set." .. field .. ": a brace has no other one in '" .. template .. "'")
  end
  for name in template:gmatch("{(.-)}") do
    if not (members[name] or name:find("^tag%.") or name:find("^setting%.")) then
      error("set." .. field .. ": there is no {" .. name .. "}; there are {account}, {operation}, "
        .. "{service}, {id}, {tag.NAME} and {setting.NAME}")
    end
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

-- nil when something in the template has no value.
local function expand(template, call)
  local complete = true
  local text = template:gsub("{(.-)}", function(name)
    local value = value_of(call, name)
    if type(value) == "table" then
      error("{" .. name .. "} is a table, not a text")
    end
    complete = complete and value ~= nil
    return tostring(value)
  end)
  return complete and text or nil
end

return {
  name = "headers",
  version = "1.0.0",
  api = 1,
  capabilities = { "request.headers:write" },
  options = {
    set = { type = "table", default = {}, doc = "header field -> template of its value" },
    remove = { type = "table", default = {}, doc = "header fields to remove, before any is set" },
    only_operations = { type = "table", doc = "operations that it works on; all when absent" },
    only_services = { type = "table", doc = "callback services that it works on; all when absent" },
  },

  configure = function(options)
    for name, template in pairs(options.set) do
      check(name, template)
      fields[#fields + 1] = { name = name, template = template }
    end
    table.sort(fields, function(a, b) return a.name < b.name end)
    removed = options.remove
    for name in pairs(next(removed) and set_of("remove", removed) or {}) do
      check_field("remove", name)
    end
    operations = set_of("only_operations", options.only_operations, known_operations)
    services = set_of("only_services", options.only_services)
  end,

  hooks = {
    request = function(call, request)
      if operations and not operations[call.operation]
          or services and not services[call.service or ""] then
        return
      end
      for _, name in ipairs(removed) do
        request:remove_header(name)
      end
      for _, field in ipairs(fields) do
        local value = expand(field.template, call)
        if value then
          request:set_header(field.name, value)
        end
      end
    end,
  },
}
