-- SPDX-License-Identifier: MIT
-- Who may do what, and when. Rules are tried from the top, the first that matches decides; what
-- none matches is denied, unless `default` says otherwise.
--
--   { "guard", grant = { "request.body:read" }, options = { rules = {
--     { operations = { "list" }, allow = true },
--     { accounts = { "0000999*" }, deny = "these accounts are being moved" },
--     { operations = { "register" }, urls = { "https://*.example.com/*" },
--       window = { days = "mon-fri", from = "08:00", to = "17:00" }, allow = true },
--   } } },
--
-- A rule matches when all that it names does: of each list one pattern, in which * stands for any
-- text. The guard looks at what is really sent, after all plugins have changed it.

local rules, allowed_by_default

-- --- Reading rules: all mistakes are found at load ---

local function fail(place, format, ...)
  error(place .. ": " .. format:format(...), 0)
end

-- "0000*" as a pattern of Lua.
local function glob(text)
  return "^" .. text:gsub("[^%w*]", "%%%0"):gsub("%*", ".*") .. "$"
end

local function texts(place, list, make)
  if type(list) ~= "table" or #list == 0 then
    fail(place, 'must be a list of texts, as in { "list" }')
  end
  local made = {}
  for i, text in ipairs(list) do
    if type(text) ~= "string" then
      fail(place, "entry %d is a %s, not a text", i, type(text))
    end
    made[i] = make(text)
  end
  return made
end

local function patterns(place, list)
  return texts(place, list, glob)
end

-- Methods are sent in capital letters: `delete` would never match.
local function methods(place, list)
  return texts(place, list, function(text) return glob(text:upper()) end)
end

local known_operations = { "register", "list", "deregister", "call" }

-- A rule for an operation that does not exist would never match.
local function operations(place, list)
  return texts(place, list, function(text)
    local pattern = glob(text)
    for _, name in ipairs(known_operations) do
      if name:find(pattern) then
        return pattern
      end
    end
    fail(place, "'%s' is no operation: %s", text, table.concat(known_operations, ", "))
  end)
end

-- --- Names of services: one that is misspelt would never match ---

-- Of the other APIs, which thingspace.services leaves out.
local other_services = { "Location", "DeviceLocation", "BullseyeReporting", "Diagnostics", "Fota" }

