#!/bin/sh
# SPDX-License-Identifier: MIT
# policy check and policy eval: no network, no secret, every fault with its place.
. "$top_srcdir/tests/integration/lib.sh"
need jq
unset THINGSPACE_URL THINGSPACE_KEY THINGSPACE_KEY_FILE

cat >"$work/policy.lua" <<'EOF'
return {
  name = "fleet",
  credentials = { north = { key = "k", secret = thingspace.secret.file("none"),
                            username = "u", password = thingspace.secret.file("none") } },
  accounts = { "A", { account = "B", credential = "north" } },
  listeners = function(account)
    return { CarrierService = { url = "http://hooks.example.com:81/" .. account, username = account } }
  end,
}
EOF
run thingspace --policy "$work/policy.lua" policy check
exits "a good policy" 0
like "sums" "fleet (*policy.lua): 2 accounts, 2 listeners, * 0 errors" "$out"
like "warnings name account and service" "*warning: A CarrierService: port*" "$err"
run thingspace --policy "$work/policy.lua" --output json policy check
json "in JSON" '.name == "fleet" and .accounts == 2 and .listeners == 2 and
    (.credentials | index("north")) != null and (.warnings | length) >= 2 and .errors == [] and
    (.decisions | map(.credential)) == ["environment", "north"]' "$out"
cat >"$work/misspelt.csv" <<'EOF'
account,credental,tag,owner,tags
A,x,y,z,
B,x,y,z,
EOF
cat >"$work/misspelt.lua" <<'EOF'
return { name = "m", accounts = thingspace.csv("misspelt.csv"),
  listeners = function() return { CarrierServise = { url = "https://hooks.example.com/" } } end }
EOF
chmod 644 "$work"/misspelt.*
run thingspace --policy "$work/misspelt.lua" policy check
exits "what is misspelt is no error" 0
is "a column is told once" 1 "$(printf '%s\n' "$err" | grep -c "'credental' of its row decides nothing; did you mean 'credential'?")"
like "another" "*'tag' of its row decides nothing; did you mean 'tags'?*" "$err"
like "a service is told for each account" \
    "*B CarrierServise: callback service 'CarrierServise' is not in the catalogue; did you mean CarrierService?*" "$err"
unlike "columns of the policy's own are none of ours" "*'owner'*" "$err"
unlike "nor are modes as they should be" "*can be written*" "$err"
chmod 666 "$work/misspelt.csv"
run thingspace --policy "$work/misspelt.lua" policy check
like "a list that every user can write" "*the file $work/misspelt.csv can be written by every user; run: chmod o-w *" "$err"
run thingspace --policy "$work/policy.lua" policy eval B
exits "eval" 0
like "eval tells the credential" "*credential  north*" "$out"
like "and the listeners" "*http://hooks.example.com:81/B*" "$out"
run env THINGSPACE_POLICY="$work/policy.lua" thingspace --output json policy eval B
json "in JSON" '.accountName == "B" and .credential == "north" and .endpoint == "production" and
    .listeners == [{serviceName: "CarrierService", url: "http://hooks.example.com:81/B",
    username: "B", hasPassword: false}]' "$out"
sed 's/, username = account//' "$work/policy.lua" >"$work/nameless.lua"
run thingspace --policy "$work/nameless.lua" --output json policy eval B
json "no username is null, as in a list" '.listeners[0] | has("username") and .username == null' "$out"
sed 's/secret.file("none")/secret.env("NOT_SET")/' "$work/policy.lua" >"$work/unset.lua"
run thingspace --policy "$work/unset.lua" policy check
exits "a variable that nobody needs now is not missed" 0
run thingspace --policy "$work/unset.lua" list B
exits "but when it is used, as a credential that is missing" 4
like "by name" "*variable NOT_SET is not set*" "$err"
run thingspace --policy "$work/policy.lua" policy eval C
exits "an account that nobody declared" 3

cat >"$work/bad.lua" <<'EOF'
return {
  name = "bad",
  accounts = { "A", "B" },
  resolve = function(account)
    if account == "B" then error("no " .. account) end
    return {}
  end,
}
EOF
run thingspace --policy "$work/bad.lua" policy check
exits "a policy that fails for one account" 3
like "the account, the reason" "*thingspace: policy: *B*" "$err"
like "and where" "*bad.lua:5*" "$err"
run thingspace --policy "$work/bad.lua" --output json policy check
json "the result is there all the same" '(.errors | length) == 1 and .errors[0].accountName == "B"' "$out"
json "and the error" '.error.kind == "policy"' "$err"
printf 'return {\n  accounts = "x" x\n}\n' >"$work/broken.lua"
run thingspace --policy "$work/broken.lua" policy check
exits "no Lua" 3
like "the line" "*broken.lua*2*" "$err"
printf 'return { name = thingspace.settings.name, accounts = {} }' >"$work/set.lua"
run thingspace --policy "$work/set.lua" --set name=given policy check
like "--set reaches the policy" "given (*" "$out"

# tenants
mkdir "$work/tenants"
cat >"$work/tenants.lua" <<'END'
return { name = "fleet", accounts = { "1-1", "2-1" },
  tenants = { acme = { script = "tenants/acme.lua", accounts = { "1-*" },
    endpoints = { "production" }, credentials = { "environment" } } } }
