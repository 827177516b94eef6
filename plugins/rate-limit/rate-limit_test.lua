-- SPDX-License-Identifier: MIT
-- Run by: thingspace plugin test rate-limit_test.lua

local function run(t, options, call, method)
  return t.run("request", { options = options, call = call, request = { method = method } })
end

return {
  a_burst_passes_and_the_rest_waits = function(t)
    local options = { rate = 1, burst = 2 }
    t.equal(run(t, options).verdict, "none")
    t.equal(run(t, options).verdict, "none")
    local third, fourth = run(t, options), run(t, options)
    t.equal({ third.verdict, fourth.verdict }, { "wait", "wait" })
    t.check(third.wait_ms > 500 and third.wait_ms <= 1000, "the third waits a second")
    t.check(fourth.wait_ms > 1500 and fourth.wait_ms <= 2000, "the fourth waits two")
  end,

  tokens_grow_again_with_the_time = function(t)
    local function at(time_ms)
      return t.run("request", { time_ms = time_ms, options = { rate = 1, burst = 2 } })
    end
    t.equal(at(0).verdict, "none")
    t.equal(at(0).verdict, "none")
    t.equal(at(0).wait_ms, 1000)
    t.equal(at(1500).wait_ms, 500, "the third's token was taken, half of the fourth's is there")
    t.equal({ at(3600000).verdict, at(3600000).verdict }, { "none", "none" })
    t.equal(at(3600000).wait_ms, 1000, "no more than the burst is saved")
  end,

  each_key_has_a_bucket = function(t)
    local calls = {
      { account = "a-1", endpoint = "e", operation = "register", service = "S" },
      { account = "a-2", endpoint = "f", operation = "deregister", service = "T" },
    }
    for key, second in pairs { account = "none", endpoint = "none", operation = "none", service = "none", all = "wait" } do
      t.fresh()
      local options = { rate = 0.1, key = key }
      t.equal(run(t, options, calls[1]).verdict, "none", key)
      t.equal(run(t, options, calls[2]).verdict, second, key)
      t.equal(run(t, options, calls[1]).verdict, "wait", key)
    end
  end,

  reading_is_free_when_only_changes_count = function(t)
    local options = { rate = 0.1, only_changes = true }
    for _ = 1, 3 do
      t.equal(run(t, options, {}, "GET").verdict, "none")
    end
    t.equal(run(t, options, {}, "POST").verdict, "none")
    t.equal(run(t, options, {}, "DELETE").verdict, "wait")
  end,

  a_wait_that_is_too_long_is_denied_and_costs_nothing = function(t)
    local options = { rate = 1, longest_wait_ms = 1500 }
    t.equal(run(t, options).verdict, "none")
    t.equal(run(t, options).verdict, "wait")
    for _ = 1, 5 do
      local result = run(t, options)
      t.equal({ result.verdict, result.code }, { "deny", "rate-limit" })
      t.check(result.text:find("would wait 1?9?%d%d%d ms") or result.text:find("would wait 2000 ms"), result.text)
    end
  end,

  a_dry_run_takes_nothing = function(t)
    for _ = 1, 3 do
      t.equal(run(t, { rate = 0.1 }, { dry_run = true }).verdict, "none")
    end
  end,

  options_that_make_no_sense_are_refused = function(t)
    t.fails(run(t, {}), "rate")
    t.fails(run(t, { rate = 0 }), "rate must be above 0")
    t.fails(run(t, { rate = 1, burst = 0.5 }), "burst")
    t.fails(run(t, { rate = 1, key = "colour" }), "not 'colour'")
    t.fails(run(t, { rate = 1, longest_wait_ms = -1 }), "longest_wait_ms")
    t.fails(run(t, { rate = 1, longest_wait_ms = 3600001 }), "longest_wait_ms must be")
  end,
}
