-- SPDX-License-Identifier: MIT
-- A few words for tests: each prints a line of TAP without a number; run.sh counts them.
local check = {}
local failed = 0

function check.ok(what, good, detail)
  if good then
    print("ok - " .. what)
  else
    failed = failed + 1
    print("not ok - " .. what)
    if detail ~= nil then print("#   " .. tostring(detail):gsub("\n", "\n#   ")) end
  end
  return good
end

function check.is(what, wanted, got)
  return check.ok(what, wanted == got, ("wanted: %s\ngot:    %s"):format(wanted, got))
end

function check.like(what, pattern, text)
  return check.ok(what, tostring(text):find(pattern) ~= nil, ("wanted: %s\ngot:    %s"):format(pattern, text))
end

-- The error of a call that must fail, with that kind.
function check.fails(what, kind, ...)
  local good, err = pcall(...)
  if good then
    check.ok(what, false, "it did not fail")
    return {}
  end
  local is = type(err) == "table" and err.kind
  check.ok(what, is == kind, ("wanted: kind %s\ngot:    %s"):format(kind, err))
  return type(err) == "table" and err or {}
end

-- What the stand-in is told beside the API.
local function control(method, text)
  local url = os.getenv "THINGSPACE_URL" .. "/simulator/faults"
  local good = os.execute(("LD_PRELOAD= curl -sS --noproxy '*' -X %s %s '%s' >/dev/null"):format(method,
    text and "--data-binary '" .. text .. "'" or "", url))
  assert(good, "curl failed")
end

function check.fault(text) control("POST", text) end
function check.faultless() control "DELETE" end

function check.finish() os.exit(failed == 0, true) end

return check
