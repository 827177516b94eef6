#!/bin/sh
# SPDX-License-Identifier: MIT
# The audit plugin: what it writes, when nothing is sent, and what `audit verify` finds out.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator
. "$top_srcdir/tests/integration/plugins/compiled.sh"

file=$work/audit.jsonl
url=https://hooks.example.com/cb
audit="$(module audit),{\"file\":\"$file\"}"
lines() { if [ -f "$file" ]; then wc -l <"$file" | tr -d ' '; else echo 0; fi; }

# --- what is written ---

run thingspace --plugin "$audit" --dry-run register TestAccount-2 CarrierService "$url"
exits "a dry run" 0
is "a dry run writes nothing" 0 "$(lines)"
run thingspace --plugin "$audit" list TestAccount-2
exits "a list" 0
is "a list writes nothing" 0 "$(lines)"

printf 'hunter2hunter2' >"$work/password"
chmod 600 "$work/password"
run thingspace --plugin "$audit" register TestAccount-2 CarrierService "$url" \
    --username me --password-file "$work/password" --reason 'ticket "7"'
exits "a registration" 0
is "begin, intent, result" "begin intent result" "$(jq -r .event "$file" | tr '\n' ' ' | sed 's/ $//')"
is "nobody else may read it" 600 "$(stat -c %a "$file")"
intent=$(sed -n 2p "$file")
json "the intent tells what is to be sent" \
    '.account == "TestAccount-2" and .operation == "register" and .service == "CarrierService"
     and .url == "'"$url"'" and .method == "POST" and .path == "/callbacks/TestAccount-2"' "$intent"
json "its body, without the password" \
    '.body.name == "CarrierService" and .body.password == "***"' "$intent"
json "and who does it, where and why" \
    '.uid == '"$(id -u)"' and .user == "'"$(id -un)"'" and .host == "'"$(hostname)"'"
     and .reason == "ticket \"7\"" and (.pid | type) == "number"
     and (.time | test("^20..-..-..T..:..:..\\....Z$"))' "$intent"
result=$(sed -n 3p "$file")
json "the result is of the same call" '.id == "'"$(printf '%s' "$intent" | jq -r .id)"'"' "$result"
json "and tells how it went" \
    '.call.kind == "ok" and .call.status == 200 and (.call.attempts | map(.what) | index("send"))
     and .call.changes == [] and .call.reason == "ticket \"7\""' "$result"
unlike "the password is nowhere" '*hunter2*' "$(cat "$file")"

run thingspace --plugin "$(module audit),{\"file\":\"$work/odd.jsonl\"}" \
    call TestAccount-2 POST /nothing/odd --data '{}' --reason "$(printf 'caf\303\251 \377\033')"
exits "a reason that is not UTF-8" 0
json "is escaped in the intent, which stays JSON" '.reason == "café \\xff\u001b"' \
    "$(sed -n 2p "$work/odd.jsonl")"

fault 'POST /nothing/here status=404'
run thingspace --plugin "$audit" call TestAccount-2 POST /nothing/here --data '{"a":[1.50]}'
exits "a call that the service refuses" 1
json "its intent has the body as it was" '.body == {"a":[1.5]}' "$(tail -n 2 "$file" | head -n 1)"
json "its result is the failure" '.call.kind == "service" and .call.status == 404' \
    "$(tail -n 1 "$file")"

reads="$(module audit),{\"file\":\"$work/reads.jsonl\",\"reads_too\":true,\"sync\":\"data\"}"
run thingspace --plugin "$reads" list TestAccount-2
exits "a list with reads_too" 0
is "writes it down, too" "begin intent result " "$(jq -r .event "$work/reads.jsonl" | tr '\n' ' ')"

# --- found by name ---

named="audit,{\"file\":\"$work/named.jsonl\"}"
run thingspace --plugin-path "/nowhere:$modules" --plugin "$named" \
    call TestAccount-2 POST /nothing --data '{}' --reason why
exits "by name in --plugin-path" 0
run env THINGSPACE_PLUGIN_PATH="$modules" thingspace --plugin "$named" \
    call TestAccount-2 POST /nothing --data '{}'
exits "by name in THINGSPACE_PLUGIN_PATH" 0
is "both wrote" 5 "$(wc -l <"$work/named.jsonl" | tr -d ' ')"
run env THINGSPACE_PLUGIN_PATH="$modules" thingspace --plugin-path /nowhere --plugin "$named" \
    call TestAccount-2 POST /nothing --data '{}'
