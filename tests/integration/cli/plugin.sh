#!/bin/sh
# SPDX-License-Identifier: MIT
# plugin new, check, list, explain, test: what they print, as text and as JSON, and what they refuse.
. "$top_srcdir/tests/integration/lib.sh"
need jq
unset THINGSPACE_URL THINGSPACE_KEY_FILE
THINGSPACE_KEY=key
export THINGSPACE_KEY
cd "$work" || exit 99

# new
run thingspace plugin new team
exits "new" 0
is "tells what it wrote" "wrote  team.lua
wrote  team_test.lua" "$out"
run thingspace plugin check team.lua
exits "the skeleton passes its check" 0
like "which says what it is" "team.lua: team 0.1.0 is good; hooks: request; capabilities: request.headers:write" "$out"
run thingspace plugin test team.lua
exits "and its test" 0
like "in TAP" "ok 1 - team.lua: *1..3" "$out"
run thingspace plugin test team
exits "which the plugin's name finds, too" 0
cp team.lua before.lua
run thingspace plugin new team
exits "a file that is there is not overwritten" 9
if cmp -s team.lua before.lua; then ok "it is as it was"; else not_ok "it is as it was"; fi
mkdir half && echo mine >half/team_test.lua
run thingspace plugin new team --in half
exits "neither is the test" 9
is "and nothing is left behind" "team_test.lua" "$(ls half)"
for name in Team 1team "" team.lua ../team a_b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; do
    run thingspace plugin new "$name"
    exits "'$name' is no name" 2
done
run thingspace plugin new other --in nowhere
exits "a folder that is not there" 9
run thingspace plugin new other --in half --output json
json "in JSON" '. == {name: "other", files: ["half/other.lua", "half/other_test.lua"]}' "$out"
run thingspace plugin new other --data x
exits "options of other actions" 2

# new --c
run thingspace plugin new quick --c
exits "new --c" 0
mkdir bin
printf '#!/bin/sh\n[ "$*" = "--variable=includedir thingspace" ] && echo "%s/core/include"\n' "$top_srcdir" >bin/pkg-config
chmod +x bin/pkg-config
sed -n 's/^ \*   \(cc .*\)/\1/p' quick.c >build.sh
if PATH=$work/bin:$PATH sh ./build.sh 2>build.err && [ ! -s build.err ]; then
    ok "the command in its comment builds it"
else
    not_ok "the command in its comment builds it" "$(cat build.sh build.err)"
fi
# A process with a sanitizer loads what was built without one.
run thingspace plugin check ./quick.so
exits "it passes its check" 0
like "which tells its manifest" "./quick.so: quick 0.1.0 is good; hooks: request; *" "$out"
run thingspace plugin test quick.so
exits "and its test" 0
like "in TAP" "ok 1 - quick.so: *1..3" "$out"

cat >say.c <<'END'
#include <thingspace/plugin.h>
static int say(void *self, thingspace_hook *hook)
{
    (void)self;
    thingspace_hook_log(hook, "count: 1");
    return 0;
}
THINGSPACE_PLUGIN(.name = "say", .version = "1", .check = say)
END
cat >say_test.lua <<'END'
return { says = function(t) t.equal(t.run("check").log, { "count: 1" }) end }
END
if ${CC:-cc} -shared -fPIC "-I$top_srcdir/core/include" -o say.so say.c; then
    run thingspace plugin test say.so
    exits "its lines in the log of a test are those of its hooks" 0
fi

# check
cat >bad.lua <<'END'
return { name = "bad", version = "1", api = 1, hooks = {
  check = function(call, request)
    thingspace.deny("no", "never")
    request:set_header("A", "b")
  end,
  response = function(call, response) print(response.state) end,
} }
END
run thingspace plugin check bad.lua
exits "findings" 3
like "file, line, severity, message, rule" "bad.lua:3: error: *return thingspace.deny(...) \[verdict-not-returned\]*" "$out"
like "another" "*bad.lua:4: error: *final in check*" "$out"
like "and another" "*bad.lua:6: error: *print*thingspace.log*" "$out"
like "the error tells how many" "thingspace: plugin: bad.lua: * errors, the first: *" "$err"
run thingspace plugin check bad.lua --output json
json "in JSON" '.file == "bad.lua" and .name == "bad" and .hooks == ["check", "response"] and
    (.findings[0] | .line == 3 and .severity == "error" and .rule == "verdict-not-returned")' "$out"
