#!/bin/sh
# SPDX-License-Identifier: MIT
# Ctrl-C in the stock interpreter: a call, a run, a wait and a plan that wait for a service which says
# nothing for minutes end at once, and the client stays usable.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator
here=$top_srcdir/tests/bindings
# shellcheck source=tests/bindings/languages.sh
. "$here/languages.sh"
has_lua || { echo "1..0 # SKIP the Lua binding was not built"; exit 0; }

cat >"$work/head.lua" <<'END'
local thingspace = require "thingspace"
local account = "0000123456-00001"
local patient = { timeout_ms = 600000 }
END

# interrupted WHAT REQUESTS RULE: runs standard input until that many requests are held by the rule
interrupted() {
    cat "$work/head.lua" - >"$work/script.lua"
    fault "$3" >/dev/null
    env ${SANITIZE_PRELOAD:+LD_PRELOAD="$SANITIZE_PRELOAD"} "$LUA_INTERPRETER" "$work/script.lua" >"$work/out" 2>"$work/err" &
    wait_until held "$2"
    kill -INT $!
    wait $!
    is "$1: exit 1" 1 "$?"
    like "$1 is told" "*: interrupted!*" "$(cat "$work/err")"
    faultless >/dev/null
}

interrupted "a call" 1 'GET /callbacks/* delay=600000' <<'END'
thingspace.client():list(account, patient)
END
interrupted "the form that returns" 1 'GET /callbacks/* delay=600000' <<'END'
local client = thingspace.client { raise = false }
local listeners, err = client:list(account, patient)
END
interrupted "run" 2 'GET /callbacks/* delay=600000' <<'END'
local client <close> = thingspace.client()
for _ = 1, 2 do client:async(client.list, client, account, patient) end
client:run()
END
interrupted "wait" 1 'GET /callbacks/* delay=600000' <<'END'
local client = thingspace.client()
client:async(client.list, client, account, patient):wait()
END
interrupted "a coroutine" 1 'GET /callbacks/* delay=600000' <<'END'
local client = thingspace.client()
coroutine.wrap(function() client:list(account, patient) end)()
END

# Hooks and tasks run all the same, and see how their calls end.
interrupted "a run with hooks" 3 'GET /callbacks/*1 delay=600000' <<'END'
local client = thingspace.client()
client:hook("audit", function(event) print("audit", event.kind) end)
for i = 1, 3 do
  client:async(function()
    local ok, err = pcall(client.list, client, ("0000123456-%04d1"):format(i), patient)
    print("task", err.kind)
  end)
end
pcall(client.run, client)
END
is "every task and hook is told" "3 audit	cancelled
3 task	cancelled" "$(sort "$work/out" | uniq -c | sed 's/^ *//')"

interrupted "a client" 1 'GET /callbacks/*1 delay=600000' <<'END'
local client = thingspace.client()
local kind
print(pcall(function()
  local ok, err = pcall(client.list, client, account, patient)
  kind = err.kind
end))
print(#client:list "0000123456-00002", debug.gethook())
error("lua: interrupted!", 0)
END
like "goes on" "false*interrupted!
0*" "$(cat "$work/out")"

# A plan begins nothing more. All of it would take minutes.
interrupted "a plan" 1 'GET /callbacks/* delay=500' <<'END'
local accounts = {}
for i = 1, 10000 do accounts[i] = ("A-%d"):format(i) end
thingspace.client { policy = { accounts = accounts, listeners = function() return { S = { url = "https://hooks.example.com/" } } end } }:plan()
END

# A debugger of the script's own is none of it.
faultless >/dev/null
cat "$work/head.lua" - >"$work/script.lua" <<'END'
local client = thingspace.client()
client:hook("request", function() debug.sethook(function() end, "crl") end)
print(#client:list(account))
debug.sethook(function() end, "crl", 1)
print(#client:list(account), debug.gethook() ~= nil)
END
run lua "$work/script.lua"
is "a debugger of the script's own" "0
0	true" "$out$err"
end
