-- SPDX-License-Identifier: MIT
-- Run by: thingspace plugin test headers_test.lua

local function run(t, options, call, request)
  return t.run("request", { options = options, call = call, request = request })
end

return {
  fields_are_set_from_templates = function(t)
    local options = { set = { ["X-A"] = "{account}/{operation}", ["X-B"] = "{tag.team} {service}" } }
    local call = { account = "a-1", service = "CarrierService", tags = { team = "blue" } }
    local headers = run(t, options, call).request.headers
    t.equal(headers["X-A"], "a-1/register")
    t.equal(headers["X-B"], "blue CarrierService")
  end,

  a_template_without_a_value_leaves_its_field_alone = function(t)
    local options = { set = { ["X-A"] = "{service}", ["X-B"] = "{tag.team} {account}", ["X-C"] = "{setting.x}" } }
    local result = run(t, options, { operation = "list" }, { headers = { ["X-A"] = "before" } })
    t.equal(result.request.headers["X-A"], "before")
    t.equal(result.changes, {})
  end,

  text_without_braces_is_sent_as_it_is = function(t)
    t.equal(run(t, { set = { ["X-A"] = "100 % of it" } }).request.headers["X-A"], "100 % of it")
  end,

  fields_are_removed_first = function(t)
    local options = { remove = { "x-a", "x-b" }, set = { ["X-B"] = "new" } }
    local result = run(t, options, nil, { headers = { ["X-A"] = "1", ["X-B"] = "2" } })
    t.equal(result.request.headers["X-A"], nil)
    t.equal(result.request.headers["X-B"], "new")
  end,

  only_some_operations_and_services = function(t)
    local options = { set = { ["X-A"] = "1" }, only_operations = { "register" }, only_services = { "S" } }
    local function is_set(call)
      return run(t, options, call).request.headers["X-A"] ~= nil
    end
    t.check(is_set { operation = "register", service = "S" })
    t.check(not is_set { operation = "deregister", service = "S" })
    t.check(not is_set { operation = "register", service = "T" })
    t.check(not is_set { operation = "register" })
  end,

  what_cannot_be_filled_in_is_refused_at_load = function(t)
    t.fails(run(t, { set = { ["X-A"] = "{acount}" } }), "there is no {acount}")
    t.fails(run(t, { set = { ["X-A"] = 1 } }), "must be text")
    t.fails(run(t, { set = { "X-A" } }), "set must name header fields")
    t.fails(run(t, { sets = {} }), "did you mean 'set'")
    for _, template in ipairs { "{tag.x", "tag.x}", "{account} {", "}{" } do
      t.fails(run(t, { set = { ["X-A"] = template } }), "set.X%-A: a brace has no other one")
    end
  end,

  lists_that_would_never_match_are_refused_at_load = function(t)
    local function refused(options, pattern)
      t.fails(run(t, options), pattern)
      t.fresh()
    end
    refused({ only_operations = { "delete" } }, "only_operations: 'delete' is no operation: register,")
    for _, list in ipairs { { a = 1 }, { 1 }, { { "list" } } } do
      refused({ only_operations = list }, "only_operations must be a list of texts")
      refused({ only_services = list }, "only_services must be a list of texts")
    end
    refused({ only_operations = {} }, "only_operations is empty")
    refused({ only_services = {} }, "only_services is empty")
    refused({ remove = { a = "X-A" } }, "remove must be a list")
    refused({ remove = { 1 } }, "remove must be a list")
  end,

  fields_that_can_never_be_set_are_refused_at_load = function(t)
    for _, name in ipairs { "Authorization", "VZ-M2M-Token", "host", "TE", "Content-Length" } do
      t.fails(run(t, { set = { [name] = "x" } }), "set by the library alone")
      t.fails(run(t, { remove = { name } }), "set by the library alone")
      t.fresh()
    end
    for _, name in ipairs { "X A", "", "X:", "Ä" } do
      t.fails(run(t, { set = { [name] = "x" } }), "is no name of a header field")
    end
  end,

  what_cannot_be_sent_fails_the_call = function(t)
    t.fails(run(t, { set = { ["X-A"] = "{tag.team}" } }, { tags = { team = "a\r\nX-B: 1" } }), "line break")
    t.fails(run(t, { set = { ["X-A"] = "{tag.team}" } }, { tags = { team = { "a" } } }), "{tag.team} is a table")
  end,
}