json "with file and line in the error" '.error | .kind == "plugin" and .file == "bad.lua" and .line == 3' "$err"
run thingspace plugin check team.lua bad.lua --output json
exits "several" 3
json "are an array" 'map(.name) == ["team", "bad"]' "$out"
json "the error sums up" '.error.message == "1 of 2 plugins failed" and (.error.errors | length) == 1' "$err"
echo 'local unused = 1 count = 1 return { name = "w", version = "1", api = 1, hooks = {} }' >warned.lua
run thingspace plugin check warned.lua
exits "warnings alone" 0
like "are printed" "warned.lua:1: warning: *" "$out"
echo 'while true do end' >endless.lua
run thingspace plugin check endless.lua
exits "it is not run" 3
echo 'return {' >broken.lua
run thingspace plugin check broken.lua
exits "no Lua" 3
like "where" "broken.lua:*: error: *\[syntax\]" "$out"
run thingspace plugin check team.lua team_test.lua
exits "a test among plugins" 0
like "is told to be one" "*team_test.lua: a test; *" "$out"
echo 'return {' >broken_test.lua
run thingspace plugin check broken_test.lua
exits "but its syntax is looked at" 3
rm broken_test.lua
run thingspace plugin check quick.c
exits "a source" 3
like "is to be compiled" "*quick.c is to be compiled first*" "$err"
run thingspace plugin check none.lua
exits "a file that is not there" 9
run thingspace plugin check none.so
exits "or no shared object" 9
echo x >fake.so
run thingspace plugin check fake.so
exits "a file that is none" 3
like "why" "fake.so: error: *\[load\]" "$out"
printf 'return "\033[31m' >escape.lua
run thingspace plugin check escape.lua
unlike "control characters are escaped" "*$(printf '\033')*" "$out$err"
run thingspace plugin check
exits "no file" 2

# list and explain
cat >step.lua <<'END'
local value
return { name = "step", version = "1.0", api = 1, capabilities = { "request.headers:write" },
  options = { value = { type = "string", required = true } },
  configure = function(options) value = options.value end,
  hooks = { request = function(call, request) request:set_header("X-Step", value) end } }
END
cat >last.lua <<'END'
return { name = "last", version = "2.0", api = 1, capabilities = { "request.body:read" }, hooks = {
  check = function(call, request)
    if call.url == "https://no.example.com/" then return thingspace.deny("no", "not there") end
    if call.url == "https://broken.example.com/" then error("broken") end
  end,
  audit = function(event) end } }
END
cat >five.lua <<'END'
local rows = { { "last.lua", grant = { "request.body:read" } } }
for i = 1, 5 do
  rows[#rows + 1] = { "step.lua", name = "step-" .. i, priority = 100 - i,
                      options = { value = "v" .. i }, grant = { "request.headers:write" } }
end
return { name = "five", accounts = { "A" }, plugins = rows }
END
run thingspace plugin list --policy five.lua
exits "list" 0
like "instances" "last	last	2.0		fail	check, audit	request.body:read	*last.lua*" "$out"
like "the order, and why" "*request:
  1. step-5  priority 95, row 6
  2. step-4 *
  5. step-1 *check:
  1. last *" "$out"
run thingspace plugin list --policy five.lua --output json
json "in JSON" '(.instances | length) == 6 and
    (.order[] | select(.phase == "request") | .instances | map(.instance)) ==
    ["step-5", "step-4", "step-3", "step-2", "step-1"]' "$out"
run thingspace plugin list --policy five.lua --plugin ./team.lua
like "a plugin of the command line" "*team    priority 5000 (the default), from --plugin*" "$out"
on_terminal() { TERM=xterm script -qec "stty cols 80; $1" /dev/null </dev/null | tr -d '\r'; }
escape=$(printf '\033')
cat >every.lua <<'END'
return { name = "every", version = "1", api = 1,
  capabilities = { "request.headers:write", "request.query:write", "request.body:read",
    "request.body:write", "request:reply" },
  hooks = { request = function() end, check = function() end, response = function() end,
    error = function() end, audit = function() end, accept = function() end,
    message = function() end, deliver = function() end } }
END
mkdir tenants
echo 'return { plugins = { { "./team.lua" } } }' >tenants/acme.lua
echo 'return {}' >tenants/bolt.lua
cat >wide.lua <<'END'
local all = { "request.headers:write", "request.query:write", "request.body:read",
  "request.body:write", "request:reply" }
return { name = "wide", accounts = { "A" },
  plugins = { { "./every.lua", name = "an-instance-with-a-long-name", grant = all } },
  tenants = {
    acme = { script = "tenants/acme.lua", accounts = { "1-*" },
      plugins = { ["./team.lua"] = { "request.headers:write" } } },
    bolt = { script = "tenants/bolt.lua", accounts = { "2-*" } } } }
END
if has_terminals; then
    text=$(on_terminal 'thingspace plugin list --policy wide.lua')
    is "on a terminal nothing but a file is wider than it" "" \
        "$(printf '%s\n' "$text" | grep '.\{81\}' | grep -v '^    file: ')"
    like "what an instance may stands below it" "*INSTANCE *ON ERROR*
    hooks: request, check,*
    capabilities: request.headers:write,*
                  request.body:write, request:reply
    file: */every.lua
