#!/bin/sh
# SPDX-License-Identifier: MIT
# import: what is registered becomes a policy whose first plan has nothing to do.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

# 300 accounts: most with 20 services of one template, some odd ones, every 50th without any; those
# that end in 3 have ten, two have a listener of another API.
jq -nc '[range(1; 301) as $i | "0000123456-\("00000\($i)"[-5:])" as $account |
    select($i % 50 != 0) |
    (range(0; if $i % 10 == 3 then 10 else 20 end) as $k | "Service\($k)" as $service |
     {accountName: $account, serviceName: $service,
      url: (if $i % 100 == 7 and $k == 4 then "https://odd.example.com:9001/\($i)?x=%22\"\"..os.exit()"
            else "https://hooks.example.com/cb/\($account)/\($service)" end),
      username: (if $k < 2 then $account elif $k == 2 then "user \"]]\($i % 3)" else null end),
      password: (if $k < 3 then "p-secret-\($i)" else null end)}),
    (if $i < 3 then {accountName: $account, serviceName: "Location", api: "location",
                     url: "https://loc.example.com/\($account)"} else empty end)] |
    {listeners: map(with_entries(select(.value != null)))}' >"$work/state.json"
listeners=$(jq '.listeners | length' "$work/state.json")
curl -sS --noproxy '*' -X POST --data-binary "@$work/state.json" "$THINGSPACE_URL/simulator/listeners" >/dev/null
{
    echo "# all of them"
    seq -f '0000123456-%05.0f  ' 1 300
    echo
} >"$work/accounts.txt"

run thingspace import --accounts "$work/accounts.txt" --api location --out "$work/fleet.lua"
exits "300 accounts" 0
is "what is written is told" "wrote  $work/fleet.lua  300 accounts, $listeners listeners" "$out"
like "and what to do next" "*next: thingspace --policy $work/fleet.lua plan" "$err"
if [ "$(wc -c <"$work/fleet.lua")" -lt 48000 ]; then ok "it is short"; else not_ok "it is short" "$(wc -c <"$work/fleet.lua")"; fi
is "no password is in it" 0 "$(grep -c p-secret "$work/fleet.lua")"
is "it follows the umask" "-rw-r--r--" "$(umask 022; thingspace -q import 0000123456-00001 --out "$work/one.lua" >/dev/null; ls -l "$work/one.lua" | cut -c 1-10)"
is "its name is the file's" "  name = \"fleet\"," "$(grep '^  name' "$work/fleet.lua")"
run thingspace --policy "$work/fleet.lua" policy check
exits "it is a policy" 0
run thingspace --policy "$work/fleet.lua" plan --exit-code
exits "the first plan" 0
like "nothing to do" "*nothing to do; $(printf '%s' "$listeners" | sed 's/\(...\)$/,\1/') as declared" "$out"

# one line changed
sed 's|"https://odd.example.com:9001/7?|"https://new.example.com/7?|' "$work/fleet.lua" >"$work/changed.lua"
run thingspace --policy "$work/changed.lua" plan --output json
json "a plan shows just that" '.change == 1 and .add + .takeover + .remove + .foreign == 0 and
    .changes[0].accountName == "0000123456-00007" and .changes[0].serviceName == "Service4"' "$out"
sed 's|^    { account = "0000123456-00009",.*|    "0000123456-00009",|' "$work/fleet.lua" >"$work/changed.lua"
run thingspace --policy "$work/changed.lua" plan --output json
json "so does an account that is to have none" '.remove == 20 and .add + .change + .takeover + .foreign == 0' "$out"
sed '/^  loc_example_com_location = /d; s/, loc_example_com_location = "Location"//' "$work/fleet.lua" >"$work/changed.lua"
run thingspace --policy "$work/changed.lua" plan
exits "the API of a listener that is gone is not looked at" 0

is "every form is there once" 1 "$(grep -c 'url = "https://hooks.example.com/cb/{account}/{service}" }' "$work/fleet.lua")"
sed 's|url = "https://hooks.example.com/|url = "https://moved.example.com/|' "$work/fleet.lua" >"$work/changed.lua"
is "a host moves in the lines of its forms" 5 "$(diff "$work/fleet.lua" "$work/changed.lua" | grep -c '^>')"
run thingspace --policy "$work/changed.lua" plan --output json
json "all its listeners move" ".change == $((listeners - 5)) and .unchanged == 5 and .add + .takeover + .remove + .foreign == 0" "$out"
sed 's/00009", hooks_example_com = /00009", hook_example_com = /' "$work/fleet.lua" >"$work/changed.lua"
run thingspace --policy "$work/changed.lua" policy eval 0000123456-00009
exits "a form that is not there" 3
like "is told" "*there is no form hook_example_com*" "$err"

