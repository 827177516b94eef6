-- SPDX-License-Identifier: MIT
local wanted = {}
return {
  name = 'headers', version = '1.0.0', api = 1,
  capabilities = { 'request.headers:write' },
  options = { set = { type = 'table', required = true, doc = 'header -> value' },
              remove = { type = 'table', default = {}, doc = 'headers' } },
  configure = function(options)
    for name, value in pairs(options.set) do
      assert(type(value) == 'string', 'set.' .. name .. ' must be text')
      wanted[#wanted + 1] = { name = name, value = value }
    end
    table.sort(wanted, function(a, b) return a.name < b.name end)
  end,
  hooks = { request = function(call, request)
    for _, header in ipairs(wanted) do request:set_header(header.name, header.value) end
  end },
}
