-- Tests of @NAME@: thingspace plugin test @NAME@_test.lua

local call = { account = "0000123456-00001", operation = "list" }

return {
  sets_the_header = function(t)
    local result = t.run("request", { call = call })
    t.equal(result.verdict, "none")
    t.equal(result.request.headers["X-Plugin"], "@NAME@")
  end,

  takes_its_value_from_the_option = function(t)
    local result = t.run("request", { call = call, options = { value = "blue" } })
    t.equal(result.request.headers["X-Plugin"], "blue")
  end,

  changes_nothing_else = function(t)
    local result = t.run("request", { call = call })
    t.equal(#result.changes, 1)
  end,
}