# a policy read with a policy
run thingspace --policy "$work/fleet.lua" import --out "$work/again.lua" --name fleet
exits "the accounts of a policy" 0
sed 1d "$work/fleet.lua" >"$work/one"
sed 1d "$work/again.lua" >"$work/other"
if cmp -s "$work/one" "$work/other"; then ok "it says the same"; else not_ok "it says the same" "$(diff "$work/one" "$work/other" | head -n 9)"; fi

# files
run thingspace import 0000123456-00001 --out "$work/fleet.lua"
exits "a file that is there" 9
like "is not overwritten" "*$work/fleet.lua is there already*--force*" "$err"
run thingspace import 0000123456-00001 --out "$work/one.lua" --force
exits "unless that is said" 0
is "nothing is left beside it" "accounts.txt again.lua changed.lua fleet.lua one.lua state.json" \
    "$(cd "$work" && ls ./*.lua ./*.json ./*.txt ./*.part 2>/dev/null | sed 's|./||' | sort | tr '\n' ' ' | sed 's/ $//')"
run thingspace import 0000123456-00001 --out "$work/nowhere/x.lua"
exits "a folder that is not there" 9
run thingspace import 0000123456-00001
exits "to standard output" 0
like "the script" "-- What was registered on *0000123456-00001*" "$out"
run thingspace import 0000123456-00001 --output json
json "in JSON" '.policy == null and .data == null and .accounts == 1 and .listeners == 20 and
    .skipped == [] and (.script | startswith("-- What"))' "$out"

# lists of accounts
printf 'name,account\r\n"a, b",0000123456-00001\r\nc,0000123456-00002\r\n' >"$work/list.csv"
run thingspace import --accounts "$work/list.csv" --output json
json "CSV" '.accounts == 2' "$out"
printf 'account,region,tags,Customer No\n0000123456-00001,eu,tier=gold,7\n0000123456-00002,,,\n' >"$work/list.csv"
run thingspace import --accounts "$work/list.csv" --out "$work/columns.lua"
exits "columns" 0
like "stay in the rows" '*{ account = "0000123456-00001", region = "eu", tags = "tier=gold", \["Customer No"\] = "7", hooks*
    { account = "0000123456-00002", hooks*' "$(cat "$work/columns.lua")"
run thingspace --policy "$work/columns.lua" plan --exit-code --tag tier=gold
exits "and count" 0
like "for one account" "*nothing to do; 20 as declared" "$out"
printf 'account,\n0000123456-00001,eu\n' >"$work/list.csv"
run thingspace import --accounts "$work/list.csv"
exits "a column without a name" 2
like "is refused" "*column 2 has no name*" "$err"
printf 'account,credential\n0000123456-00001,north\n' >"$work/list.csv"
run thingspace import --accounts "$work/list.csv"
exits "a credential that is not the one it is read with" 2
like "is told" "*column credential says north*environment*" "$err"
run sh -c 'printf "account\n0000123456-00001\n" | thingspace import 0000123456-00002 --accounts - --output json'
json "words and standard input" '.accounts == 2' "$out"
printf 'name\n0000123456-00001 0000123456-00002\n' >"$work/list"
run thingspace import --accounts "$work/list"
exits "two names in a line" 2
like "which line" "*line 2:*" "$err"
printf 'name,customer\n1,2\n' >"$work/list"
run thingspace import --accounts "$work/list"
exits "CSV without accounts" 2
printf '# nothing\n' >"$work/list"
run thingspace import --accounts "$work/list"
exits "an empty list" 2
run thingspace import --accounts "$work/missing"
exits "a list that is not there" 9
run thingspace import
exits "no account at all" 2
run thingspace import 0000123456-00001 --dry-run
exits "nothing to preview" 2

# what cannot be read, what cannot be declared
fault 'GET /callbacks/0000123456-00002 status=400 body="{\"errorCode\":\"REQUEST_FAILED.AccountName\"}"'
run thingspace import 0000123456-00001 0000123456-00002 --output json
exits "some cannot be read" 7
json "the others are written" '.accounts == 1' "$out"
json "and those are named" '.error.kind == "partial" and (.error.errors | length) == 1 and
    .error.errors[0].account == "0000123456-00002"' "$err"
run thingspace import 0000123456-00002 --out "$work/none.lua"
exits "none can be read" 1
if [ -e "$work/none.lua" ]; then not_ok "nothing is written"; else ok "nothing is written"; fi
run thingspace import 0000123456-00002 bad/name
exits "the error that came first decides" 2
like "and both are told" "*bad/name*0000123456-00002*" "$err"
run thingspace import bad/name
exits "an account that cannot be sent" 2
faultless
control POST listeners '[{"accountName":"A-00001","serviceName":"Odd","url":"ftp://h.example.com/"}]' >/dev/null
run thingspace import A-00001
exits "what cannot be declared" 0
like "is told" "*A-00001 Odd is left out: *" "$err"
like "and a comment" "*--   A-00001 Odd: *" "$out"
run thingspace import A-00001 --output json
json "in JSON" '.skipped[0].accountName == "A-00001" and .skipped[0].serviceName == "Odd"' "$out"

# what a policy declares in other words
control POST listeners '[{"accountName":"D-00001","serviceName":"Braces","url":"https://h.example.com/{x}?{account}"},
    {"accountName":"D-00001","serviceName":"Quote","url":"https://h.example.com/it'\''s"},
    {"accountName":"D-00001","api":"software-v1","serviceName":"Fota","url":"https://h.example.com/1"},
    {"accountName":"D-00001","api":"software-v2","serviceName":"Fota","url":"https://h.example.com/2"}]' >/dev/null
