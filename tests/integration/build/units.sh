#!/bin/sh
# SPDX-License-Identifier: MIT
# What systemd says of the units, and what they run, as another user with credentials as systemd
# hands them over: drift is seen, applied and gone, and each status has its line in the journal.
set -u
INSIDE_SIMULATOR=${INSIDE_SIMULATOR:-}
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
need systemd-analyze curl jq

root=$work/root
install_units() {
    MAKEFLAGS='' make -s -C "$top_builddir" install-systemdsystemunitDATA install-systempresetDATA \
        install-sysusersDATA install-tmpfilesDATA install-config DESTDIR="$root"
}
uninstall_units() {
    MAKEFLAGS='' make -s -C "$top_builddir" uninstall-systemdsystemunitDATA uninstall-systempresetDATA \
        uninstall-sysusersDATA uninstall-tmpfilesDATA uninstall-config DESTDIR="$root"
}
grep -q '^systemdsystemunitdir = .' "$top_builddir/Makefile" || skip_all "configured without units"
# shellcheck disable=SC2119
inside_simulator
chmod 755 "$work"

# ---- installed ----

run install_units
exits "the units are installed" 0
units=$(find "$root" -name thingspace-drift.service -exec dirname {} \;)
etc=$(find "$root" -type d -path '*/etc/thingspace')
preset=$(find "$root" -name '80-thingspace.preset')
is "no timer is enabled by itself" "disable thingspace-apply.timer disable thingspace-drift.timer" \
    "$(grep -v '^#' "$preset" | tr '\n' ' ' | sed 's/ $//')"
echo mine >"$etc/policy.lua"
run install_units
is "what an administrator wrote stays" mine "$(cat "$etc/policy.lua")"
# shellcheck disable=SC2012
is "credentials are their owner's" drwx------ "$(ls -ld "$etc/credentials" | cut -c 1-10)"
rm "$etc/policy.lua"
run install_units

# systemd takes quotes in this line for a part of the names, and says nothing.
is "credentials have no quotes" "" "$(grep -h '^LoadCredential=.*"' "$units"/*.service)"

# ---- what systemd says ----

# A system in which nothing is but what the units name.
seen=$work/seen
mkdir -p "$seen/etc/systemd/system"
cp "$units"/* "$seen/etc/systemd/system"
for target in sysinit basic shutdown timers network-online; do
    printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$target" >"$seen/etc/systemd/system/$target.target"
done
sed -n 's/^Exec[A-Za-z]*=-*"\([^"]*\)".*/\1/p' "$units"/*.service | sort -u | while read -r program; do
    mkdir -p "$seen$(dirname "$program")"
    printf '#!/bin/sh\n' >"$seen$program"
    chmod 755 "$seen$program"
done
for unit in thingspace-drift.service thingspace-apply.service thingspace-drift.timer thingspace-apply.timer; do
    run systemd-analyze verify --man=no --root="$seen" "$unit"
    is "$unit is valid" "0 " "$status $(printf '%s\n' "$err" | grep thingspace)"
done
for unit in thingspace-drift.service thingspace-apply.service; do
    run systemd-analyze security --offline=true --root="$seen" --threshold=20 "$unit"
    is "$unit is exposed by 2.0 at most" 0 "$status"
done
run systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$units/thingspace-apply.timer")"
exits "the time of thingspace-apply.timer" 0

users=$(find "$root" -path '*sysusers*' -name thingspace.conf)
if command -v systemd-sysusers >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    mkdir -p "$work/system/etc"
    run systemd-sysusers --root="$work/system" "$users"
    like "the user is made" "thingspace:*:/var/lib/thingspace:*" "$(grep ^thingspace: "$work/system/etc/passwd")"
    folders=$(find "$root" -path '*tmpfiles*' -name thingspace.conf)
    run systemd-tmpfiles --root="$work/system" --create "$folders"
    like "the folder of credentials is made" "drwx------ * root root *" \
        "$(ls -ld "$(find "$work/system" -name credentials)")"
else
    skip "the user is made" "needs systemd-sysusers and root"
    skip "the folder of credentials is made" "needs root"
fi

# ---- what they run ----

mkdir "$work/state" "$work/credentials"
for part in key:demo-key secret:demo-secret username:demo-user password:demo-password; do
    echo "${part#*:}" >"$work/credentials/thingspace_${part%:*}"
