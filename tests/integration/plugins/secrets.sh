#!/bin/bash
# SPDX-License-Identifier: MIT
# Secrets and plugins in a real command: what is left in its memory when it ends, what the audit
# file, the metrics, explain and the trace show, and that no core file is written. Loaded: a script
# that handles the password as hooks may, audit and metrics.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq rev "${CC:=cc}"
SHELL_UNDER_TEST=bash
inside_simulator "$@"
# shellcheck source=tests/integration/plugins/compiled.sh
. "$top_srcdir/tests/integration/plugins/compiled.sh"
ulimit -c unlimited 2>/dev/null

printf 'canary-of-a-listener' >"$work/password"
chmod 600 "$work/password"
cat >"$work/handles.lua" <<'END'
return {
  name = "handles", version = "1.0.0", api = 1,
  capabilities = { "request.headers:write", "request.body:read", "request.body:write", "response.body:read" },
  hooks = {
    request = function(call, request)
      local body = request:json()
      if not body then return end
      request:set_header("X-Body", request:text())
      pcall(request.set_header, request, "X-Password", body.password)
      thingspace.log(request:text(), tostring(body.password), thingspace.json.encode(request:json().name))
      call.vars.seen = tostring(body.password)
      request:set_json(body)
    end,
    check = function(call, request) thingspace.log(request:text()) end,
    response = function(call, response)
      thingspace.log(response:text(), tostring(response:header("VZ-M2M-Token")))
      local list = response:json()
    end,
    error = function(call, failure) thingspace.log(failure.message) end,
    audit = function(event) for _, change in ipairs(event.changes) do thingspace.log(change.field, change.after) end end,
  },
}
END
cat >"$work/policy.lua" <<END
return {
  name = "secrets", accounts = { "A" },
  plugins = {
    { "$(module audit)", options = { file = "audit.jsonl", reads_too = true }, grant = { "request.body:read" } },
    { "$(module metrics)", options = { file = "metrics.prom", interval_ms = 0 } },
    { "$work/handles.lua", grant = { "request.headers:write", "request.body:read", "request.body:write",
                                     "response.body:read" } },
  },
}
END
chmod 600 "$work/policy.lua" "$work/handles.lua"
THINGSPACE_POLICY=$work/policy.lua
export THINGSPACE_POLICY
# Each registration goes elsewhere, so that it is sent.
turn=0
register() {
    turn=$((turn + 1))
    thingspace "$@" register A CarrierService "https://hooks.example.com/$turn" --username u \
        --password-file "$work/password" --replace
}
secrets() {
    printf '%s\n' demo-secret demo-password canary-of-a-listener
    # The bearer and the session of each request so far.
    control GET state | jq -r '.requests[].headers[] |
        select(.[0] | ascii_downcase | . == "authorization" or . == "vz-m2m-token") |
        .[1] | ltrimstr("Bearer ") | ltrimstr("Basic ")' | sort -u
}
# has_none WHAT FILE: none of the secrets is in it
has_none() { is "$1" "" "$(secrets | grep -aoF -f - "$2" | sort -u)"; }

# ---- what it says and writes ----

register -vv >"$work/out" 2>"$work/err"
is "a registration with hooks" 0 "$?"
like "with every step" "*debug: POST *" "$(cat "$work/err")"
like "and what the hooks say" '*"password":"\*\*\*"*' "$(cat "$work/err")"
is "secrets are known by now: those given and those of the service" yes \
    "$([ "$(secrets | wc -l)" -ge 5 ] && echo yes)"
has_none "the trace has no secret" "$work/err"
has_none "the result has none" "$work/out"
fault 'GET /callbacks/* status=400 body="{\"errorCode\":\"X\",\"errorMessage\":\"no\",\"password\":\"canary-of-a-listener\"}"'
thingspace -vv --output json list A >"$work/out" 2>&1
is "a call that fails" 1 "$?"
has_none "an error has none" "$work/out"
faultless
thingspace -vv list A >"$work/out" 2>&1
like "hooks see a list with stars" '*"password":"\*\*\*"*' "$(cat "$work/out")"
has_none "and no password" "$work/out"
fault 'GET /callbacks/* status=200 body="{\"rows\":[{\"Password\":\"canary-of-a-listener\",\"sessionToken\":[\"canary-of-a-listener\"],\"n\":1.0}]}"'
thingspace -vv call A GET '/callbacks/{account}' >"$work/out" 2>"$work/err"
faultless
is "an answer as it is, but for secrets at any depth" '{"rows":[{"Password":"***","sessionToken":["***"],"n":1.0}]}' \
    "$(cat "$work/out")"
