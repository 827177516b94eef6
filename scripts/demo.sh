#!/bin/sh
# SPDX-License-Identifier: MIT
# The main job, step by step, on the embedded simulator: a callback listener is registered for
# TestAccount-2 through a Lua policy, listed, taken over, and removed. Sets up a fresh Debian 12
# machine by itself. Nothing leaves this machine.
set -eu
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --inside ]; then
    thingspace=$2
    bold='' plain=''
    [ ! -t 1 ] || { bold=$(printf '\033[1m') plain=$(printf '\033[0m'); }
    step() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }
    run() {
        printf '$ thingspace'
        printf ' %s' "$@"
        printf '\n'
        "$thingspace" "$@" 2>&1
    }
    refuses() { run "$@" && { say "this should have been refused"; exit 1; } || true; }

    step "The policy: which accounts there are, and what should be registered for them"
    grep -v '^ *--' "$top/scripts/quickstart.lua" | sed '/^$/d; s/^/    /'
    run --policy "$top/scripts/quickstart.lua" policy check
    step "What it decides for one account (no network, no secret)"
    run policy eval TestAccount-2
    step "Register a listener: a token, a login, one look at what is there, one POST"
    run -vv register TestAccount-2 CarrierService https://hooks.example.com/cb --username acme
    step "Once more: it is there already, nothing is sent; the tokens come from the cache"
    run -vv register TestAccount-2 CarrierService https://hooks.example.com/cb --username acme
    step "Somebody points the same service elsewhere: refused, until --replace is said"
    refuses register TestAccount-2 CarrierService https://staging.example.com/cb
    run register TestAccount-2 CarrierService https://staging.example.com/cb --replace
    step "What is registered, for people and for programs"
    run list TestAccount-2
    run list TestAccount-2 --output json
    step "An account that the policy does not declare never reaches the network"
    refuses register 0000999999-00001 CarrierService https://hooks.example.com/cb
    step "What would be sent, without sending it"
    run register TestAccount-2 DeviceUsage https://hooks.example.com/du --dry-run
    step "Tokens and the latch that keeps the login from being locked"
    run auth status
    step "Remove it"
    run deregister TestAccount-2 CarrierService
    run list TestAccount-2
    printf '\nDone. The same commands work against ThingSpace itself: set THINGSPACE_KEY, _SECRET,\n'
    printf '_USERNAME and _PASSWORD (or each with _FILE), and leave `thingspace simulate` out.\n'
    exit 0
fi

# shellcheck disable=SC2086
need $build_packages
say "Building in $top/build (its output: build/build.log)"
build "$top/build"
export THINGSPACE_POLICY="$top/scripts/quickstart.lua"
exec "$top/build/cli/thingspace" simulate -- "$0" --inside "$top/build/cli/thingspace"
