-- SPDX-License-Identifier: MIT
-- Tests of the scenario's plugin; the last one fails.

local call = { account = "T-1", operation = "list" }

return {
  says_its_team = function(t)
    t.equal(t.run("request", { call = call, options = { team = "blue" } }).request.headers["X-Team"], "blue")
  end,

  says_what_it_does_not = function(t)
    t.equal(t.run("request", { call = call }).request.headers["X-Team"], "green")
  end,
}