team *acme *" "$text"
    like "what holds for a phase is said once" "*response, last one first:
  1. an-instance-with-a-long-name  priority 5000 (the default), row 1
*" "$text"
    like "of a tenant only what is its own" "*request (tenant acme), the operator's before the tenant's:
  1. an-instance-with-a-long-name  priority 5000 (the default), row 1
  2. team                          priority 5000 (the default), row 1, its own
other phases (tenant acme): the operator's alone

all phases (tenant bolt): the operator's alone" "$text"
    text=$(on_terminal 'thingspace plugin explain A list --policy five.lua')
    like "a changed field is bold" "*$escape[[]1mrequest.headers.X-Step$escape[[]0m: (none) -> v5*" "$text"
    text=$(on_terminal 'thingspace plugin explain A register CarrierService https://no.example.com/ --policy five.lua')
    like "a denial is red" "*check  $escape[[]31mdeny$escape[[]0m  *" "$text"
    unlike "NO_COLOR" "*$escape*" \
        "$(on_terminal 'NO_COLOR=1 thingspace plugin explain A list --policy five.lua')"
else
    skip "plugin list on a terminal" "script is not installed"
fi
run thingspace plugin explain A list --policy five.lua --color always
like "--color always without a terminal" "*$escape*" "$out"
run thingspace plugin list
exits "no plugins" 0
is "print nothing" "" "$out"

run thingspace plugin explain A list --policy five.lua
exits "explain" 0
like "each hook, what it changed" "list on A

  1. step-5 (step)  request  continues  * us
     request.headers.X-Step: (none) -> v5
  2. step-4 (step)  request  continues  * us
     request.headers.X-Step: v5 -> v4
*  6. last (last)  check  continues  *" "$out"
like "the final request" "*final request
GET https://*/callbacks/A
*X-Step: v1
*Authorization: Bearer \*\*\*
*" "$out"
like "which hook changed this header" "*who changed what
request.headers.X-Step: step-1, after step-5, step-4, step-3, step-2" "$out"
cat >clock.lua <<'END'
return { name = "clock", version = "1", api = 1, hooks = { check = function()
  return thingspace.deny("now", tostring(thingspace.time_ms())) end } }
END
# at TIME MS: hooks are told that time.
at() {
    run thingspace plugin explain A list --plugin ./clock.lua --output json --time "$1"
    json "explain --time $1" ".error.message | endswith(\"clock: $2\")" "$out"
}
at 1795443000500 1795443000500
at 2026-11-23T14:10:00Z 1795443000000
at 2026-11-23T14:10:00.5004Z 1795443000500
at 2026-11-23T15:40:00+01:30 1795443000000
at 2024-02-29T00:00:00-00:30 1709166600000
for time in 0 -5 noon 2026-11-23 2026-11-23T14:10:00 2026-02-29T00:00:00Z 2026-11-23T24:00:00Z '2026-11-23T14:10:00Z ' \
    2026-11-23T14:10:00+1:00 2026-11-23T14:10:00+24:00 2026-11-23T14:10:00.Z 99999999999999999999; do
    run thingspace plugin explain A list --plugin ./clock.lua --time "$time"
    exits "explain --time $time" 2
done
like "says what it takes" "*--time is 2026-11-23T14:10:00Z or *" "$err"
run thingspace plugin explain A list --plugin ./clock.lua --output json
json "without it the time is now" '.error.message | test(": 1[0-9]{12}$")' "$out"
run thingspace plugin test guard
exits "the test of a plugin that ships" 9
like "is told where to be written" "*there is no test guard_test.lua; *beside a link to it*" "$err"
ln -s "$top_srcdir/plugins/guard/guard.lua" .
cat >guard_test.lua <<'END'
return { open_on_mondays = function(t)
  local rules = { { window = { days = "mon" }, allow = true } }
  t.equal(t.run("check", { options = { rules = rules }, time_ms = 1699833600000 }).verdict, "none")
  t.equal(t.run("check", { options = { rules = rules }, time_ms = 1699833599999 }).verdict, "deny")
end }
END
run thingspace plugin test guard
exits "which is a link and a test" 0
run thingspace plugin check clock.lua --time 5
exits "--time belongs to explain" 2
run thingspace plugin explain A list --policy five.lua --output json
json "in JSON" '.accountName == "A" and .operation == "list" and .headers["X-Step"] == "v1" and
    (.hooks | length) == 6 and .hooks[4].changes == [{field: "request.headers.X-Step", before: "v2", after: "v1"}]' "$out"