END
echo 'return { resolve = function() return { timeout_ms = 5000 } end }' >"$work/tenants/acme.lua"
run thingspace --policy "$work/tenants.lua" policy check -v
exits "a policy with a tenant" 0
like "whose script decides" "*1-1	acme	production	environment	0*" "$out"
like "an empty cell: the operator's" "*2-1		production	environment	0*" "$out"
run thingspace --policy "$work/tenants.lua" policy eval 1-1
like "eval names the tenant" "*tenant      acme*" "$out"
like "and its script" "*script      $work/tenants/acme.lua*" "$out"
echo 'return { owns = {} }' >"$work/tenants/acme.lua"
run thingspace --policy "$work/tenants.lua" policy check -v
exits "a tenant whose script does not load" 3
like "is told with its script" \
    "*tenant acme: $work/tenants/acme.lua: a tenant cannot declare owns*" "$err"
like "the others are decided" "*2-1	production	environment	0*" "$out"
is "once, with its accounts" 1 "$(printf '%s\n' "$err" | grep -c "tenant acme")"
like "and how many they are" "*cannot declare owns*; its account fails" "$(printf '%s\n' "$err" | grep "tenant acme")"
like "the sums count as the document does, and what the load warned of" "*2 accounts, 0 listeners, 2 warnings, 2 errors; 1 account fails" \
    "$(printf '%s\n' "$out" | head -n 1)"
run thingspace --policy "$work/tenants.lua" policy check -q
like "--quiet counts the same" "*2 warnings, 2 errors; 1 account fails
tenant acme: 1 account, which fails" "$out"
run thingspace --policy "$work/tenants.lua" policy check --output json
json "programs get an error for each account" '.error.errors | length == 2' "$err"
json "and no warning that repeats it" '[.warnings[] | select(test("acme"))] | length == 0' "$err"
run thingspace --policy "$work/tenants.lua" policy eval 1-1
exits "its account fails" 3
run thingspace --policy "$work/tenants.lua" policy eval 2-1
exits "the operator's does not" 0

# diff
cat >"$work/old.lua" <<'END'
return { name = "fleet", accounts = { "A", "B", "C" },
  listeners = function(account) return { CarrierService = { url = "https://h.example.com/" .. account } } end }
END
cat >"$work/new.lua" <<'END'
return { name = "fleet", accounts = { "A", { account = "B", timeout_ms = 5000 }, "D" },
  listeners = function(account) return { CarrierService = { url = "https://h.example.com/" .. account } } end }
END
run thingspace policy diff "$work/old.lua" "$work/new.lua"
exits "a difference is an answer" 0
is "grouped: new, gone, changed" "+ D
- C
~ B  timeout_ms: 30000 -> 5000" "$out"
like "and summed up" "*1 added, 1 removed, 1 changed*" "$err"
run thingspace policy diff --exit-code --output json "$work/old.lua" "$work/new.lua"
exits "with --exit-code it is drift" 6
json "in JSON" '.added == ["D"] and .removed == ["C"] and .changed == [{accountName: "B", fields:
    [{name: "timeout_ms", from: 30000, to: 5000}]}] and .errors == []' "$out"
cp "$work/old.lua" "$work/copy.lua"
run thingspace policy diff --exit-code "$work/old.lua" "$work/copy.lua"
exits "equal policies in two files do not differ" 0
is "and print nothing" "" "$out"
like "but a hint" "*no differences*" "$err"
cat >"$work/one.lua" <<'END'
return { name = "fleet", accounts = { { account = "A", endpoint = "lab" } },
  endpoints = { lab = { url = "https://one.example.com" } },
  plugins = { { "two.lua" }, { "two.lua", name = "gone" } } }
END
echo 'return { name = "two", version = "1", api = 1, hooks = {} }' >"$work/two.lua"
sed 's/one.example/two.example/; s/"two.lua" }/"two.lua", priority = 7 }/; s/, name = "gone"/, name = "new"/' \
    "$work/one.lua" >"$work/two-policy.lua"
run thingspace policy diff --exit-code "$work/one.lua" "$work/two-policy.lua"
exits "an endpoint elsewhere and other plugins are drift" 6
is "account by account, then instance by instance" \
    "~ A  endpoint.api: https://one.example.com/api/m2m/v1 -> https://two.example.com/api/m2m/v1
~ A  endpoint.token: https://one.example.com/api/ts/v1/oauth2/token -> https://two.example.com/api/ts/v1/oauth2/token
+ plugin new
- plugin gone
~ plugin two  priority: 5000 -> 7" "$out"
like "and summed up" "*0 added, 0 removed, 1 changed; plugins: 1 added, 1 removed, 1 changed" "$err"
run thingspace policy diff --output json "$work/one.lua" "$work/two-policy.lua"
json "in JSON" '.plugins.added == [{instance: "new", plugin: "two"}] and (.plugins.removed | length) == 1 and
    .plugins.changed[0].fields == [{name: "priority", from: 5000, to: 7}] and .plugins.order == []' "$out"
run thingspace policy diff "$work/old.lua" "$work/bad.lua"
exits "a policy that fails for an account" 3
like "which one, and why" "*new: *B*" "$err"
like "the others are compared all the same" "*- C*" "$out"
run thingspace policy diff "$work/old.lua" "$work/broken.lua"
exits "a policy that is no Lua" 3
run thingspace policy diff "$work/old.lua" "$work/none.lua"
exits "a policy that is not there" 9
run thingspace policy diff "$work/old.lua"
exits "one policy alone" 2
run thingspace policy check --exit-code --policy "$work/old.lua"
exits "--exit-code where it means nothing" 2
end