done
chmod 400 "$work/credentials"/*
as=
if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups \
    thingspace --version >/dev/null 2>&1; then
    as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    chown -R 65534:65534 "$work/state" "$work/credentials"
fi
# The policy where that user gets to it, without the other secrets of the folder.
mkdir "$work/etc"
cp "$etc/policy.lua" "$etc/accounts.csv" "$work/etc"
unset THINGSPACE_KEY THINGSPACE_SECRET THINGSPACE_USERNAME THINGSPACE_PASSWORD THINGSPACE_STATE_DIR

# unit drift|apply: its ExecStart= and ExecStopPost=, as systemd would
unit() {
    file=$units/thingspace-$1.service
    start=$(sed -n 's/^ExecStart="[^"]*" \(.*\) \$[A-Z]*_OPTIONS$/\1/p' "$file")
    stop=$(sed -n 's/^ExecStopPost=-"[^"]*" //p' "$file")
    # shellcheck disable=SC2086
    run $as env THINGSPACE_POLICY="$work/etc/policy.lua" STATE_DIRECTORY="$work/state" \
        CREDENTIALS_DIRECTORY="$work/credentials" thingspace $start </dev/null
    result=exit-code
    [ "$status" != 0 ] || result=success
    line=$(outcome "$stop" "$result" exited "$status")
}
# outcome COMMAND RESULT CODE STATUS
outcome() {
    THINGSPACE_POLICY=policy.lua SERVICE_RESULT=$2 EXIT_CODE=$3 EXIT_STATUS=$4 \
        sh "$top_srcdir/packaging/systemd/unit-outcome" "$1"
}

run thingspace --policy "$work/etc/policy.lua" policy check
exits "the policy as it comes is valid" 0
for unit in drift apply; do
    unit "$unit"
    exits "$unit with the policy as it comes" 2
    like "$unit says why" "*declare accounts*" "$err"
    like "$unit says it once more" "<3>nothing was done:*policy.lua declares no account*" "$line"
done

# As an administrator would: the comments that are Lua become Lua.
awk '/^  -- (credentials|accounts|listeners|owns) = / { on = 1 }
     !/^  -- / { on = 0 }
     on { sub(/-- /, "") } { print }' "$etc/policy.lua" >"$work/etc/policy.lua"
printf '%s\n' TestAccount-1,main,region=eu TestAccount-2,main,region=us >>"$work/etc/accounts.csv"
run thingspace --policy "$work/etc/policy.lua" policy check
is "the policy is valid without its comment signs" "0 0 warnings, 0 errors" "$status ${out#*listeners, }"

unit drift
exits "nothing is registered" 6
for account in TestAccount-1 TestAccount-2; do
    for service in CarrierService DeviceUsage; do
        like "$account $service is a line" "*  $account  $service  url: (none) -> https://hooks.example.com/$account/$service*" "$out"
    done
done
is "no colours, no progress" "" "$(printf '%s%s' "$out" "$err" | tr -d '[:print:]\n')"
is "the last line" "<4>drift: what is registered differs from policy.lua as listed above (status 6)" "$line"
unit apply
exits "apply" 0
is "a line for each change" 4 "$(printf '%s\n' "$out" | grep -c '"result":"done"}$')"
unit drift
exits "no drift is left" 0
is "nothing more is said of it" "" "$line"
run env THINGSPACE_STATE_DIR="$work/other" THINGSPACE_KEY=demo-key THINGSPACE_SECRET=demo-secret \
    THINGSPACE_USERNAME=demo-user THINGSPACE_PASSWORD=demo-password \
    thingspace register TestAccount-1 DeviceUsage https://stranger.example.net/x --replace
unit drift
exits "somebody has changed one" 6
like "it is named" "*  TestAccount-1  DeviceUsage  url: https://stranger.example.net/x -> https://hooks.example.com/TestAccount-1/DeviceUsage*" "$out"
rm -f "$work/credentials/thingspace_password" "$work/state"/tokens-*.json
unit drift
exits "a credential is missing" 4
like "it is named, too" "*thingspace_password*" "$err"

# ---- words for statuses ----

while read -r result code number priority words; do
    like "$result $code $number" "<$priority>$words*" "$(outcome apply "$result" "$code" "$number")"
done <<'END'
success exited 6 4 drift:
exit-code exited 7 3 incomplete:
exit-code exited 8 3 refused,
exit-code exited 42 3 failed: exited with 42
exit-code exited 130 4 interrupted
exit-code exited 243 3 not started:
signal killed KILL 3 failed: signal
timeout killed TERM 3 stopped:
END

run uninstall_units
is "nothing is left but what was not ours" "" "$(find "$root" -type f)"
end
