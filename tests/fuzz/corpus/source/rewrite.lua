local json, state = thingspace.json, thingspace.state
local names = {}
for name in ('a b c'):gmatch('%a') do names[name] = true end
('x y'):gsub('%a', function(letter) names[#names + 1] = letter end)
local function rewrite(body)
  if type(body) ~= 'table' then return nil end
  body.url = body.url and body.url:gsub('^http:', 'https:') or json.null
  return body
end
return {
  name = 'rewrite', version = '0.1', api = 1,
  capabilities = { 'request.body:read', 'request.body:write', 'request:reply',
                   'response.body:read', 'error:write' },
  hooks = {
    request = function(call, request)
      local ok, body = pcall(request.json, request)
      if not ok then return nil, 'unreadable body' end
      local changed = rewrite(body)
      if changed then request:set_json(changed) end
      call.vars.seen = (call.vars.seen or 0) + 1
      if call.tags.cached == 'yes' and state:get(call.account) then
        return thingspace.reply { status = 200, json = json.decode(state:get(call.account)) }
      end
    end,
    response = function(call, response)
      local copy = response:json()
      if response.status == 200 and copy then state:set(call.account, json.encode(copy)) end
      state:add('answers', 1)
    end,
    error = function(call, failure)
      if failure.kind == 'timeout' then
        failure:set_message(('%s after %d attempts'):format(failure.message, call.attempt))
      end
    end,
    audit = function(event)
      for i, attempt in ipairs(event.attempts) do thingspace.log(i, attempt.what) end
    end,
  },
}
