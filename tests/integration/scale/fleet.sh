# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
# Sourced after ../lib.sh: a fleet of accounts with a policy, what it declares told a second time by
# jq, and what the stand-in has of it. Accounts belong to three users: N-0001, S-0002, W-0003, N-0004...

# What follows is for rounds of any number: `make check-faults FAULT_ROUNDS=20`.
rounds=${FAULT_ROUNDS:-1}

# fleet_declared COUNT VERSION: what the policy declares, as the stand-in tells it
fleet_declared() {
    jq -nc --argjson count "$1" --arg version "$2" '
        def name: ["W", "N", "S"][. % 3] + "-" + (("000" + tostring)[-4:]);
        [range(1; $count + 1) | . as $n | name as $a |
            ("CarrierService", "DeviceService",
             (if $n % 2 == 0 then "NiddService" else empty end),
             (if $n % 3 == 0 then "DeviceUsage" else empty end),
             (if $n % 5 == 0 then "BullseyeReporting" else empty end),
             (if $n % 6 == 0 then "Fota" else empty end)) as $s |
            {accountName: $a, serviceName: $s,
             url: "https://hooks.example.com/\($version)/\($a)/\($s)",
             username: (if $s == "CarrierService" then $a else "" end),
             password: (if $s == "CarrierService" then "hook-secret" else "" end)} +
            ({BullseyeReporting: {api: "hyper-precise"}, Fota: {api: "software-v2"}}[$s] // {})]'
}

# fleet_policy COUNT: policy.lua, accounts.csv, secrets and the users of the stand-in
fleet_policy() {
    jq -nr --argjson count "$1" '
        "account,credential", (range(1; $count + 1) |
            ["west", "north", "south"][. % 3] as $c |
            "\($c[0:1] | ascii_upcase)-\(("000" + tostring)[-4:]),\($c)")' >"$work/accounts.csv"
    for user in north south west; do
        mkdir -p -m 700 "$work/$user"
        printf '%s-key' $user >"$work/$user/key"
        printf '%s-secret' $user >"$work/$user/secret"
        printf '%s-user' $user >"$work/$user/username"
        printf '%s-password' $user >"$work/$user/password"
    done
    printf 'hook-secret' >"$work/hook"
    chmod 600 "$work/hook" "$work"/*/*
    cat >"$work/policy.lua" <<'END'
local secret = thingspace.secret
local version = thingspace.settings.version or "1"
-- By name: which accounts have it, one in so many; and its API.
local services = {
  CarrierService = { 1 }, DeviceService = { 1 }, NiddService = { 2 }, DeviceUsage = { 3 },
  BullseyeReporting = { 5, "hyper-precise" }, Fota = { 6, "software-v2" },
}
return {
  name = "fleet",
  credentials = { north = secret.dir("north"), south = secret.dir("south"), west = secret.dir("west") },
  accounts = thingspace.csv("accounts.csv"),
  owns = { "https://old.example.com/*" },
  resolve = function(account, row) return { credential = row.credential } end,
  listeners = function(account)
    local number, wanted = tonumber(account:sub(3)), {}
    for name, service in pairs(services) do
      if number % service[1] == 0 then
        wanted[name] = { url = "https://hooks.example.com/" .. version .. "/" .. account .. "/" .. name, api = service[2] }
      end
    end
    wanted.CarrierService.username = account
    wanted.CarrierService.password = secret.file("hook")
    return wanted
  end,
}
END
    control POST credentials "$(jq -nc '[("north", "south", "west") |
        {key: "\(.)-key", secret: "\(.)-secret", username: "\(.)-user",
         password: "\(.)-password", accounts: ["\(.[0:1] | ascii_upcase)-*"]}]')"
    THINGSPACE_POLICY=$work/policy.lua
    export THINGSPACE_POLICY
}

# registered [FILTER]: what the stand-in has, by account and service
registered() {
    control GET listeners | jq -c "[.listeners[] | select(${1:-true})] | sort_by(.accountName, .serviceName)"
}
# by_name: the same order for what comes in
by_name() { jq -c 'sort_by(.accountName, .serviceName)'; }

# same WHAT WANTED GOT: two such lists, told by what differs
same() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        printf '%s' "$2" | jq -c '.[]' >"$work/wanted"
        printf '%s' "$3" | jq -c '.[]' >"$work/got"
        not_ok "$1" "$(diff "$work/wanted" "$work/got" | head -n 20)"
    fi
}
