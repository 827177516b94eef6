#!/bin/bash
# SPDX-License-Identifier: MIT
# apply where nothing can be kept: a state directory that is read-only, somebody else's or full, an
# audit file, a plan and an output without room. One clear line, exit 9, nothing half-written, and
# no listener removed without a record of it.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
# shellcheck source=tests/integration/threats/nobody.sh
. "$top_srcdir/tests/integration/threats/nobody.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator --second-post refuse
# shellcheck source=tests/integration/scale/fleet.sh
. "$top_srcdir/tests/integration/scale/fleet.sh"
# shellcheck source=tests/integration/plugins/compiled.sh
. "$top_srcdir/tests/integration/plugins/compiled.sh"

count=4
fleet_policy "$count"
thingspace apply --yes >/dev/null 2>&1
had=$(registered)
same "what is there" "$(fleet_declared "$count" 1 | by_name)" "$had"
deletes() { control GET state | jq '[.paths | to_entries[] | select(.key | startswith("DELETE ")) | .value] | add // 0'; }
update() { thingspace --set version=2 apply --yes --force "$@"; }
# The last line of what was told, which is the error.
last() { tail -n 1 "$work/err"; }

# unharmed WHAT: after the last `run` nothing was removed, and nothing is lost
unharmed() {
    exits "$1" 9
    like "$1: it is told" "thingspace: local: *" "$(last)"
    is "$1: nothing was removed" "$removed" "$(deletes)"
    same "$1: what was there is there" "$had" "$(registered)"
}
removed=$(deletes)

# ---- a state directory that cannot be written ----

if can_be_nobody; then
    mine=$THINGSPACE_STATE_DIR
    chmod 755 "$work"
    cp -r "$mine" "$work/theirs"
    chown -R 65534 "$work/theirs"
    THINGSPACE_STATE_DIR=$work/theirs run update
    unharmed "a state directory of another user"

    # The policy's files belong to who runs it.
    chown -R 65534 "$work"/north "$work"/south "$work"/west "$work"/hook "$work"/policy.lua "$work"/accounts.csv
    cp -r "$mine" "$work/readonly"
    chown -R 65534 "$work/readonly"
    chmod 500 "$work/readonly"
    THINGSPACE_STATE_DIR=$work/readonly run as_nobody thingspace --set version=2 apply --yes --force
    unharmed "a state directory that is read-only"
    chown -R 0 "$work"/north "$work"/south "$work"/west "$work"/hook "$work"/policy.lua "$work"/accounts.csv
else
    skip "state directories of other users" "needs root, and a build that others can reach"
fi

# ---- no room ----

# What it says goes through pipes: the limit holds for every file.
err=$(bash -c 'ulimit -f 0; exec thingspace --set version=2 apply --yes --force' 2>&1 >/dev/null)
status=$?
printf '%s\n' "$err" >"$work/err"
unharmed "no room for any file"
is "no room for any file: nothing half-written" "" \
    "$(find "$THINGSPACE_STATE_DIR" \( -name 'intent-*' -o -name '*.tmp*' \) -size +0)"

if [ "$(id -u)" = 0 ] && mkdir "$work/disk" &&
    mount -t tmpfs -o size=64k,mode=700 none "$work/disk" 2>/dev/null; then
    trap 'umount "$work/disk"; rm -rf "$work"' EXIT
    cp "$THINGSPACE_STATE_DIR"/* "$work/disk/"
    cat /dev/zero >"$work/disk/filler" 2>/dev/null
    THINGSPACE_STATE_DIR=$work/disk run update
    unharmed "a full disk"
    is "a full disk: no record of what was not done" "" "$(find "$work/disk" -name 'intent-*' -size +0)"
    rm "$work/disk/filler"
    audited="$(module audit),{\"file\":\"$work/disk/audit.jsonl\"}"
    thingspace --plugin "$audited" list N-0001 >/dev/null 2>&1
    cat /dev/zero >"$work/disk/filler" 2>/dev/null
    run update --plugin "$audited"
    like "an audit file without room: nothing is sent" "[1-9]" "$status"
    is "an audit file without room: nothing was removed" "$removed" "$(deletes)"
    same "an audit file without room: what was there is there" "$had" "$(registered)"
    run thingspace --set version=2 plan --out "$work/disk/a.plan"
    exits "no room for a plan" 9
    is "no room for a plan: nothing half-written" "" "$(find "$work/disk" -name '*.plan*')"
    rm "$work/disk/filler"
else
    skip "a full disk" "only root can mount one"
fi

# ---- what is told cannot be told ----

to_full() { "$@" >/dev/full; }
run to_full thingspace --set version=2 plan --output json
exits "a plan to a full output" 9
if mknod "$work/full" c 1 7 2>/dev/null; then # not the one that all others use
    run thingspace --set version=2 plan --out "$work/full"
    exits "a plan saved as a device" 9
    is "which is what it was" "character special file" "$(stat -c %F "$work/full")"
else
    skip "a plan saved as a device" "only root can make one"
fi

# Each change was under way before its line failed: none is lost, and none is half done.
run to_full thingspace --set version=2 apply --yes --force --output json
exits "an output without room" 9
like "an output without room: it is told" "*\"kind\":\"local\"*" "$(last)"
is "an output without room: no listener is missing" "$(printf '%s' "$had" | jq length)" "$(registered | jq length)"
is "an output without room: no record is left" "" "$(find "$THINGSPACE_STATE_DIR" -name 'intent-*.json')"
run update
exits "the next run completes" 0
same "as declared" "$(fleet_declared "$count" 2 | by_name)" "$(registered)"
end
