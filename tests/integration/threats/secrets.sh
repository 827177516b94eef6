#!/bin/bash
# SPDX-License-Identifier: MIT
# What a running command shows of its secrets: to ps, in /proc, in a core file, in its trace, in
# its state directory; and what a list reply with a password shows.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
need curl jq ps
SHELL_UNDER_TEST=bash
inside_simulator "$@"
ulimit -c unlimited 2>/dev/null

# Secrets of our own, that no other text has.
printf 'canary-of-a-listener' >"$work/password"
chmod 600 "$work/password"
register() {
    thingspace "$@" register A CarrierService https://hooks.example.com/a --username u \
        --password-file "$work/password"
}
secrets() {
    printf '%s\n' demo-key demo-secret demo-password canary-of-a-listener
    # What the service gave out: the bearer and the session of each request so far.
    control GET state | jq -r '.requests[].headers[] |
        select(.[0] | ascii_downcase | . == "authorization" or . == "vz-m2m-token") |
        .[1] | ltrimstr("Bearer ") | ltrimstr("Basic ")' | sort -u
}
# has_none WHAT FILE: none of the secrets is in it
has_none() {
    is "$1" "" "$(found_in "$2")"
}
found_in() { secrets | grep -aoF -f - "$1" | sort -u; }
printf 'x=demo-secret;' >"$work/planted"
is "a planted secret is found" demo-secret "$(found_in "$work/planted")"

# ---- a process in the middle of its call ----

fault 'POST /callbacks/* delay=20000'
(cd "$work" && exec thingspace register A CarrierService https://hooks.example.com/a \
    --username u --password-file "$work/password" >"$work/out" 2>"$work/err") &
pid=$!
for _ in $(seq 2000); do
    [ "$(control GET state | jq '.paths["POST /api/m2m/v1/callbacks/A"] // 0')" != 0 ] && break
    sleep 0.05
done
is "secrets are known by now: those given and those of the service" yes \
    "$([ "$(secrets | wc -l)" -ge 7 ] && echo yes)"
ps -o args= -p "$pid" >"$work/ps"
like "ps sees it" "*register A CarrierService*" "$(cat "$work/ps")"
has_none "ps shows no secret" "$work/ps"
tr '\0' '\n' <"/proc/$pid/cmdline" >"$work/cmdline"
has_none "/proc/PID/cmdline has no secret" "$work/cmdline"
if [ "$(id -u)" = 0 ]; then
    tr '\0' '\n' <"/proc/$pid/environ" >"$work/environ"
    has_none "/proc/PID/environ has no secret" "$work/environ"
    # Even when somebody raises the limit of core files again, none is written.
    prlimit --pid "$pid" --core=unlimited 2>/dev/null
else
    skip "/proc/PID/environ has no secret" "only root may look into it"
fi
kill -ABRT "$pid"
wait "$pid" 2>/dev/null
is "it was aborted" 134 "$?"
is "no core file" "" "$(find "$work" -name 'core*' -type f)"
faultless

# ---- what it says ----

register -vv >"$work/out" 2>"$work/err"
is "a whole trace" 0 "$?"
like "with every step" "*debug: POST *" "$(cat "$work/err")"
has_none "the trace has no secret" "$work/err"
has_none "the result has none" "$work/out"
thingspace auth logout --revoke >/dev/null
thingspace -vv auth login >"$work/out" 2>&1
like "a login's trace" "*debug: POST */session/login*" "$(cat "$work/out")"
has_none "has no secret" "$work/out"
fault 'POST /session/login status=400 body="{\"errorCode\":\"X\",\"errorMessage\":\"demo-password is wrong\"}"'
thingspace auth logout >/dev/null
thingspace -vv list A >"$work/out" 2>&1
is "a refused login" 4 "$?"
has_none "an error never repeats what the service echoes of a login" "$work/out"
faultless
thingspace auth unlatch >/dev/null 2>&1
thingspace list A >/dev/null 2>&1
session=$(control GET state | jq -r '.requests[-1].headers[] |
    select(.[0] | ascii_downcase == "vz-m2m-token") | .[1]')
body="{\\\"errorCode\\\":\\\"X.$session\\\",\\\"errorMessage\\\":\\\"$session canary-of-a-listener\\\"}"
fault "POST /callbacks/* status=400 body=\"$body\""
for format in text json; do
    thingspace --output "$format" register A DeviceService https://hooks.example.com/a \
        --password-file "$work/password" >"$work/out" 2>&1
    like "an error of a call ($format)" "*\*\*\* \*\*\* X.\*\*\**" "$(cat "$work/out")"
    has_none "does not repeat what the service echoes" "$work/out"
done
faultless
thingspace list A >/dev/null 2>&1
register --dry-run >"$work/out" 2>&1
like "a dry run" '*"password":"\*\*\*"*' "$(tr -d ' ' <"$work/out")"
has_none "has no secret" "$work/out"
thingspace auth status --output json >"$work/out" 2>&1
has_none "auth status has no secret" "$work/out"

# ---- what others can read of the state directory ----

is "the state directory is the owner's alone" 700 "$(stat -c %a "$THINGSPACE_STATE_DIR")"
is "and so is every file in it" "" "$(find "$THINGSPACE_STATE_DIR" -type f -perm /077)"
for file in "$THINGSPACE_STATE_DIR"/latch-*.json; do
    has_none "the latch has no password" "$file"
done
rm -rf "$THINGSPACE_STATE_DIR"
thingspace --no-token-cache list A >/dev/null 2>&1
cat "$THINGSPACE_STATE_DIR"/* >"$work/state"
has_none "--no-token-cache leaves no token there" "$work/state"

# ---- a list reply with a password ----

is "the service shows it in its list" 1 \
    "$(control GET state | jq -r '.listeners[].password' | grep -c canary)"
for words in "list A" "--output json list A" "-vv list A" "--output json deregister A --all --dry-run" \
    "register A CarrierService https://hooks.example.com/b" \
    "--output json register A CarrierService https://hooks.example.com/b" \
    "register A CarrierService https://hooks.example.com/a --username v" \
    "-vv register A CarrierService https://hooks.example.com/c --replace"; do
    # shellcheck disable=SC2086
    thingspace $words >"$work/out" 2>&1
    has_none "no password: $words" "$work/out"
done
register --replace >/dev/null
run thingspace register A CarrierService https://hooks.example.com/elsewhere
exits "a service that goes elsewhere" 8
like "is shown" "*A CarrierService goes to https://hooks.example.com/a*" "$err"
json "and left as it is" '.listeners[0].url == "https://hooks.example.com/a"' "$(control GET state)"
fault 'GET /callbacks/* status=200 body="[{\"serviceName\":\"S\",\"password\":\"canary-of-a-listener\"},{]"'
thingspace -vv list A >"$work/out" 2>&1
is "a list that breaks off" 5 "$?"
has_none "shows no password either" "$work/out"
end