exits "--plugin-path beats the variable" 3
chmod 770 "$modules"
run thingspace --plugin-path "$modules" --plugin "$named" call TestAccount-2 POST /nothing
exits "from a folder that others can write" 3
like "which is told" "*the folder $modules can be written by others*" "$err"
chmod 700 "$modules"

# --- changes of hooks, and the body only when granted ---

cat >"$work/team.lua" <<'LUA'
return { name = "team", version = "1.0.0", api = 1, capabilities = { "request.headers:write" },
         hooks = { request = function(call, request) request:set_header("X-Team", "blue") end } }
LUA
cat >"$work/policy.lua" <<LUA
return {
  name = "audited", accounts = { "TestAccount-2" },
  plugins = {
    { "$(module audit)", options = { file = "mine.jsonl" } },
    { "$work/team.lua", grant = { "request.headers:write" } },
  },
}
LUA
chmod 600 "$work/policy.lua" "$work/team.lua"
run thingspace --policy "$work/policy.lua" register TestAccount-2 DeviceService "$url"
exits "with a policy" 0
json "the file is beside the policy, and without the grant the body is not in it" \
    'has("body") | not' "$(sed -n 2p "$work/mine.jsonl")"
json "the result tells which hook changed what" \
    '.call.changes == [{"instance":"team","phase":"request","field":"request.headers.X-Team",
                        "before":null,"after":"blue"}]' "$(sed -n 3p "$work/mine.jsonl")"

# --- results that wait for the next line ---

accounts=$(seq -f '"T-%02g",' 20)
cat >"$work/many.lua" <<LUA
return {
  name = "many", accounts = { $accounts },
  plugins = {
    { "$(module audit)", options = { file = "many.jsonl", reads_too = true, gather_ms = 1000 } },
  },
}
LUA
chmod 600 "$work/many.lua"
run thingspace --policy "$work/many.lua" list
exits "many calls at once whose results are gathered" 0
run thingspace audit verify "$work/many.jsonl" --output json
json "all lines are there in the end" \
    '.lines == 41 and .intents == 20 and .results == 20 and .unfinished == []' "$out"
run thingspace --plugin "$(module audit),{\"file\":\"$work/no.jsonl\",\"gather_ms\":-1}" \
    list TestAccount-2
exits "a time below 0" 3
like "is refused" '*option gather_ms is 0 or more*' "$err"

# --- an apply ---

cat >"$work/fleet.lua" <<LUA
return {
  name = "fleet", accounts = { "P-1", "P-2" },
  plugins = { { "$(module audit)", options = { file = "fleet.jsonl" } } },
  listeners = function() return { CarrierService = { url = "$url" } } end,
}
LUA
chmod 600 "$work/fleet.lua"
run thingspace --policy "$work/fleet.lua" plan --out "$work/fleet.plan" --output json
exits "a plan" 0
id=$(printf '%s' "$out" | jq -r .id)
run thingspace --policy "$work/fleet.lua" apply "$work/fleet.plan" --yes --reason 'ticket 8'
exits "is applied" 0
run thingspace --policy "$work/fleet.lua" deregister P-1 CarrierService
exits "and one listener removed by hand" 0
lines=$(jq -cs . "$work/fleet.jsonl")
json "intents of the apply tell plan and reason" 'map(select(.event == "intent")
    | [.account, .plan, .reason]) | sort == [["P-1", null, null], ["P-1", "'"$id"'", "ticket 8"],
    ["P-2", "'"$id"'", "ticket 8"]]' "$lines"
json "and so do its results" 'map(select(.event == "result") | [.call.account, .call.plan]) | sort ==
    [["P-1", null], ["P-1", "'"$id"'"], ["P-2", "'"$id"'"]]' "$lines"

# --- nothing is sent that is not written down ---

before=$(control GET state | jq -c '.paths')
run thingspace --plugin "$(module audit),{\"file\":\"$work/nowhere/audit.jsonl\"}" \
    register TestAccount-2 PromoChanges "$url"
exits "a file that cannot be made" 3
like "is told with its reason" '*nowhere/audit.jsonl cannot be opened: No such file*' "$err"
posts() { control GET state | jq -c '[.paths | to_entries[] | select(.key | startswith("POST /callbacks"))]'; }
is "and nothing was sent" "$(printf '%s' "$before" |
    jq -c '[to_entries[] | select(.key | startswith("POST /callbacks"))]')" "$(posts)"
