-- SPDX-License-Identifier: MIT
-- Run by: thingspace plugin test rewrite_test.lua

local function run(t, options, call, body)
  call = call or {}
  call.service = call.service or "CarrierService"
  body = body or { name = call.service, url = "https://old.example.com/a", username = "me" }
  return t.run("request", { options = options, call = call, request = { json = body } })
end

return {
  the_url_is_made_of_its_template = function(t)
    local options = { url = "https://hooks.example.com/{account}/{service}?team={tag.team}" }
    local result = run(t, options, { account = "a-1", tags = { team = "blue" } })
    t.equal(result.request.json.url, "https://hooks.example.com/a-1/CarrierService?team=blue")
  end,

  the_url_of_diagnostics_is_called_endpoint = function(t)
    local body = { serviceName = "Diagnostics", endpoint = "https://old.example.com/a" }
    local result = run(t, { url = "https://hooks.example.com/{account}" }, { account = "a-1" }, body)
    t.equal(result.request.json.endpoint, "https://hooks.example.com/a-1")
    t.equal(result.request.json.url, nil)
  end,

  what_is_put_into_a_url_cannot_leave_its_place = function(t)
    local options = { url = "https://hooks.example.com/{tag.team}/x" }
    local result = run(t, options, { tags = { team = "../a/b?c#d é" } })
    t.equal(result.request.json.url, "https://hooks.example.com/..%2Fa%2Fb%3Fc%23d%20%C3%A9/x")
  end,

  username_and_members_are_texts = function(t)
    local options = {
      username = "{account} {tag.team}",
      set = { note = "by {operation}", name = "Other", extra = thingspace.json.null },
    }
    local body = { name = "CarrierService", url = "https://a.example/", extra = 1, kept = { 1 } }
    local result = run(t, options, { account = "a-1", tags = { team = "ä" } }, body)
    t.equal(result.request.json, {
      name = "Other", url = "https://a.example/", username = "a-1 ä", note = "by register", kept = { 1 },
    })
  end,

  hosts_move = function(t)
    local options = { hosts = { ["Old.Example.com"] = "new.example.com", ["b.example:8443"] = "c.example",
      ["d.example:443"] = "e.example", ["d.example"] = "f.example", ["g.example:80"] = "h.example" } }
    local cases = {
      ["https://old.example.com/a?b"] = "https://new.example.com/a?b",
      ["https://OLD.example.com:8443/"] = "https://new.example.com:8443/",
      ["https://b.example:8443/x"] = "https://c.example/x",
      ["https://b.example/x"] = "https://b.example/x",
      ["https://d.example/x"] = "https://e.example/x",
      ["https://d.example:/x"] = "https://e.example/x",
      ["HTTPS://d.example:443/x"] = "HTTPS://e.example/x",
      ["https://d.example:8443/x"] = "https://f.example:8443/x",
      ["http://d.example/x"] = "http://f.example/x",
      ["http://g.example"] = "http://h.example",
      ["https://g.example"] = "https://g.example",
      ["https://not-old.example.com/"] = "https://not-old.example.com/",
      ["https://a.example/old.example.com"] = "https://a.example/old.example.com",
    }
    for before, after in pairs(cases) do
      t.equal(run(t, options, {}, { url = before }).request.json.url, after)
    end
  end,

  a_password_is_passed_on_unseen = function(t)
    local body = { name = "S", url = "https://a.example/", password = t.secret("hidden") }
    local result = run(t, { username = "you" }, {}, body)
    t.equal(type(result.request.json.password), "userdata")
    t.equal(result.request.json.username, "you")
  end,

  only_registrations_of_some_services = function(t)
    local options = { username = "you", only_services = { "S" } }
    t.equal(run(t, options, { service = "S" }).request.json.username, "you")
    t.equal(run(t, options, { service = "T" }).request.json.username, "me")
    t.equal(t.run("request", { options = options, call = { operation = "list" } }).changes, {})
  end,

  services_that_would_never_match_are_refused_at_load = function(t)
    for _, list in ipairs { { a = 1 }, { 1 } } do
      t.fails(run(t, { only_services = list }), "only_services must be a list of texts")
    end
    t.fails(run(t, { only_services = {} }), "only_services is empty")
  end,

  a_value_that_is_no_text_fails_the_call = function(t)
    t.fails(run(t, { username = "{tag.team}" }, { tags = { team = { "a" } } }), "{tag.team} is a table")
    t.equal(run(t, { username = "{tag.size}" }, { tags = { size = 7 } }).request.json.username, "7")
  end,

  a_value_that_is_missing_fails_the_call = function(t)
    t.fails(run(t, { url = "https://a.example/{tag.team}" }), "{tag.team} has no value")
  end,

  what_cannot_be_filled_in_is_refused_at_load = function(t)
    t.fails(run(t, { url = "https://a.example/{acount}" }), "url: there is no {acount}")
    t.fails(run(t, { url = "https://a.example/{account" }), "url: a brace has no other one")
    t.fails(run(t, { username = "account}" }), "username: a brace has no other one")
    t.fails(run(t, { hosts = { ["https://a.example"] = "b.example" } }), "hosts: 'https://a.example' is no host")
    t.fails(run(t, { set = { a = 1 } }), "set.a must be text")
    t.fails(run(t, { set = { "a" } }), "set must name members")
    t.fails(run(t, { hosts = { "a" } }), "hosts must say what to write for which host")
    for _, host in ipairs { true, "", "{account}.example.com", "b.example/c", "me@b.example" } do
      t.fails(run(t, { hosts = { a = host } }), "hosts.a must be a host")
    end
  end,
}
