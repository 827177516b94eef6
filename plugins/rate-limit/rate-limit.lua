-- SPDX-License-Identifier: MIT
-- Spreads calls over time: a bucket of tokens for each account (or operation, service, or for all).
-- A call that finds none waits for the next one without blocking the others.
--
--   { "rate-limit", options = { rate = 5, burst = 20, only_changes = true, longest_wait_ms = 10000 } },
--
-- Buckets live as long as the process that holds the plugin.

local settings

return {
  name = "rate-limit",
  version = "1.0.0",
  api = 1,
  options = {
    rate = { type = "number", required = true, doc = "calls a second" },
    burst = { type = "number", default = 1, doc = "calls that may come at once" },
    key = { type = "string", default = "account", doc = "what has a bucket: account, endpoint, operation, service, or all together" },
    only_changes = { type = "boolean", default = false, doc = "do not count what only reads (GET)" },
    longest_wait_ms = { type = "integer", default = 30000, doc = "a call that would wait longer is denied" },
  },

  configure = function(options)
    local keys = { account = true, endpoint = true, operation = true, service = true, all = true }
    if not keys[options.key] then
      return nil, "key must be account, endpoint, operation, service or all, not '" .. options.key .. "'"
    elseif options.rate <= 0 or options.burst < 1 then
      return nil, "rate must be above 0, and burst at least 1"
    elseif options.longest_wait_ms < 0 or options.longest_wait_ms > 3600000 then
      return nil, "longest_wait_ms must be 0 to 3600000, an hour"
    end
    settings = options
  end,

  hooks = {
    request = function(call, request)
      if settings.only_changes and request.method == "GET" then
        return
      end
      local key = settings.key == "all" and "all" or call[settings.key] or ""
      local wait = thingspace.take(key, settings.rate, settings.burst, settings.longest_wait_ms)
      if wait > settings.longest_wait_ms then
        return thingspace.deny("rate-limit", ("more than %s calls a second for %s: the next one would wait %d ms"):format(
          settings.rate, key, wait))
      elseif wait > 0 then
        return thingspace.wait(wait)
      end
    end,
  },
}
