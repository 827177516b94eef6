local deny, log <const> = thingspace.deny, thingspace.log
local rules
local function matches(url, patterns)
  for _, pattern in ipairs(patterns) do
    if url:find(pattern) then return true end
  end
  return false
end
local function refuse(call, why, ...)
  log('refused', call.account, why:format(...))
  return deny('not-allowed', why:format(...))
end
local function prepare(options)
  rules = { urls = options.urls, operations = {} }
  for _, operation in ipairs(options.operations) do rules.operations[operation] = true end
end
return {
  name = 'guard', version = '2.1', api = 1,
  options = { urls = { type = 'table' }, operations = { type = 'table' } },
  configure = prepare,
  hooks = {
    check = function(call, request)
      if not rules.operations[call.operation] then
        return refuse(call, 'operation %s', call.operation)
      end
      if call.url and not matches(call.url, rules.urls) then
        return refuse(call, 'URL %s of %s', call.url, request.path)
      end
    end,
  },
}