run thingspace import D-00001 --api software-v1 --api software-v2 --out "$work/words.lua"
exits "braces, refused characters, one name in two APIs" 0
run thingspace --policy "$work/words.lua" plan --exit-code
exits "are in order at once" 0
like "all of them" "*nothing to do; 4 as declared*" "$out"

# too long for a script
jq -nc '{listeners: [range(0; 3000) | {accountName: "B-\(. / 10 | floor)", serviceName: "S\(. % 10)",
    url: "https://hooks.example.com/\(.)-\("0123456789" * 6)"}]}' >"$work/state.json"
curl -sS --noproxy '*' -X POST --data-binary "@$work/state.json" "$THINGSPACE_URL/simulator/listeners" >/dev/null
seq -f 'B-%.0f' 0 299 >"$work/accounts.txt"
run thingspace import --accounts "$work/accounts.txt"
exits "a script that is too long" 2
like "needs a file" "*--out*" "$err"
run thingspace import --accounts "$work/accounts.txt" --out "$work/long.lua" --output json
exits "has one" 0
json "which is named" ".policy == \"$work/long.lua\" and .data == \"$work/long.csv\" and .listeners == 3000" "$out"
run thingspace --policy "$work/long.lua" plan --exit-code
exits "its first plan" 0
like "nothing to do with a table" "*nothing to do; 3,000 as declared" "$out"

# another credential
mkdir "$work/north"
for part in key secret username password; do
    name=THINGSPACE_$(printf '%s' "$part" | tr '[:lower:]' '[:upper:]')
    printf '%s' "$(printenv "$name")" >"$work/north/$part"
    chmod 600 "$work/north/$part"
done
cat >"$work/old.lua" <<END
return {
  name = "old",
  endpoints = { lab = { url = "$THINGSPACE_URL" } },
  credentials = { north = thingspace.secret.dir("north") },
  accounts = { { account = "0000123456-00001", endpoint = "lab", credential = "north" }, "0000123456-00002",
               { account = "0000123456-00003", endpoint = "lab", credential = "north" } },
}
END
run thingspace --policy "$work/old.lua" import --out "$work/two.lua"
exits "another endpoint and credential" 0
like "what is needed is told" "*credentials are folders*" "$err"
run thingspace --policy "$work/two.lua" plan --exit-code
exits "its first plan" 0
run thingspace --policy "$work/two.lua" policy eval 0000123456-00002
like "each account has its own" "*environment*environment*" "$out"
run thingspace --policy "$work/two.lua" policy eval 0000123456-00003 --output json
json "the other" '.endpoint == "lab" and .credential == "north"' "$out"
end
