local handlers = {}
for _, name in ipairs({ 'register', 'list' }) do
  handlers[name] = function(request) request:set_header('X-Operation', name) end
end
return {
  name = 'chosen', version = '1', api = 1,
  capabilities = { 'request.headers:write' },
  hooks = { request = function(call, request)
    local handler = handlers[call.operation]
    if handler then return handler(request) end
  end },
}
