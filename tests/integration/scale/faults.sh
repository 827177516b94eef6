#!/bin/bash
# SPDX-License-Identifier: MIT
# A thousand accounts and a service that fails in every way at once: apply, and apply again, until
# there is nothing to do. Then what is registered is what was declared, nothing foreign was touched,
# and no user came near its lock.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator --seed "${FAULT_SEED:-7}" --second-post "${FAULT_POST:-refuse}"
# shellcheck source=tests/integration/scale/fleet.sh
. "$top_srcdir/tests/integration/scale/fleet.sh"
# shellcheck source=tests/integration/plugins/compiled.sh
. "$top_srcdir/tests/integration/plugins/compiled.sh"

count=${FAULT_ACCOUNTS:-1000} runs_at_most=15
audit="$(module audit),{\"file\":\"$work/audit.jsonl\"}"

# What is there before: some as declared, some of an older version, some that are ours and declared
# no more, some of strangers, in front of ours and behind.
before() {
    declared=$1
    printf '%s' "$declared" | jq -c '
        def old(s): {accountName, serviceName: s, url: "https://old.example.com/\(.accountName)",
                     username: "", password: ""};
        def foreign(s): {accountName, serviceName: s, username: "theirs", password: "theirs too",
                         url: "https://stranger.example.net/\(.accountName)/\(s)"};
        [.[] | (.accountName[2:] | tonumber) as $n |
            if .serviceName == "CarrierService" then
                (if $n % 4 == 0 then foreign("ResumeTracking") else empty end),
                (if $n % 5 == 0 then old("CarrierService") else empty end),
                (if $n % 7 == 0 then old("PromoChanges") else empty end),
                (if $n % 8 == 0 then foreign("SMSDelivery") else empty end)
            elif .serviceName == "DeviceService" and $n % 6 == 1 then . else empty end]'
}

# Each is met by some of the requests; they add up to one in twenty.
faults='* /callbacks* status=503 chance=1%
* /callbacks* status=429 header=Retry-After:1 chance=0.3%
* /callbacks* reset chance=0.5%
* /callbacks* reset after chance=0.5%
* /callbacks* close chance=0.5%
* /callbacks* close after chance=0.5%
* /callbacks* status=502 after chance=0.3%
* /callbacks* cut=9 chance=0.5%
* /callbacks* expire=bearer chance=0.1%
* /callbacks* expire=session chance=0.1%
* /callbacks* expire=session after chance=0.1%
* /callbacks* delay=400 chance=0.5%
* /callbacks* drip=200 chance=0.2%
POST /oauth2/token status=503 chance=20%
POST /oauth2/token reset chance=20%
POST /session/login delay=300 chance=20%
POST /session/login close after skip=2 times=1'

# round VERSION: from one state to the next
round() {
    declared=$(fleet_declared "$count" "$1" | by_name)
    foreign=$(control GET listeners | jq -c '.listeners[] | select(.url | startswith("https://stranger.example.net/"))')
    fault "$faults"
    # The first run has a wrong password for a third of the accounts, and so has the second.
    printf 'west-wrong' >"$work/west/password"
    runs=0 status=1 codes=
    while [ "$status" != 0 ] && [ "$runs" -lt "$runs_at_most" ]; do
        runs=$((runs + 1))
        [ "$runs" = 3 ] && printf 'west-password' >"$work/west/password"
        run thingspace --plugin "$audit" --set "version=$1" apply --yes --prune --force --output json
        cp "$work/out" "$work/out.$runs"
        cp "$work/err" "$work/err.$runs"
        codes="$codes $status"
    done
    exits "version $1: apply is done, after $runs runs ($codes)" 0
    same "version $1: registered is what was declared" "$declared" \
        "$(registered '.url | startswith("https://stranger.example.net/") | not')"
    if [ "$foreign" = "$(control GET listeners | jq -c '.listeners[] | select(.url | startswith("https://stranger.example.net/"))')" ]; then
        ok "version $1: nothing foreign was touched"
    else
        not_ok "version $1: nothing foreign was touched"
    fi
    state=$(control GET state)
    json "version $1: no user had more than two failed logins" \
        '.lockedUsers == [] and ([.mostFailedLogins[]] | max // 0) <= 2' "$state"
    is "version $1: each fault was met" "" \
        "$(printf '%s' "$state" | jq -r '[.faults, .faultUses] | transpose[] | select(.[1] == 0) | .[0] | select(contains("/callbacks"))')"
    faultless
    run thingspace --set "version=$1" plan --exit-code
    exits "version $1: plan has nothing to do" 0
}

fleet_policy "$count"
control POST listeners "$(before "$(fleet_declared "$count" 1)")"
is "listeners of strangers are there" $((count / 4 + count / 8)) \
    "$(registered '.url | startswith("https://stranger.example.net/")' | jq length)"
for version in $(seq "$rounds"); do
    round "$version"
done
run thingspace audit verify "$work/audit.jsonl"
exits "the audit file fits" 0
end
