#!/bin/sh
# SPDX-License-Identifier: MIT
# plan: what is registered against what is declared; nothing is changed, passwords stay unseen.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

cat >"$work/policy.lua" <<'END'
return {
  name = "fleet",
  owns = { "https://old.example.com/*" },
  accounts = { "0000123456-00001", "0000123456-00002", "0000123456-00003", "0000777001-00001" },
  resolve = function(account)
    return { tags = { region = account:find("^0000777001") and "eu" or "us" } }
  end,
  listeners = function(account)
    return { CarrierService = { url = "https://hooks.example.com/" .. account },
             NiddService = { url = "https://hooks.example.com/" .. account,
                             username = "u", password = thingspace.secret.file("password") } }
  end,
}
END
printf 'p-wanted' >"$work/password"
chmod 600 "$work/password"
register() { thingspace -q register "$@" >/dev/null; }
register_all() {
    for number in 00001 00002 00003; do
        register "0000123456-$number" CarrierService "https://hooks.example.com/0000123456-$number"
        register "0000123456-$number" NiddService "https://hooks.example.com/0000123456-$number" \
            --username u --password-file "$work/password"
    done
}
THINGSPACE_POLICY=$work/policy.lua
export THINGSPACE_POLICY

run thingspace plan
exits "nothing is there yet" 0
like "the first line" "$work/policy.lua ???????? -> environment; 4 accounts, 8 listeners, *" "$out"
like "equal changes are one line" "*+  8 add        CarrierService, NiddService on 4 accounts*" "$out"
like "and where they go" "*https://hooks.example.com/{account}*" "$out"
like "the sums" "*8 add" "$out"
json "nothing is changed" '.listeners == []' "$(control GET state)"
run thingspace plan --exit-code --quiet
exits "drift" 6

register_all
run thingspace plan '0000123456-*' --exit-code
exits "as declared" 0
like "nothing to do" "*nothing to do; 6 as declared" "$out"
printf 'p-else' >"$work/else"
register 0000123456-00001 NiddService https://hooks.example.com/0000123456-00001 \
    --username u --password-file "$work/else" --replace
register 0000123456-00002 CarrierService https://old.example.com/x --replace
register 0000123456-00003 CarrierService https://other.example.net/ts --replace
register 0000123456-00001 DeviceUsage https://hooks.example.com/gone
register 0000123456-00002 DeviceUsage https://far.example.org/
run thingspace plan '0000123456-*' --exit-code
exits "drift of all kinds" 6
like "a password" "*~  1 change     password: NiddService on 0000123456-00001*" "$out"
like "a URL" "*url: CarrierService on 0000123456-00002*https://old.example.com/x -> https://hooks.example.com/0000123456-00002*" "$out"
like "a stranger's" "*!  1 take over  CarrierService on 0000123456-00003, now https://other.example.net/ts*" "$out"
like "one too many" "*-  1 remove     DeviceUsage on 0000123456-00001*" "$out"
like "the sums tell of foreign ones" "*2 change, 1 take over (needs --take-over), 1 remove (needs --prune); 3 as declared, 1 foreign left alone" "$out"
unlike "no password is shown" "*p-else*" "$out$err"
unlike "nor the wanted one" "*p-wanted*" "$out$err"
run thingspace plan 0000123456-00001 -v
like "-v has rows" "*0000123456-00001  NiddService  password: *** -> ****" "$out"

run thingspace plan '0000123456-*' --output json
json "in JSON" '.policy == "fleet" and .accounts == 3 and .change == 2 and .takeover == 1 and
    .remove == 1 and .add == 0 and .unchanged == 3 and .foreign == 1 and .unread == 0 and
    .errors == [] and (.id | length) == 32' "$out"
json "fields of a change" '.changes | map(select(.serviceName == "NiddService")) == [{
    accountName: "0000123456-00001", serviceName: "NiddService", action: "change",
    fields: [{name: "password", from: "***", to: "***"}]}]' "$out"
run thingspace plan --service NidService
exits "a service that nobody has" 0
like "is warned of" "*warning: no listener of what --service names *" "$err"
run thingspace plan --tag region=eu --service 'N*' --output json
json "by tag and service" '.accounts == 1 and .add == 1 and .changes[0].serviceName == "NiddService"' "$out"
run thingspace plan --tag region=nowhere
exits "a tag that nobody has" 2
run thingspace plan 'X-*'
exits "a pattern that matches nothing" 2
run thingspace plan X-1
exits "an account that nobody declared" 3
run thingspace plan --dry-run
exits "a plan is dry" 2

run thingspace plan --out "$work/monday.plan"
exits "saved" 0
like "its id is told" "*saved as $work/monday.plan, plan ????????????????????????????????" "$err"
is "for its owner alone" "-rw-------" "$(ls -l "$work/monday.plan" | cut -c 1-10)"
is "no secret is in it" 0 "$(grep -c 'p-else\|p-wanted' "$work/monday.plan")"
json "the same changes have the same id" ".id == \"$(jq -r .id "$work/monday.plan")\"" \
    "$(thingspace plan --output json)"
