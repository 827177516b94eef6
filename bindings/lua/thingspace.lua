-- SPDX-License-Identifier: MIT
-- require "thingspace": the client of libthingspace for stock Lua 5.4 and 5.5. What is here is what is
-- easier in Lua: options by name, policies that are tables, and the form that returns nil and an
-- error; the rest is thingspace.core, in C.

-- Before the part in C, which another one could not even load.
if _VERSION ~= "Lua 5.4" and _VERSION ~= "Lua 5.5" then
  local this = type(jit) == "table" and jit.version or _VERSION
  error("thingspace needs Lua 5.4 or 5.5, and this is " .. this, 0)
end
local core = require "thingspace.core"
core.own()

local thingspace = {
  version = core.version,
  secret = core.secret,
  secret_file = core.secret_file,
  registered = core.registered,
  deny = core.deny,
  reply = core.reply,
  stop = core.stop,
  wait = core.wait,
  log = core.log,
  json = core.json,
  is_error = core.is_error,
  exit_status = core.exit_status,
  services = core.services,
  apis = core.apis,
  sources = core.sources,
  plugin_check = core.plugin_check,
  plugin_test = core.plugin_test,
}

-- The form that returns --------------------------------------------------------------------------

-- An error of this module becomes nil and the error; what a callback of the caller's raised stays
-- raised.
local function returned(good, ...)
  if good then return ... end
  local err = ...
  if core.is_error(err) then return nil, err end
  error(err, 0)
end

-- A method that has nothing to tell answers true, so that `nil` always means an error.
local function told(good, ...)
  if good and select("#", ...) == 0 then return true end
  return returned(good, ...)
end

for name, method in pairs(core.methods) do
  core.returning[name] = function(...) return told(pcall(method, ...)) end
end

-- Policies that are tables -----------------------------------------------------------------------

-- A value takes two characters of the text at least, which has an end: tables that share their parts
-- would have none.
local most_values = 128 * 1024
local write

local function write_table(value, secrets, levels)
  if levels > 64 then core.usage("client: the policy has too many levels, or a cycle") end
  local parts, names, count = {}, {}, #value
  for index = 1, count do parts[index] = write(value[index], secrets, levels) end
  for name in pairs(value) do
    if type(name) == "string" then
      names[#names + 1] = name
    elseif math.type(name) ~= "integer" or name < 1 or name > count then
      core.usage("client: keys of a policy must be names, or 1, 2, 3, ...")
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    parts[#parts + 1] = ("[%q] = %s"):format(name, write(value[name], secrets, levels))
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

-- The text of a value; secrets go beside it, by name.
function write(value, secrets, levels)
  local kind = type(value)
  secrets.values = secrets.values + 1
  if secrets.values > most_values then
    core.usage("client: the policy is longer than 256 KiB; put accounts into a file, and the file's name into policy")
  end
  if kind == "table" then return write_table(value, secrets, levels + 1) end
  if kind == "string" then return (("%q"):format(value):gsub("\\\n", "\\n")) end
  if kind == "number" or kind == "boolean" then return ("%q"):format(value) end
  if core.is_secret(value) then
    secrets.count = secrets.count + 1
    local name = "binding-" .. secrets.count
    secrets.named[name] = value
    return ("thingspace.secret.named(%q)"):format(name)
  end
  core.usage("client: a policy cannot hold a " .. kind .. " there; resolve and listeners are its functions")
end

local function policy_of_table(policy, out)
  local data, secrets = {}, { count = 0, values = 0, named = {} }
  for name, value in pairs(policy) do
    if name == "resolve" or name == "listeners" then
      if type(value) ~= "function" then
        core.usage(("client: %s of a policy must be a function, not a %s"):format(name, type(value)))
      end
      out[name] = value
    elseif type(value) == "function" then
      core.usage(("client: a policy has no function %s%s"):format(name, core.near(tostring(name))))
    else
      data[name] = value
    end
  end
  if data.name == nil then data.name = "policy" end
  out.policy_text = "return " .. write(data, secrets, 0) .. "\n"
  for name, secret in pairs(out.secrets or {}) do secrets.named[name] = secret end
  out.secrets = secrets.named
end

-- Making a client --------------------------------------------------------------------------------

local function settings_of(settings)
  if settings == nil then return nil end
  if type(settings) ~= "table" then core.usage("client: settings must be a table") end
  local list = {}
  for name, value in pairs(settings) do
    list[#list + 1] = type(name) == "string" and name .. "=" .. tostring(value) or value
  end
  table.sort(list, function(a, b) return tostring(a) < tostring(b) end)
  return list
end

local function plugins_of(plugins)
  if plugins == nil then return nil end
  if type(plugins) ~= "table" then core.usage("client: plugins must be a list") end
  local list = {}
  for index, row in ipairs(plugins) do
    for name in pairs(type(row) == "table" and row or {}) do
      if name ~= 1 and name ~= "options" then
        core.usage(("client: a plugin has no %s: plugins = { { FILE, options = {} } }"):format(tostring(name)))
      end
    end
    list[index] = type(row) == "table"
      and tostring(row[1]) .. "," .. core.json.encode(row.options or {}) or row
  end
  return list
end

local function set_policy(out, policy)
  if type(policy) == "table" then
    policy_of_table(policy, out)
  elseif type(policy) == "string" then
    out.policy_file = policy
  elseif policy ~= nil then
    core.usage("client: policy must be the name of a file, or a table, not a " .. type(policy))
  end
end

local function make(options)
  if options == nil then options = {} end
  if type(options) ~= "table" then core.usage("client: options must be a table") end
  local out = {}
  core.check_options(options)
  for name, value in pairs(options) do out[name] = value end
  if options.policy ~= nil and options.policy_text ~= nil then
    core.usage("client: policy and policy_text exclude each other")
  end
  if options.loop ~= nil and options.loop ~= "own" and options.loop ~= "foreign" then
    core.usage('client: loop must be "own" or "foreign"')
  end
  for _, name in ipairs { "raise", "token_cache" } do
    if options[name] ~= nil and type(options[name]) ~= "boolean" then
      core.usage(("client: %s must be true or false, not a %s"):format(name, type(options[name])))
    end
  end
  set_policy(out, options.policy)
  out.settings = settings_of(options.settings)
  out.plugins = plugins_of(options.plugins)
  out.foreign_loop = options.loop == "foreign"
  out.no_token_cache = options.token_cache == false
  out.returns = options.raise == false
  return core.new(out)
end

function thingspace.client(options)
  if type(options) == "table" and options.raise == false then return returned(pcall(make, options)) end
  return make(options)
end

return thingspace