run thingspace plugin explain A register CarrierService https://hooks.example.com/ --username u --policy five.lua
exits "register" 0
like "with its body" '*POST *"username": "u"*' "$out"
run thingspace plugin explain A register CarrierService https://no.example.com/ --policy five.lua
exits "a denial is an answer" 0
like "with code and text" "*last (last)  check  deny *not there*denied: *" "$out"
run thingspace plugin explain A register CarrierService https://no.example.com/ --policy five.lua --output json
json "in JSON" '.error.kind == "denied" and .error.code == "no" and .error.account == "A" and
    .hooks[5].verdict == "deny"' "$out"
run thingspace plugin explain A register CarrierService https://broken.example.com/ --policy five.lua
exits "a hook that fails" 3
like "is shown" "*last (last)  check  failed *" "$out"
like "and told with its place" "thingspace: plugin: *last.lua:4: *broken*" "$err"
run thingspace plugin explain A register CarrierService https://broken.example.com/ --policy five.lua --output json
json "and with its account" '.error.account == "A" and .error.line == 4' "$err"
echo 'return { name = "canned", version = "1", api = 1, capabilities = { "request:reply" }, hooks = {
  request = function() return thingspace.reply{ json = {} } end } }' >canned.lua
run thingspace plugin explain A list --policy five.lua --plugin ./canned.lua
exits "a plugin of the command line, which answers" 0
like "is said to" "*canned (canned)  request  reply *final request, not sent: canned answers*" "$out"
run thingspace plugin explain A deregister CarrierService --policy five.lua
exits "deregister" 0
like "what would be sent" "*DELETE *" "$out"
run thingspace plugin explain A call POST '/devices/{account}/x' --data '{"a":1}' --policy five.lua
exits "call" 0
like "with its path and body" '*POST *devices/A/x*"a": 1*' "$out"
run thingspace plugin explain A register Location https://hooks.example.com/ --api location --policy five.lua
exits "register with another API" 0
like "is told" "register on A, API location
*POST *" "$out"
run thingspace plugin explain A list --api software-v2 --policy five.lua --output json
json "list with another API" '.api == "software-v2" and (.url | test("/callbacks/A$"))' "$out"
run thingspace plugin explain A register CarrierService https://hooks.example.com/ --api locations --policy five.lua
exits "an API that is unknown" 2
for words in "A lst" "A register CarrierService" "A list x" "A call GET" "A deregister" "A list --data {}" \
    "A list --username u" "A list --c" "A" ""; do
    # shellcheck disable=SC2086
    run thingspace plugin explain $words --policy five.lua
    exits "explain $words" 2
done
like "with the nearest" "*did you mean list*" "$(thingspace plugin explain A lst 2>&1)"
run thingspace plugin explain B list --policy five.lua
exits "an account that nobody declared" 3

# test
cat >team_test.lua <<'END'
return {
  a_good_one = function(t) t.equal(1, 1) end,
  a_bad_one = function(t)
    t.equal(1, 2, "one")
  end,
  ["left # SKIP"] = function(t) error("still") end,
}
END
run thingspace plugin test team.lua
exits "a test that fails" 3
like "is told" "*not ok 2 - team.lua: a_bad_one
# line 4:
#   *one*" "$out"
like "its name is no directive of TAP" '*not ok 3 - team.lua: left \\# SKIP
*' "$out"
like "and summed up" "thingspace: plugin: *2 of 3 tests failed*" "$err"
run thingspace plugin test --output json team.lua
json "in JSON" '.tests | length == 3 and (.[0].ok and (.[1].ok | not)) and .[1].line == 4' "$out"
run thingspace plugin test
exits "all of the folder" 3
like "the others pass" "*ok * - quick*" "$out"
run thingspace plugin test half
exits "another folder, with a file that is no test" 3
like "which counts as one that failed" "*not ok * - half/team_test.lua*" "$out"
mkdir empty
run thingspace plugin test empty
exits "a folder without tests" 9
run thingspace plugin test none.lua
exits "a test that is not there" 9
run thingspace plugin
exits "no action" 2
# Scripts that every user can write.
mkdir open
printf 'return { name = "w", version = "1", api = 1, hooks = { check = function() end } }\n' >open/w.lua
printf 'return {}\n' >open/acme.lua
cat >open/policy.lua <<'END'
return { name = "p", accounts = { "1-2" }, plugins = { { "w.lua" } },
  tenants = { acme = { script = "acme.lua", accounts = { "7-*" } } } }
END
chmod 644 open/*.lua
run thingspace plugin list --policy open/policy.lua
unlike "files of modes as they should be are no warning" "*can be written*" "$err"
chmod 666 open/*.lua
warns() {
    run thingspace "$@" --policy open/policy.lua
    for script in "policy open/policy.lua" "script open/acme.lua" "plugin open/w.lua"; do
        like "$* warns of the $script" "*the $script can be written by every user; run: chmod o-w *" "$err"
    done
}
warns plugin list
warns policy check
end