-- How many letters must be changed, added or removed, by the classic table.
local function edits(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local corner = row[0]
    row[0] = i
    for j = 1, #b do
      local replaced = corner + (a:byte(i) == b:byte(j) and 0 or 1)
      corner = row[j]
      row[j] = math.min(replaced, row[j] + 1, row[j - 1] + 1)
    end
  end
  return row[#b]
end

local function nearest_service(name)
  local found, least = nil, 4
  for _, known in ipairs(thingspace.services) do
    local count = edits(name:lower(), known:lower())
    if count < least and count * 2 < #known then
      found, least = known, count
    end
  end
  return found
end

local function is_service(name)
  for _, list in ipairs { thingspace.services, other_services } do
    for _, known in ipairs(list) do
      if known == name then
        return true
      end
    end
  end
  return false
end

-- A star says that the name is meant as it is.
local function services(place, list)
  return texts(place, list, function(name)
    if not name:find("*", 1, true) and not is_service(name) then
      local near = #name < 64 and nearest_service(name)
      fail(place, "'%s' is no callback service; %s", name,
        near and "did you mean '" .. near .. "'?" or "for one that is not in the catalogue write '" .. name .. "*'")
    end
    return glob(name)
  end)
end

local function urls(place, list)
  return texts(place, list, function(pattern)
    local good, reason = pcall(thingspace.url_matches, pattern, "")
    return good and pattern or fail(place, "'%s' is %s", pattern, reason)
  end)
end

local function ports(place, list)
  if type(list) ~= "table" or #list == 0 then
    fail(place, "must be a list of numbers")
  end
  local made = {}
  for _, port in ipairs(list) do
    if math.type(port) ~= "integer" or port < 1 or port > 65535 then
      local hint = type(port) == "string" and ": it is text, write it without quotes" or ""
      fail(place, "%s is no port%s", tostring(port), hint)
    end
    made[#made + 1] = ("https://*:%d/*"):format(port)
    made[#made + 1] = ("http://*:%d/*"):format(port)
  end
  return made
end

-- From the name of a field to the pattern of its value; what is absent matches none.
local function headers(place, fields)
  if type(fields) ~= "table" or next(fields) == nil then
    fail(place, 'must be a table, as in { ["X-Team"] = "blue*" }')
  end
  local made = {}
  for name, value in pairs(fields) do
    if type(name) ~= "string" or not name:find("^[%w!#$%%&'*+.^_`|~-]+$") then
      fail(place, "'%s' is no name of a header field", tostring(name))
    elseif type(value) ~= "string" then
      fail(place .. "." .. name, "is a %s, not a text", type(value))
    end
    made[name] = glob(value)
  end
  return made
end

local function flag(place, value)
  if type(value) ~= "boolean" then
    fail(place, "must be true or false")
  end
  return value
end

-- --- Maintenance windows ---

local day_names = { mon = 0, tue = 1, wed = 2, thu = 3, fri = 4, sat = 5, sun = 6 }

local function day_of(place, name)
  return day_names[name] or fail(place, "'%s' is no day: mon, tue, wed, thu, fri, sat, sun", name)
end

-- "mon-wed,sat" as a set of numbers; "fri-mon" goes over the week's end.
local function days_of(place, text)
  local days = {}
  for part in text:gmatch("[^,]+") do
    local first, last = part:match("^(%a+)%-(%a+)$")
    local day = day_of(place, first or part)
    local after = (day_of(place, last or part) + 1) % 7
    repeat
      days[day] = true
      day = (day + 1) % 7
    until day == after
  end
  return next(days) and days or fail(place, "days names no day")
end

-- "17:30" as minutes of the day.
local function minutes_of(place, text)
  local hours, minutes = text:match("^(%d%d):(%d%d)$")
  local sum = hours and tonumber(hours) * 60 + tonumber(minutes)
  if not sum or sum > 1440 or tonumber(minutes) > 59 then
    fail(place, "'%s' is no time: 00:00 to 24:00", text)
  end
  return math.tointeger(sum)
end

local function window(place, value)
  local known = { days = "mon-sun", from = "00:00", to = "24:00", utc_offset_minutes = 0 }
  if type(value) ~= "table" then
    fail(place, "must be a table of days, from, to, utc_offset_minutes")
  end
  for name, given in pairs(value) do
    if known[name] == nil or type(given) ~= type(known[name]) then
      fail(place, "'%s' is unknown or of the wrong type", name)
    end
    known[name] = given
  end
  local made = {
    days = days_of(place, known.days),
    from = minutes_of(place, known.from),
    to = minutes_of(place, known.to),
    offset = known.utc_offset_minutes,
  }
  if math.type(made.offset) ~= "integer" or made.from == made.to then
    fail(place, "from and to must differ, and utc_offset_minutes be an integer")
  end
  return made
end

-- A window that ends before it begins ends on the day after.
local function is_open(made)
  local minutes = thingspace.time_ms() // 60000 + made.offset
  local day, minute = (minutes // 1440 + 3) % 7, minutes % 1440 -- day 0 of 1970 was a Thursday
  if made.from < made.to then
    return made.days[day] and minute >= made.from and minute < made.to
  end
  return made.days[day] and minute >= made.from or made.days[(day - 1) % 7] and minute < made.to
end

-- --- Conditions: how each is read, and when it matches ---

local function any(list, value)
  for _, pattern in ipairs(list) do
    if value and value:find(pattern) then
      return true
    end
  end
  return false
end

local function any_url(list, url)
  for _, pattern in ipairs(list) do
    if url and thingspace.url_matches(pattern, url) then
      return true
    end
  end
  return false
end

local function all_fields(fields, seen)
  for name, pattern in pairs(fields) do
    local value = seen.request:header(name)
    if not (value and value:find(pattern)) then
      return false
    end
  end
  return true
end

local conditions = {
  operations = { operations, function(list, seen) return any(list, seen.operation) end },
  accounts = { patterns, function(list, seen) return any(list, seen.account) end },
  services = { services, function(list, seen) return any(list, seen.service) end },
  methods = { methods, function(list, seen) return any(list, seen.method) end },
  paths = { patterns, function(list, seen) return any(list, seen.path) end },
  urls = { urls, function(list, seen) return any_url(list, seen.url) end },
  ports = { ports, function(list, seen) return any_url(list, seen.url) end },
  headers = { headers, all_fields },
  window = { window, is_open },
  dry_run = { flag, function(wanted, seen) return wanted == seen.dry_run end },
}

local condition_names = "operations, accounts, services, methods, paths, urls, ports, headers, window, dry_run"

local function read_rule(place, row)
  if type(row) ~= "table" then
    fail(place, "must be a table")
  end
  local rule = { place = place, code = row.code or "guard", checks = {} }
  for name, value in pairs(row) do
    local condition = conditions[name]
    if condition then
      rule.checks[#rule.checks + 1] = { condition[2], condition[1](place .. "." .. name, value) }
    elseif name ~= "allow" and name ~= "deny" and name ~= "code" then
      fail(place, "there is no '%s'; there are %s, allow, deny and code", tostring(name), condition_names)
    end
  end
  if (row.allow == nil) == (row.deny == nil) then
    fail(place, "needs either allow = true, allow = false or deny = \"why\"")
  elseif row.deny ~= nil and type(row.deny) ~= "string" or type(rule.code) ~= "string" then
    fail(place, "deny and code must be text")
  end
  rule.allow = row.allow ~= nil and flag(place .. ".allow", row.allow)
  rule.reason = row.deny or "not allowed"
  return rule
end

local function matches(rule, seen)
  for _, check in ipairs(rule.checks) do
    if not check[1](check[2], seen) then
      return false
    end
  end
  return true
end

local function text(value)
  return type(value) == "string" and value or nil
end

-- What plugins made of the body counts, not what was asked for. The diagnostics API has other names.
local function look_at(call, request)
  local body = request:json()
  body = type(body) == "table" and body or {}
  return {
    operation = call.operation,
    account = call.account,
    service = text(body.name) or text(body.serviceName) or call.service,
    url = text(body.url) or text(body.endpoint) or call.url,
    method = request.method,
    path = request.path,
    dry_run = call.dry_run,
    request = request,
  }
end

local function describe(seen)
  return seen.operation == "call" and ("call %s %s"):format(seen.method, seen.path) or seen.operation
end

return {
  name = "guard",
  version = "1.0.0",
  api = 1,
  capabilities = { "request.body:read" },
  options = {
    rules = { type = "table", required = true, doc = "list of rules; the first that matches decides" },
    default = { type = "string", default = "deny", doc = "allow or deny: what no rule matches" },
  },

  configure = function(options)
    if options.default ~= "allow" and options.default ~= "deny" then
      return nil, "default must be allow or deny, not '" .. options.default .. "'"
    end
    allowed_by_default = options.default == "allow"
    rules = {}
    for i, row in ipairs(options.rules) do
      rules[i] = read_rule("rules[" .. i .. "]", row)
    end
    if next(options.rules) == nil then
      return nil, "rules is empty: say what is allowed, or leave the guard out"
    elseif #rules == 0 or next(options.rules, #rules) ~= nil then
      return nil, "rules must be a list of rules"
    end
  end,

  -- Account and service are in the error anyhow, method and path of a call are not. One reason for
  -- many is one text.
  hooks = {
    check = function(call, request)
      local seen = look_at(call, request)
      for _, rule in ipairs(rules) do
        if matches(rule, seen) then
          if rule.allow then
            return
          end
          return thingspace.deny(rule.code, ("%s: %s (%s)"):format(rule.place, rule.reason, describe(seen)))
        end
      end
      if not allowed_by_default then
        return thingspace.deny("guard", ("no rule allows it (%s)"):format(describe(seen)))
      end
    end,
  },
}