has_none "hooks see none of it either" "$work/err"
thingspace --output json plugin explain A register CarrierService https://hooks.example.com/a \
    >"$work/out" 2>&1
is "explain" 0 "$?"
has_none "explain has none" "$work/out"
register --dry-run >"$work/out" 2>&1
has_none "a dry run has none" "$work/out"
is "audit has intents and results" yes "$([ "$(wc -l <"$work/audit.jsonl")" -ge 7 ] && echo yes)"
like "with the body" '*"password":"\*\*\*"*' "$(cat "$work/audit.jsonl")"
has_none "the audit file has none" "$work/audit.jsonl"
like "metrics are written" '*thingspace_calls_total*' "$(cat "$work/metrics.prom")"
has_none "the metrics have none" "$work/metrics.prom"
control GET state | jq -r '.requests[-1].headers[] | select(.[0] == "X-Body") | .[1]' >"$work/out"
has_none "the field that a hook made of the body has none" "$work/out"

# ---- a core file ----

fault 'POST /callbacks/* delay=20000'
(cd "$work" && exec thingspace register A NiddService https://hooks.example.com/a \
    --username u --password-file "$work/password" >"$work/out" 2>"$work/err") &
pid=$!
for _ in $(seq 2000); do
    [ "$(control GET state | jq '[.requests[] | select(.method == "POST" and (.body // "" | tostring |
        contains("NiddService")))] | length')" != 0 ] && break
    sleep 0.05
done
[ "$(id -u)" = 0 ] && prlimit --pid "$pid" --core=unlimited 2>/dev/null
kill -ABRT "$pid"
wait "$pid" 2>/dev/null
is "it was aborted in the middle of a call with hooks" 134 "$?"
is "no core file" "" "$(find "$work" -name 'core*' -type f)"
faultless

# ---- what is left in memory when it ends ----

looked() {
    name=$1
    shift
    : >"$work/found"
    MEMORY_WORDS=$(secrets | rev | tr '\n' ' ') MEMORY_REPORT=$work/found \
        LD_PRELOAD=$work/memory.so "$@" >"$work/out" 2>&1
    is "$name" 0 "$?"
    is "no secret is left in its memory" looked "$(cat "$work/found")"
}

program=$top_builddir/cli/.libs/thingspace
[ -f "$program" ] || program=$top_builddir/cli/thingspace
if ldd "$program" | grep -Eq 'lib(a|t|ub)san'; then
    skip "what is left in memory" "sanitizers keep what was freed"
elif ! "$CC" -shared -fPIC -Wl,-z,now -o "$work/memory.so" "$top_srcdir/tests/integration/plugins/memory.c"; then
    not_ok "the searching program is built"
else
    # The words of the command line stay where the kernel put them: they are found.
    : >"$work/found"
    MEMORY_WORDS=$(echo planted-word | rev) MEMORY_REPORT=$work/found \
        LD_PRELOAD=$work/memory.so thingspace list A --reason planted-word >/dev/null 2>&1
    like "a planted word is found" "*word of 12 bytes that begins with p in *looked" "$(cat "$work/found")"
    looked "a registration with hooks, audit and metrics" register
    looked "a list" thingspace list A
    rm -f "$THINGSPACE_STATE_DIR"/token* "$THINGSPACE_STATE_DIR"/*token*
    looked "a login in between" thingspace -vv list A
    fault 'POST /callbacks/* status=400 body="{\"errorCode\":\"X\",\"errorMessage\":\"canary-of-a-listener\"}"'
    : >"$work/found"
    MEMORY_WORDS=$(secrets | rev | tr '\n' ' ') MEMORY_REPORT=$work/found \
        LD_PRELOAD=$work/memory.so register >"$work/out" 2>&1
    is "a refusal that repeats the password" 1 "$?"
    is "leaves no secret either" looked "$(cat "$work/found")"
    faultless
fi
end