chmod 620 "$file"
run thingspace --plugin "$audit" register TestAccount-2 PromoChanges "$url"
exits "a file that others can write" 3
chmod 600 "$file"

# The disk is full: what was half written is cut off again.
size=$(stat -c %s "$file")
while [ "$size" -lt 20000 ]; do
    thingspace --plugin "$audit" call TestAccount-2 POST /nothing/here \
        --data "{\"a\":\"$(printf '%04000d' 0)\"}" >/dev/null 2>&1
    size=$(stat -c %s "$file")
done
before=$(posts)
run sh -c 'ulimit -f "$1"; shift; exec "$@"' sh $((size / 512 + 1)) \
    thingspace --plugin "$audit" register TestAccount-2 PromoChanges "$url"
exits "no room for a line" 3
like "is told" '*cannot be written: File too large*' "$err"
is "the file is as it was" "$size" "$(stat -c %s "$file")"
is "and nothing was sent" "$before" "$(posts)"

run thingspace --plugin "$(module audit),{\"file\":\"$file\",\"sync\":\"maybe\"}" list TestAccount-2
exits "another word for sync" 3
like "is refused" '*option sync is "none" or "data"*' "$err"
run thingspace --plugin "$(module audit)" list TestAccount-2
exits "no file" 3
run thingspace --plugin "$(module audit),{\"file\":\"\"}" list TestAccount-2
exits "an empty name" 3
like "is refused" '*option file is empty*' "$err"

# --- verify ---

run thingspace audit verify "$file"
exits "the chain fits" 0
like "and tells what is in it" "*the chain fits*intents: *hash: *" "$out"
run thingspace audit verify "$file" --output json
exits "as JSON" 0
json "with all members" \
    '.ok and .file == "'"$file"'" and .lines > 5 and .intents == .results and .unfinished == []
     and .torn == 0 and (.hash | test("^[0-9a-f]{64}$"))' "$out"
noted=$(printf '%s' "$out" | jq -r .hash)
run thingspace audit verify "$file" --expect "$noted"
exits "the noted hash is there" 0

# tampered WHAT LINE WORDS COMMAND...: the command writes a changed copy.
tampered() {
    what=$1 line=$2 words=$3
    shift 3
    "$@" >"$work/copy"
    run thingspace audit verify "$work/copy" --output json
    exits "$what" 8
    json "$what: the line is named" \
        '.error.kind == "refused" and .error.line == '"$line"' and (.error.message | contains("'"$words"'"))' "$err"
}
tampered "an edited line" 3 "was changed" sed '3s/"kind":"ok"/"kind":"no"/' "$file"
tampered "a deleted line" 3 "removed, inserted or moved" sed 3d "$file"
tampered "a deleted first line" 1 "lines before it are gone" sed 1d "$file"
tampered "swapped lines" 3 "removed, inserted or moved" sed '3{h;d};4G' "$file"
tampered "a line twice" 4 "removed, inserted or moved" sed 3p "$file"
tampered "an inserted line" 4 "not a line of an audit chain" sed '3a {}' "$file"
total=$(lines)
tampered "half of the last line" "$total" "torn" head -c -20 "$file"
head -n -1 "$file" >"$work/copy"
run thingspace audit verify "$work/copy" --output json
exits "without its last line the chain fits" 0
json "but a call has no result" '.unfinished | length == 1' "$out"
run thingspace audit verify "$work/copy" --expect "$noted"
exits "and the noted hash is not there" 8
: >"$work/copy"
run thingspace audit verify "$work/copy"
exits "an empty file" 8
run thingspace audit verify "$work/missing"
exits "a missing file" 9
run thingspace audit verify "$work"
exits "a folder" 9
run thingspace audit verify
exits "no file" 2

# --- logrotate ---

mv "$file" "$file.1"
run thingspace --plugin "$audit" deregister TestAccount-2 CarrierService
exits "after the file was moved away" 0
is "a new one is begun" "begin intent result " "$(jq -r .event "$file" | tr '\n' ' ')"
run thingspace audit verify "$file"
exits "which fits" 0
run thingspace audit verify "$file.1" --expect "$noted"
exits "as the old one does" 0
run thingspace audit verify "$file" --expect "$noted"
exits "the noted hash is not in the new one" 8
like "and the message tells where to look" "*or the file was rotated: look into the older one" "$err"
end
