-- @NAME@: what it does, in a line. The guide is thingspace-plugin(7).
--
--   thingspace plugin check @NAME@.lua
--   thingspace plugin test @NAME@.lua
--   thingspace plugin explain ACCOUNT list --plugin ./@NAME@.lua

local value -- set once, by configure

---@type thingspace.Plugin
return {
  name = "@NAME@",
  version = "0.1.0",
  api = 1,
  capabilities = { "request.headers:write" },
  options = {
    value = { type = "string", default = "@NAME@", doc = "what the header field X-Plugin says" },
  },
  configure = function(options)
    value = options.value
  end,
  hooks = {
    request = function(call, request)
      request:set_header("X-Plugin", value)
    end,
  },
}
