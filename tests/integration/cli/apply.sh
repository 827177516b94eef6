#!/bin/sh
# SPDX-License-Identifier: MIT
# apply: what a plan says is done, told line by line; what is refused, fails or is interrupted.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq env
inside_simulator
. "$top_srcdir/tests/integration/plugins/compiled.sh"

cat >"$work/policy.lua" <<'END'
local accounts = {}
for i = 1, tonumber(thingspace.settings.accounts or 4) do
  accounts[i] = string.format("0000123456-%05d", i)
end
return {
  name = "fleet",
  owns = { "https://hooks.example.com/*", "https://old.example.com/*", "https://new.example.com/*" },
  endpoints = { lab = { url = thingspace.settings.url, window = 2 } },
  accounts = accounts,
  resolve = function(account)
    return { endpoint = "lab", credential = "environment", tags = { half = account:find("[13579]$") and "odd" or "even" } }
  end,
  listeners = function(account)
    local base = (thingspace.settings.base or "https://hooks.example.com/") .. account
    return { CarrierService = { url = base }, NiddService = { url = base, username = "u" } }
  end,
}
END
THINGSPACE_POLICY=$work/policy.lua
export THINGSPACE_POLICY
state=$work/state
audit="$(module audit),{\"file\":\"$work/audit.jsonl\"}"
apply() { thingspace --state-dir "$state" --plugin "$audit" --set "url=$THINGSPACE_URL" apply --yes "$@"; }
register() { thingspace -q --set "url=$THINGSPACE_URL" register "$@" >/dev/null; }
# all WHAT FILTER: jq's FILTER is true of the lines of $out, as an array
all() {
    if printf '%s\n' "$out" | jq -es "$2" >/dev/null 2>&1; then ok "$1"; else not_ok "$1" "filter: $2" "$out" "$err"; fi
}
registered() { control GET state | jq -c "[.listeners[] | select($1)] | length"; }

# ---- words ----
run thingspace apply
exits "nobody can be asked" 2
like "it says how to go on" "*--yes*" "$err"
run thingspace apply --yes --dry-run
exits "a dry run" 2
# shellcheck disable=SC2016 # as the message has it
like "is the plan" '*`thingspace plan`*' "$err"
for option in "--account A" "--tag half" "--service NiddService"; do
    # shellcheck disable=SC2086 # an option and its value
    run apply x.plan $option
    exits "a saved plan with $option" 2
done
run apply 0000123456-00001
exits "an account in place of a file" 2
like "it says how accounts are chosen" "*--account 0000123456-00001*" "$err"
run apply '0000123456-*'
exits "a pattern in place of a file" 2
run apply "$work/no.plan"
exits "a file that is not there" 9
is "nothing was sent" 0 "$(registered true)"

# ---- all that is missing ----
run apply --account '*-00001' --service 'Nidd*'
exits "one listener" 0
all "one line" 'length == 1 and .[0] == {accountName: "0000123456-00001", serviceName: "NiddService",
    action: "add", result: "done"}'
like "and a summary" "thingspace: 1 added; *.? s" "$err"
run apply --tag half=even --output json
exits "by tag" 0
all "four lines" 'length == 4 and all(.result == "done" and .action == "add")'
is "nothing else is said to programs" "" "$err"
run apply --reason 'ticket 4711'
exits "the rest" 0
is "all are there" 8 "$(registered true)"
is "the audit file knows why" 3 \
    "$(jq -r 'select(.operation == "register" and .reason == "ticket 4711") | .account' "$work/audit.jsonl" | wc -l)"
run apply
exits "again" 0
is "nothing is done" "" "$out"
like "which is said" "*nothing to do*" "$err"
run apply --output json
exits "again in JSON" 0
is "nothing to tell" "" "$out$err"

# ---- changes, strangers, what is too much ----
register 0000123456-00001 CarrierService https://old.example.com/x --replace
register 0000123456-00002 CarrierService https://other.example.net/ts --replace
register 0000123456-00003 DeviceUsage https://hooks.example.com/gone
register 0000123456-00004 DeviceUsage https://far.example.org/
run apply
exits "a takeover is left" 7
all "what is done, and what is not" 'map({key: .action, value: .result}) | from_entries ==
    {change: "done", takeover: "skipped", remove: "skipped"}'
all "what is skipped has its reason" 'map(select(.result == "skipped")) |
    length == 2 and all(.error.kind == "refused")'
