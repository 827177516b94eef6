#!/bin/sh
# SPDX-License-Identifier: MIT
# Accounts and endpoints that could lead a request elsewhere, through the real command.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq
inside_simulator "$@"

# How much the stand-in was asked, and for which paths.
asked() { control GET state | jq -r .requestCount; }

before=$(asked)
for account in ../../session/login . .. 'a?b' 'a#b' %2e %2e%2e a/b 'a\b' "a$(printf '\r')b" \
    "$(printf 'a\nb')" "$(printf 'a\303\244')" 'a b' ''; do
    name=$(printf '%s' "$account" | tr '\r\n' '??')
    run thingspace list "$account"
    exits "account '$name'" 2
    is "account '$name': one line of error" 1 "$(grep -c . "$work/err")"
    run thingspace register "$account" CarrierService https://hooks.example.com/a
    exits "register for '$name'" 2
    run thingspace call "$account" POST '/x/{account}'
    exits "call for '$name'" 2
done
is "nothing was sent" "$before" "$(asked)"

# The same bytes in C, Lua, JSON and at the service.
account=0000123456-00001
cat >"$work/policy.lua" <<END
return { name = "bytes", accounts = { "$account" },
  listeners = function(account, row)
    return { DeviceUsage = { url = "https://hooks.example.com/" .. account, username = account } }
  end }
END
run thingspace --policy "$work/policy.lua" --output json policy eval "$account"
json "Lua keeps every byte of an account" ".accountName == \"$account\" and
    .listeners[0].url == \"https://hooks.example.com/$account\" and
    .listeners[0].username == \"$account\"" "$out"
run thingspace --policy "$work/policy.lua" --output json register "$account" DeviceUsage \
    "https://hooks.example.com/$account" --username "$account"
json "the command keeps every byte" ".accountName == \"$account\"" "$out"
json "the service gets every byte" ".listeners[0].accountName == \"$account\" and
    .listeners[0].username == \"$account\" and
    (.paths | has(\"POST /api/m2m/v1/callbacks/$account\"))" "$(control GET state)"
run thingspace --policy "$work/policy.lua" --output json list
json "the list keeps every byte" ".[0].accountName == \"$account\"" "$out"
printf 'account,n\n%s,1\n' "$account" >"$work/accounts.csv"
cat >"$work/csv.lua" <<'END'
return { name = "csv", accounts = thingspace.csv("accounts.csv") }
END
run thingspace --policy "$work/csv.lua" --output json list
json "CSV keeps every byte" ".[0].accountName == \"$account\"" "$out"
for row in 123456 '{ account = 123456 }'; do
    echo "return { name = 'n', accounts = { $row } }" >"$work/number.lua"
    run thingspace --policy "$work/number.lua" list
    exits "a number as an account: $row" 3
    unlike "it is not read as text" "*no listeners*" "$out$err"
done

# Endpoints.
before=$(asked)
port=${THINGSPACE_URL##*:}
for url in file:///etc/passwd gopher://127.0.0.1/ "http://user:pw@127.0.0.1:$port" \
    "http://[::ffff:127.0.0.1]:$port" "http://2130706433:$port" "http://0x7f000001:$port" \
    "http://0177.0.0.1:$port" "http://127.1:$port" https://10.0.0.1 https://169.254.169.254 \
    "http://localhost:$port" ftp://example.com 'https://example.com/?a=b'; do
    run env THINGSPACE_URL="$url" thingspace --timeout 5 list A
    exits "endpoint $url" 2
    unlike "the error shows no password" "*user:pw*" "$err"
    printf 'return { name = "e", accounts = { "A" }, endpoints = { lab = { url = "%s" } } }\n' \
        "$url" >"$work/endpoint.lua"
    run thingspace --policy "$work/endpoint.lua" --timeout 5 list A
    exits "the same in a policy" 3
done
# `localhost` is a name: its address is looked at when it is connected to.
cat >"$work/private.lua" <<END
local url = "http://localhost:$port"
return { name = "e", accounts = { "A", "B" },
  endpoints = { closed = { url = url, insecure = true },
                open = { url = url, insecure = true, private = true } },
  resolve = function(account) return { endpoint = account == "A" and "closed" or "open" } end }
END
run thingspace --policy "$work/private.lua" list A
exits "a name with a private address" 5
like "is told" "*localhost resolves to the private address*private = true*" "$err"
is "nothing was sent to any of them" "$before" "$(asked)"
run thingspace --policy "$work/private.lua" list B
exits "private = true allows it" 0
end
