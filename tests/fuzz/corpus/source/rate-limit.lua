local M = { name = 'rate-limit', version = '1.0.0', api = 1 }
M.options = { rate = { type = 'number', default = 10 }, burst = { type = 'integer', default = 20 } }
local rate, burst = 10, 20
function M.configure(options)
  rate, burst = options.rate, options.burst
end
M.hooks = {}
function M.hooks.request(call)
  local ms = thingspace.take(call.account, rate, burst)
  if ms > 0 then
    local verdict = thingspace.wait(ms)
    return verdict
  end
end
return M