like "the summary says what they need" "*1 changed, 1 needs --prune, 1 needs --take-over; *" "$err"
run apply --service CarrierService
exits "takeovers alone" 8
like "are refused" "*refused: *--take-over*" "$err"
is "with nothing done" "" "$out"
run apply --take-over --output json
exits "taken over" 0
all "the removal waits" 'map(.action + .result) | sort == ["removeskipped", "takeoverdone"]'
run apply --prune
exits "pruned" 0
all "removed" 'length == 1 and .[0].action == "remove" and .[0].result == "done"'
is "what is foreign is still there" 1 "$(registered '.url == "https://far.example.org/"')"
run apply --set accounts=6
exits "12 listeners" 0
run apply --set accounts=6 --set base=https://new.example.com/
exits "every URL at once" 8
like "needs --force" "*--force*" "$err"
is "nothing is done" "" "$out"
run apply --set accounts=6 --set base=https://new.example.com/ --force
exits "forced" 0
is "all are changed" 12 "$(registered '.url | startswith("https://new.example.com/")')"
run apply --set accounts=6 --force
exits "and back" 0

# ---- failures ----
fault 'POST /callbacks/0000123456-00008 status=400 body="{\"errorCode\":\"REQUEST_FAILED.X\"}"'
run apply --set accounts=9
exits "one account fails" 7
all "the others are done" '(map(select(.result == "done")) | length) == 4'
all "failures have the service's code" 'map(select(.result == "failed")) |
    length == 2 and all(.error.code == "REQUEST_FAILED.X" and .error.kind == "service")'
like "told at once with account and service" "*service: 0000123456-00008: CarrierService: *" "$err"
like "summed up" "*thingspace: 4 added, 2 failed; *thingspace: partial: *" "$err"
like "and what to do" "*run it again*" "$err"
run apply --set accounts=9 --output json
exits "alone" 1
json "the list" '.error.kind == "service" and (.error.errors | length) == 2 and
    .error.errors[0].account == "0000123456-00008"' "$err"
faultless
run apply --set accounts=9
exits "repeated" 0
all "does the rest" 'length == 2 and all(.result == "done")'
fault 'POST /callbacks/* status=400'
run apply --set accounts=22
exits "many fail" 1
all "each is told in a line" 'length == 26 and all(.result == "failed")'
is "twenty are told at once" 20 "$(printf '%s\n' "$err" | grep -c 'thingspace: service: 0.*Service: ')"
like "the others are not kept a secret" "*more have failed: standard output has them all*" "$err"
faultless
fault 'GET /callbacks/0000123456-00002 status=400'
register 0000123456-00001 NiddService https://old.example.com/x --replace
run apply --output json
exits "an account that cannot be read" 7
all "the others are done" 'length == 1 and .[0].result == "done"'
json "it is in the list" '.error.kind == "partial" and .error.errors[0].account == "0000123456-00002"' "$err"
run apply --account 0000123456-00002
exits "it alone" 1
like "nobody says that there was nothing to do" "*nothing to do where it could be seen*" "$err"
run apply
exits "nothing else to do" 7
like "it is told" "*0000123456-00002*" "$err"
faultless

# ---- saved plans ----
register 0000123456-00001 NiddService https://old.example.com/y --replace
register 0000123456-00002 NiddService https://old.example.com/y --replace
planned() { thingspace -q --state-dir "$state" --plugin "$audit" --set "url=$THINGSPACE_URL" "$@" >/dev/null; }
planned plan --out "$work/monday.plan"
id=$(jq -r .id "$work/monday.plan")
run apply "$work/monday.plan" --expect 00000000000000000000000000000000
exits "another id than expected" 8
run apply --expect 00000000000000000000000000000000
exits "of a fresh plan, too" 8
is "nothing is done" 2 "$(registered '.url == "https://old.example.com/y"')"
sed 's/old.example.com/odd.example.com/' "$work/monday.plan" >"$work/altered.plan"
run apply "$work/altered.plan"
exits "an altered plan" 2
cp "$work/monday.plan" "$work/stale.plan"
register 0000123456-00002 NiddService https://old.example.com/z --replace
run apply "$work/stale.plan" --expect "$id"
exits "a stale plan" 8
like "says so" "*stale*" "$err"
is "and does nothing" 1 "$(registered '.url == "https://old.example.com/y"')"
register 0000123456-00002 NiddService https://old.example.com/y --replace
json "the policy's content is part of it" '.policyDigest | test("^[0-9a-f]{32}$")' "$(cat "$work/monday.plan")"
refuses() { # WHAT COMMAND...: the plan is not applied
    what=$1
    shift
    run "$@" apply --yes "$work/monday.plan" --expect "$id"
    exits "$what" 8
    like "$what: stale" "*refused: *monday.plan: stale: the policy has changed since the plan was made; plan again*" "$err"
    is "$what: nothing is done" 2 "$(registered '.url == "https://old.example.com/y"')"
}
refuses "without the audit plugin" thingspace --state-dir "$state" --set "url=$THINGSPACE_URL"
refuses "with another setting" thingspace --state-dir "$state" --plugin "$audit" --set "url=$THINGSPACE_URL" --set accounts=4
mkdir "$work/elsewhere"
sed 's/tonumber(.*) do/4 do/' "$work/policy.lua" >"$work/elsewhere/policy.lua"
refuses "another script" thingspace --state-dir "$state" --plugin "$audit" --set "url=$THINGSPACE_URL" \
    --policy "$work/elsewhere/policy.lua"
