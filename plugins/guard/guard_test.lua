-- SPDX-License-Identifier: MIT
-- Run by: thingspace plugin test guard_test.lua

-- The verdict of rules, with what is registered.
local function judge(t, rules, call, request, default)
  return t.run("check", { options = { rules = rules, default = default }, call = call, request = request })
end

local function is_allowed(t, rules, call, request)
  return judge(t, rules, call, request).verdict == "none"
end

local monday_ms = 1699833600000 -- the 13th of November 2023, 00:00 UTC

local function is_open(t, days, from, to, day, minute, offset)
  local window = { days = days, from = from, to = to, utc_offset_minutes = offset }
  return t.run("check", {
    options = { rules = { { allow = true, window = window } } },
    time_ms = monday_ms + (day * 1440 + minute) * 60000,
  }).verdict == "none"
end

local mon, fri, sat, sun = 0, 4, 5, 6

return {
  the_first_rule_that_matches_decides = function(t)
    local rules = {
      { operations = { "list", "dereg*" }, allow = true },
      { accounts = { "0000999*" }, deny = "these are being moved", code = "moving" },
      { operations = { "register" }, services = { "Carrier*" }, allow = true },
    }
    t.check(is_allowed(t, rules, { operation = "list", account = "0000999-1" }))
    t.check(is_allowed(t, rules, { operation = "deregister" }))
    t.check(is_allowed(t, rules, { service = "CarrierService" }))
    local result = judge(t, rules, { account = "0000999-1", service = "CarrierService" })
    t.equal({ result.verdict, result.code }, { "deny", "moving" })
    t.equal(result.text, "rules[2]: these are being moved (register)")
  end,

  what_no_rule_matches_is_denied_unless_the_default_says_otherwise = function(t)
    local rules = { { operations = { "list" }, allow = false } }
    local result = judge(t, rules, { account = "a-1" })
    t.equal({ result.code, result.text }, { "guard", "no rule allows it (register)" })
    t.equal(judge(t, rules, {}, nil, "allow").verdict, "none")
    t.equal(judge(t, rules, { operation = "list" }, nil, "allow").text:sub(1, 21), "rules[1]: not allowed")
  end,

  urls_are_compared_part_by_part = function(t)
    local rules = { { urls = { "https://*.example.com/*", "https://example.com/cb/*" }, allow = true } }
    local cases = {
      ["https://hooks.example.com/a"] = true,
      ["https://HOOKS.example.com:443/a"] = true,
      ["https://example.com/cb/a"] = true,
      ["https://example.com/other"] = false,
      ["https://evil.example/x.example.com/"] = false,
      ["https://evil.example?.example.com/"] = false,
      ["https://me@hooks.example.com/"] = false,
      ["https://example.com/cb/../other"] = false,
      ["http://hooks.example.com/a"] = false,
      ["https://hooks.example.com:8443/a"] = false,
      [""] = false,
    }
    for url, wanted in pairs(cases) do
      t.equal(is_allowed(t, rules, {}, { json = { url = url } }), wanted, url)
    end
    t.check(not is_allowed(t, rules, { operation = "list" }), "without a URL no pattern matches")
  end,

  the_body_counts_and_not_what_was_asked_for = function(t)
    local rules = { { urls = { "https://good.example/*" }, services = { "NiddService" }, allow = true } }
    local call = { url = "https://good.example/", service = "NiddService" }
    t.check(is_allowed(t, rules, call))
    t.check(not is_allowed(t, rules, call, { json = { url = "https://bad.example/", name = "NiddService" } }))
    t.check(not is_allowed(t, rules, call, { json = { url = "https://good.example/", name = "DeviceUsage" } }))
    t.check(is_allowed(t, rules, call, { json = { "a list" } }))
    t.check(not is_allowed(t, rules, call, { json = { endpoint = "https://bad.example/", serviceName = "NiddService" } }))
    t.check(not is_allowed(t, rules, call, { json = { endpoint = "https://good.example/", serviceName = "DeviceUsage" } }))
  end,

  ports = function(t)
    local rules = { { ports = { 443, 8443 }, allow = true } }
    t.check(is_allowed(t, rules, { url = "https://a.example/x" }))
    t.check(is_allowed(t, rules, { url = "https://a.example:8443" }))
    t.check(is_allowed(t, rules, { url = "http://a.example:8443/" }))
    t.check(not is_allowed(t, rules, { url = "http://a.example/x" }))
    t.check(not is_allowed(t, rules, { url = "https://a.example:84/" }))
  end,

  methods_and_paths_of_other_calls = function(t)
    local rules = { { operations = { "call" }, methods = { "GET" }, paths = { "/devices/*" }, allow = true } }
    local function may(method, path)
      return is_allowed(t, rules, { operation = "call" }, { method = method, path = path })
    end
    t.check(may("GET", "/devices/a"))
    t.check(not may("POST", "/devices/a"))
    t.check(not may("GET", "/accounts"))
    t.check(not may("GET", "/x/devices/a"))
    rules[1].methods = { "get", "Del*" }
    t.fresh()
    t.check(may("DELETE", "/devices/a"), "in small letters, too")
    t.check(not may("POST", "/devices/a"))
  end,

  one_reason_is_one_text_for_all_accounts_and_services = function(t)
    local rules = { { operations = { "list" }, allow = true } }
    local one = judge(t, rules, { account = "a-1", service = "CarrierService" })
    local other = judge(t, rules, { account = "a-2", service = "NiddService" })
    t.equal(one.text, other.text)
  end,

  header_fields_that_are_sent = function(t)
    local function may(rule, fields)
      t.fresh()
      return is_allowed(t, { rule }, {}, { headers = fields })
    end
    local rule = { headers = { ["X-Team"] = "blue*", ["x-site"] = "*" }, allow = true }
    t.check(may(rule, { ["x-team"] = "blue-1", ["X-Site"] = "" }), "names without case")
    t.check(not may(rule, { ["X-Team"] = "blue-1" }), "each of them")
    t.check(not may(rule, { ["X-Team"] = "red", ["X-Site"] = "a" }))
    t.check(not may(rule, { ["X-Team"] = "not blue", ["X-Site"] = "a" }), "the whole value")
    t.check(not may(rule, {}), "what was removed matches nothing")
    rule = { headers = { ["X-Debug"] = "*" }, deny = "no debugging" }
    local rules = { rule, { allow = true } }
    t.fresh()
    t.equal(judge(t, rules, {}, { headers = { ["X-Debug"] = "1" } }).text, "rules[1]: no debugging (register)")
    t.check(is_allowed(t, rules, {}, {}))
  end,

  services_of_all_apis_are_known_and_new_ones_have_a_star = function(t)
    local names = { "NiddService", "Location", "DeviceLocation", "BullseyeReporting", "Diagnostics", "Fota", "Weather*" }
    local rules = { { services = names, allow = true } }
    t.check(is_allowed(t, rules, { service = "Fota" }))
    t.check(is_allowed(t, rules, { service = "WeatherService" }))
    t.check(not is_allowed(t, rules, { service = "CarrierService" }))
  end,

  what_is_denied_is_told_with_method_and_path = function(t)
    local call, request = { operation = "call", account = "a-1" }, { method = "PUT", path = "/devices" }
    local result = judge(t, { { operations = { "list" }, allow = true } }, call, request)
    t.equal(result.text, "no rule allows it (call PUT /devices)")
  end,

  stars_alone_are_special = function(t)
    local rules = { { accounts = { "a.b-%d+*" }, allow = true } }
    t.check(is_allowed(t, rules, { account = "a.b-%d+1" }))
    t.check(not is_allowed(t, rules, { account = "a.b-7" }))
    t.check(not is_allowed(t, rules, { account = "axb-%d+1" }))
    rules[1].accounts = { "a-1" }
    t.fresh()
    t.check(is_allowed(t, rules, { account = "a-1" }))
    t.check(not is_allowed(t, rules, { account = "a-12" }), "the whole name")
    t.check(not is_allowed(t, rules, { account = "ba-1" }), "the whole name")
  end,

  dry_runs = function(t)
    local rules = { { dry_run = true, allow = true } }
    t.check(is_allowed(t, rules, { dry_run = true }))
    t.check(not is_allowed(t, rules, { dry_run = false }))
  end,

  windows_of_a_day = function(t)
    t.check(is_open(t, "mon-fri", "08:00", "17:00", mon, 8 * 60))
    t.check(is_open(t, "mon-fri", "08:00", "17:00", fri, 16 * 60 + 59))
    t.check(not is_open(t, "mon-fri", "08:00", "17:00", fri, 17 * 60))
    t.check(not is_open(t, "mon-fri", "08:00", "17:00", mon, 7 * 60 + 59))
    t.check(not is_open(t, "mon-fri", "08:00", "17:00", sat, 12 * 60))
    t.check(is_open(t, "wed,sat", "00:00", "24:00", sat, 12 * 60))
    t.check(is_open(t, "fri-mon", "00:00", "24:00", sun, 12 * 60))
  end,

  windows_over_midnight_belong_to_the_day_they_begin = function(t)
    t.check(is_open(t, "fri", "22:00", "06:00", fri, 23 * 60))
    t.check(is_open(t, "fri", "22:00", "06:00", sat, 5 * 60))
    t.check(not is_open(t, "fri", "22:00", "06:00", sat, 6 * 60))
    t.check(not is_open(t, "fri", "22:00", "06:00", fri, 5 * 60))
    t.check(is_open(t, "sun", "22:00", "06:00", mon, 1 * 60))
  end,

  windows_may_be_in_local_time = function(t)
    t.check(is_open(t, "mon", "08:00", "17:00", mon, 7 * 60, 60), "an hour before UTC")
    t.check(not is_open(t, "mon", "08:00", "17:00", mon, 16 * 60, 60))
    t.check(is_open(t, "sun", "20:00", "24:00", mon, 60, -300), "Sunday there, Monday here")
  end,

  what_is_no_rule_is_refused_at_load = function(t)
    local cases = {
      ["rules%[1%].operations: 'lst' is no operation: register,"] = { operations = { "lst" }, allow = true },
      ["rules%[1%]: there is no 'operation'; there are operations,"] = { operation = { "list" }, allow = true },
      ["needs either allow"] = { operations = { "list" } },
      ["deny and code must be text"] = { deny = true },
      ["rules%[1%].accounts: must be a list"] = { accounts = "0000*", allow = true },
      ["entry 1 is a number"] = { accounts = { 123 }, allow = true },
      ["rules%[1%].urls: 'example.com' is .*not a pattern of URLs"] = { urls = { "example.com" }, allow = true },
      ["rules%[1%].headers: must be a table"] = { headers = {}, allow = true },
      ["'1' is no name of a header field"] = { headers = { "X-Team" }, allow = true },
      ["'X Team' is no name of a header field"] = { headers = { ["X Team"] = "a" }, allow = true },
      ["rules%[1%].headers.X%-Team: is a boolean, not a text"] = { headers = { ["X-Team"] = true }, allow = true },
      ["0 is no port"] = { ports = { 0 }, allow = true },
      ["9001 is no port: it is text"] = { ports = { "9001" }, allow = true },
      ["rules%[1%].services: 'CarierService' is no callback service; did you mean 'CarrierService'%?"] =
        { services = { "CarierService" }, allow = true },
      ["'Weather' is no callback service; for one .* write 'Weather%*'"] = { services = { "Weather" }, allow = true },
      ["65536 is no port"] = { ports = { 65536 }, allow = true },
      ["'monday' is no day"] = { window = { days = "monday" }, allow = true },
      ["rules%[1%].window: days names no day"] = { window = { days = "" }, deny = "frozen" },
      ["'9:00' is no time"] = { window = { from = "9:00" }, allow = true },
      ["'09:60' is no time"] = { window = { from = "09:60" }, allow = true },
      ["'24:01' is no time"] = { window = { to = "24:01" }, allow = true },
      ["'hours' is unknown"] = { window = { hours = "9" }, allow = true },
      ["from and to must differ"] = { window = { from = "09:00", to = "09:00" }, allow = true },
      ["rules%[1%].dry_run: must be true or false"] = { dry_run = "yes", allow = true },
    }
    for pattern, rule in pairs(cases) do
      t.fresh()
      t.fails(judge(t, { rule }), pattern)
    end
    t.fails(judge(t, { { allow = true } }, nil, nil, "maybe"), "not 'maybe'")
    t.fails(judge(t, {}), "rules is empty")
    t.fails(judge(t, { first = { allow = true } }), "must be a list of rules")
  end,
}