run thingspace plan --out "$work/nowhere/monday.plan"
exits "a folder that is not there" 9

fault 'GET /callbacks/0000777001-* status=400 body="{\"errorCode\":\"REQUEST_FAILED.AccountName\"}"'
run thingspace plan --exit-code
exits "an account that cannot be read beats drift" 7
like "it is told with its credential" "*x  1 unread     0000777001-00001 (environment): *" "$out"
like "and counted" "*1 account unread" "$out"
run thingspace plan --output json
exits "in JSON" 7
json "the others are told of" '.unread == 1 and .change == 2 and .errors[0].code == "REQUEST_FAILED.AccountName" and
    .errors[0].status == 400' "$out"
json "the error on standard error has the HTTP status, too" '.error.errors[0].status == 400' "$err"
json "and the error" '.error.kind == "partial"' "$err"
cat >"$work/nay.lua" <<'LUA'
return { name = "nay", version = "1.0.0", api = 1,
  hooks = { check = function(call) if call.operation == "register" then return thingspace.deny("N1", "not today") end end } }
LUA
run thingspace plan --output json --plugin "$work/nay.lua"
json "what a hook denies is told with the hook" '.errors | map(select(.kind == "denied")) | length > 0 and
    all(.code == "N1" and .plugin == "nay" and .instance == "nay" and .phase == "check")' "$out"
run thingspace plan 0000777001-00001
exits "none could be read" 1
faultless
rm "$work/password"
run thingspace plan 0000123456-00003
exits "a password that cannot be read fails its listener" 7
like "which is named" "*x  1 failed     NiddService on 0000123456-00003*" "$out"
like "what is registered there is left alone" "*1 take over (needs --take-over); 1 failed" "$out"
cat >"$work/tokens.lua" <<'LUA'
return {
  name = "tokens",
  accounts = { "0000123456-00008", "0000123456-00009" },
  listeners = function()
    return { PromoChanges = { url = "https://hooks.example.com/{account}/in?v=1&t={token}", token = thingspace.secret.file("key") } }
  end,
}
LUA
head -c 32 /dev/zero | tr '\0' k >"$work/key"
chmod 600 "$work/key"
run thingspace --policy "$work/tokens.lua" plan
like "URLs that differ in a token are shown up to it" \
    "*PromoChanges on 0000123456-00008 .. -00009*https://hooks.example.com/{account}/in?v=1&t=...*" "$out"
# ---- a tenant's script that does not load ----
cat >"$work/landlord.lua" <<'LUA'
return {
  name = "landlord",
  accounts = { "0000123456-00009" },
  tenants = { acme = { script = "acme.lua", accounts = { "0000555001-*" }, endpoints = { "environment" },
    credentials = { "environment" }, urls = { "https://acme.example.com/*" } } },
}
LUA
cat >"$work/acme.lua" <<'LUA'
return { accounts = { "0000555001-00001" },
  listeners = function() return { CarrierService = { url = "https://acme.example.com/in" } } end }
LUA
landlord() { thingspace --policy "$work/landlord.lua" "$@"; }
run landlord plan
exits "a tenant's own accounts" 0
like "are planned" "*+  1 add *0000555001-00001*" "$out"
echo 'return { accounts = "nonsense" }' >"$work/acme.lua"
run landlord plan
exits "a tenant whose script does not load" 7
like "is told by its pattern, with the error" "*x  1 unread     0000555001-\*: tenant acme: $work/acme.lua: *" "$out"
like "and counted" "*1 account unread" "$out"
run landlord plan --exit-code
exits "with --exit-code, too" 7
run landlord plan --output json
exits "in JSON" 7
json "it is one error" '.unread == 1 and (.errors | length) == 1 and .errors[0].accountName == "0000555001-*" and
    .errors[0].kind == "policy" and (.errors[0].message | startswith("tenant acme: "))' "$out"
run landlord plan '0000555001-*' 0000123456-00009
exits "asked for by a pattern" 2
run landlord plan 0000123456-00009
exits "the others are planned without it" 0
sed 's/accounts = { "0000123456-00009" },//' "$work/landlord.lua" >"$work/tenants.lua"
run thingspace --policy "$work/tenants.lua" plan
exits "nothing but its accounts" 3
run landlord apply --yes
exits "an apply" 7
like "says so" "*partial: *" "$err"
echo 'return { name = "m", accounts = { "0000666001-00001", "0000666001-00002" }, listeners = function()
  return { CarrierServise = { url = "https://hooks.example.com/" } } end }' >"$work/misspelt.lua"
run thingspace --policy "$work/misspelt.lua" plan
is "a service that is not known is told once" 1 "$(printf '%s\n' "$err" | grep -c "did you mean CarrierService?")"
run thingspace plan --prune
exits "what belongs to apply" 2
like "says so" "*there is no option --prune: it belongs to apply; *" "$err"
unset THINGSPACE_POLICY
run thingspace plan
exits "no account at all" 2
end
