#!/bin/sh
# SPDX-License-Identifier: MIT
# list of many accounts: several at once, in their order, with one login.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator --latency-ms 20

accounts=$(seq -f 'T-%03g' 100)
{
    printf 'return { name = "many", accounts = {'
    printf '"%s", ' $accounts
    printf '} }\n'
} >"$work/policy.lua"
for account in T-001 T-050 T-100; do
    thingspace -q register "$account" CarrierService "https://hooks.example.com/$account" >/dev/null
done
control POST reset
for account in T-001 T-050 T-100; do
    thingspace -q register "$account" CarrierService "https://hooks.example.com/$account" >/dev/null
done
before=$(date +%s%N)
run thingspace --policy "$work/policy.lua" list
after=$(date +%s%N)
exits "all accounts of the policy" 0
is "in the policy's order" "T-001 T-050 T-100" "$(cut -f 1 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
elapsed=$(((after - before) / 1000000))
if [ "$elapsed" -lt 1500 ]; then
    ok "several at once (100 answers of 20 ms)"
else
    not_ok "several at once (100 answers of 20 ms)" "$elapsed ms"
fi
# shellcheck disable=SC2086
run thingspace list T-100 T-001
is "in the order asked for" "T-100 T-001" "$(cut -f 1 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
run thingspace --policy "$work/policy.lua" policy check -v
is "every decision" 101 "$(wc -l <"$work/out" | tr -d ' ')"

run thingspace deregister T-001 CarrierService Nope
exits "one of two removed" 7
is "what is done is told" "removed  T-001  CarrierService" "$out"
thingspace -q register T-001 CarrierService https://hooks.example.com/1 >/dev/null
thingspace -q register T-001 DeviceService https://hooks.example.com/1 >/dev/null
run thingspace deregister T-001 --all
is "--all removes all" 2 "$(wc -l <"$work/out" | tr -d ' ')"
run thingspace list T-001
is "nothing is left" "" "$out"

thingspace -q register T-001 CarrierService https://hooks.example.com/1 >/dev/null
fault 'GET /callbacks/* body="[{\"serviceName\":\"CarrierService\"},{\"serviceName\":7}]"'
run thingspace deregister T-001 --all
exits "a list that is half readable" 5
is "is told once" 1 "$(wc -l <"$work/err" | tr -d ' ')"
json "and nothing is removed" '.listeners | length > 0' "$(control GET state)"
faultless

# More values than a foreign document may have.
printf 'local t = {}\nfor i = 1, 20000 do t[i] = string.format("T-%%05d", i) end\n' >"$work/many.lua"
printf 'return { name = "many", accounts = t }\n' >>"$work/many.lua"
run thingspace --policy "$work/many.lua" policy check
is "20,000 accounts are checked" \
    "many ($work/many.lua): 20,000 accounts, 0 listeners, 0 warnings, 0 errors" "$out"
end