cp "$work/policy.lua" "$work/elsewhere/policy.lua"
run apply "$work/monday.plan" --expect "$id" --reason approved --policy "$work/elsewhere/policy.lua"
exits "the expected one, with the same policy in another folder" 0
all "is done" 'length == 2 and all(.action == "change" and .result == "done" and (has("unchanged") | not))'
is "the audit file knows the plan" 2 \
    "$(jq -r "select(.reason == \"approved\" and .plan == \"$id\" and .operation == \"register\") | .account" "$work/audit.jsonl" | wc -l)"
run apply "$work/monday.plan"
exits "done already" 0
all "which is no failure" 'length == 2 and all(.action == "change" and .result == "done" and .unchanged == true)'
like "and nothing was changed" "thingspace: nothing to do any more, 2 as planned already; *.? s" "$err"

# ---- output that fails ----
changed() { # makes work for 40 accounts
    number=$((number + 1))
    changed="--set accounts=40 --set base=https://hooks.example.com/$number/ --force"
}
lost() { # WHAT: of the last run, whose status is $1
    is "$2" 9 "$1"
    like "$2: told" "thingspace: local: standard output cannot be written: * of * changes are done; run it again*" \
        "$(grep local "$work/err")"
    # shellcheck disable=SC2086 # options
    run apply $changed
    exits "$2: repeated" 0
    is "$2: complete" 80 "$(registered ".url | startswith(\"https://hooks.example.com/$number/\")")"
}
number=0
changed
# shellcheck disable=SC2086 # options
{
    apply $changed >&- 2>"$work/err"
    lost $? "closed output"
    changed
    apply $changed >/dev/full 2>"$work/err"
    lost $? "full output"
    changed
    {
        apply $changed 2>"$work/err"
        echo $? >"$work/status"
    } | head -n 1 >/dev/null
    case $(cat "$work/status") in
    9) lost 9 "nobody reads" ;;
    *) skip "nobody reads" "all was written before the reader had gone" ;;
    esac
}

# ---- what is no plan file ----
run apply /dev/zero
exits "a device is no plan" 2
like "and is not read" "*neither a file nor a pipe*" "$err"
mkfifo "$work/fifo"
env --default-signal=INT thingspace --state-dir "$state" --set "url=$THINGSPACE_URL" apply "$work/fifo" --yes \
    >"$work/lines" 2>"$work/told" &
pid=$!
sleep 1
kill -s INT "$pid"
wait "$pid"
status=$? out=$(cat "$work/lines") err=$(cat "$work/told")
exits "SIGINT while a pipe says nothing" 130

# ---- interruptions ----
changed
fault 'POST /callbacks/* delay=2000'
: >"$work/lines"
# shellcheck disable=SC2086 # options
env --default-signal=INT thingspace --state-dir "$state" --set "url=$THINGSPACE_URL" apply --yes $changed \
    >"$work/lines" 2>"$work/told" &
pid=$!
tries=0
until [ "$(wc -l <"$work/lines")" -ge 2 ] || [ $tries -gt 300 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
# shellcheck disable=SC2086 # options
run apply $changed
exits "a second apply meanwhile" 8
like "is told who runs" "*pid $pid *" "$err"
kill -s INT "$pid"
wait "$pid"
status=$? out=$(cat "$work/lines") err=$(cat "$work/told")
exits "SIGINT" 130
all "every change is told once" 'length == 80 and (unique_by([.accountName, .serviceName]) | length) == 80'
like "says how far it came" "*cancelled: interrupted; * of 80 changes are done; run it again*" "$err"
faultless
# shellcheck disable=SC2086 # options
run apply $changed
exits "a repeated run" 0
is "does the rest" 80 "$(registered ".url | startswith(\"https://hooks.example.com/$number/\")")"

unset THINGSPACE_POLICY
run thingspace apply --yes
exits "no account at all" 2
end
