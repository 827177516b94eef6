#!/bin/bash
# SPDX-License-Identifier: MIT
# A state directory that cannot be used, is somebody else's, is full, or was tampered with: one
# clear line of error, no login, nothing half-written, and what was there stays.
# shellcheck source=tests/integration/lib.sh
. "${top_srcdir:?}/tests/integration/lib.sh"
# shellcheck source=tests/integration/threats/nobody.sh
. "$top_srcdir/tests/integration/threats/nobody.sh"
need curl jq
SHELL_UNDER_TEST=bash
inside_simulator "$@"
path="POST /api/m2m/v1/session/login"

logins() { control GET state | jq -r ".paths[\"$path\"] // 0"; }
# The names and contents of all that is in a directory.
picture() { (cd "$1" && find . ! -name '*.lock' -type f -exec sha256sum {} + && find . ! -type f) | sort; }
# fails_local WHAT PATTERN: the last `run` ended with one line of error of the right kind
fails_local() {
    exits "$1" 9
    is "$1: one line" 1 "$(grep -vc '^thingspace: warning: ' "$work/err")"
    like "$1: it is told" "thingspace: local: $2" "$(tail -n 1 "$work/err")"
}
# refused WHAT PATTERN: with this state directory nothing is logged in and nothing changes
refused() {
    before=$(logins) was=$(picture "$THINGSPACE_STATE_DIR/" 2>&1)
    run thingspace list A
    fails_local "$1" "$2"
    is "$1: no login left" "$before" "$(logins)"
    is "$1: nothing changed" "$was" "$(picture "$THINGSPACE_STATE_DIR/" 2>&1)"
}
# A directory with tokens of a login that was good.
fresh() {
    THINGSPACE_STATE_DIR=$work/$1
    thingspace list A >/dev/null 2>&1
    tokens=$(find "$THINGSPACE_STATE_DIR" -name 'tokens-*.json')
    latch=$(find "$THINGSPACE_STATE_DIR" -name 'latch-*.json')
}
export THINGSPACE_STATE_DIR

# ---- the directory ----

THINGSPACE_STATE_DIR=/proc/nowhere/state refused "a place that cannot be made" \
    "*state directory /proc/nowhere/state cannot be made*"
THINGSPACE_STATE_DIR=/dev/null refused "a device" "*state directory*"
fresh open
chmod 777 "$work/open"
refused "a directory that others can write" "*can be written by others*chmod go-w*"

fresh real
ln -s "$work/real" "$work/link"
THINGSPACE_STATE_DIR=$work/link
before=$(logins)
run thingspace list A
exits "a link of one's own" 0
is "leads to the same tokens" "$before" "$(logins)"

if can_be_nobody; then
    fresh theirs
    chown 65534 "$work/theirs"
    refused "a directory of another user" "*belongs to user 65534*"
    mkdir "$work/elsewhere"
    ln -s "$work/elsewhere" "$work/foreign"
    chown -h 65534 "$work/foreign"
    THINGSPACE_STATE_DIR=$work/foreign refused "a link of another user" "*is a link made by user 65534*"

    THINGSPACE_STATE_DIR=$work/readonly
    mkdir -m 700 "$work/readonly"
    chown 65534 "$work/readonly"
    as_nobody thingspace list A >/dev/null 2>&1
    # Its tokens are refused, so that a login would be needed.
    control POST 'expire?what=all' >/dev/null
    chmod 500 "$work/readonly"
    was=$(picture "$work/readonly") before=$(logins)
    run as_nobody thingspace list A
    fails_local "a directory that cannot be written" "*state directory*cannot be written*"
    is "a directory that cannot be written: no login left" "$before" "$(logins)"
    is "a directory that cannot be written: nothing changed" "$was" "$(picture "$work/readonly")"
    THINGSPACE_STATE_DIR=$work/roots
    mkdir -m 755 "$work/roots"
    run as_nobody thingspace list A
    fails_local "a directory of root" "*belongs to user 0*"
else
    skip "directories of other users" "needs root, and a build that others can reach"
fi

# ---- a full disk ----

THINGSPACE_STATE_DIR=$work/full
before=$(logins)
# What it says goes through pipes: the limit holds for every file.
err=$(bash -c 'ulimit -f 0; exec thingspace -q list A' 2>&1 >/dev/null)
status=$?
exits "no room for a file" 9
like "no room for a file: it is told" "thingspace: local: *" "$err"
is "no room for a file: no login left" "$before" "$(logins)"
is "no room for a file: nothing half-written" "" \
    "$(find "$work/full" -type f -size +0 ! -name '*.lock')"
if [ "$(id -u)" = 0 ] && mkdir "$work/disk" &&
    mount -t tmpfs -o size=16k,mode=700 none "$work/disk" 2>/dev/null; then
    trap 'umount "$work/disk"; rm -rf "$work"' EXIT
    THINGSPACE_STATE_DIR=$work/disk
    dd if=/dev/zero of="$work/disk/filler" bs=4k count=4 2>/dev/null
    refused "a full disk" "*"
    rm "$work/disk/filler"
    run thingspace list A
    exits "with room again" 0
    # The tokens are there; now the disk fills and the session ends.
    cat /dev/zero >"$work/disk/filler" 2>/dev/null
    control POST 'expire?what=all' >/dev/null
    refused "a disk that filled up meanwhile" "*"
    rm "$work/disk/filler"
    run thingspace list A
    exits "and with room again" 0
else
    skip "a full disk" "only root can mount one"
fi

# ---- files that were tampered with ----

# spoilt WHAT: the tokens are as good as absent; one login replaces them
spoilt() {
    before=$(logins)
    run thingspace list A
    exits "$1" 0
    is "$1: one login replaces it" $((before + 1)) "$(logins)"
    run thingspace list A
    is "$1: it is whole again" $((before + 1)) "$(logins)"
}
for text in '' '{' '[]' 'null' '{"version":1}' '{"version":1,"bearer":"a\r\nX-Evil: 1","session":"b\nc"}' \
    '{"version":1,"bearer":"","bearerExpires":-9223372036854775808,"session":5}' \
    "$(printf '\357\273\277{}')" "$(head -c 300 /dev/urandom | tr -d '\0')"; do
    fresh spoilt
    printf '%s' "$text" >"$tokens"
    spoilt "a token file with $(printf '%.20s' "$text" | tr -cd '[:print:]')"
done
fresh hour
for expires in 9223372036854775807 -1 1e400; do
    # Tokens that the service takes, with an end that cannot be true: they are used.
    sed -i "s/\"bearerExpires\":[-0-9e]*/\"bearerExpires\":$expires/" "$tokens"
    before=$(control GET state | jq -c '[.loginRequests, .tokenRequests]')
    run thingspace list A
    exits "a bearer that ends at $expires" 0
    is "a bearer that ends at $expires: neither login nor token request" "$before" \
        "$(control GET state | jq -c '[.loginRequests, .tokenRequests]')"
done

fresh linked
echo kept >"$work/target"
mv "$tokens" "$work/moved"
ln -s "$work/target" "$tokens"
refused "a token file that is a link" "*tokens-*"
is "its target is untouched" kept "$(cat "$work/target")"
rm "$tokens"
mkdir "$tokens"
refused "a token file that is a directory" "*tokens-*"
rmdir "$tokens"
mkfifo "$tokens"
refused "a token file that is a pipe" "*is not a file*"
rm "$tokens"
head -c 300000 /dev/zero >"$tokens"
chmod 600 "$tokens"
refused "a token file that is too long" "*is too long; remove it*"
cp "$work/moved" "$tokens"
chmod 622 "$tokens"
refused "a token file that others can write" "*can be written by others*"

for size in 0 1 20; do
    fresh latch
    control POST 'expire?what=session' >/dev/null
    truncate -s "$size" "$latch"
    refused_before=$(logins)
    run thingspace list A
    fails_local "a latch cut to $size bytes" "*latch*damaged*thingspace auth unlatch*"
    is "a latch cut to $size bytes: no login left" "$refused_before" "$(logins)"
    run thingspace list A
    fails_local "a latch cut to $size bytes, again" "*latch*"
    run thingspace auth unlatch
    exits "unlatch repairs it" 0
    run thingspace list A
    exits "and logins leave again" 0
done
fresh key
THINGSPACE_PASSWORD=wrong thingspace auth logout >/dev/null 2>&1
THINGSPACE_PASSWORD=wrong thingspace list A >/dev/null 2>&1
rm "$work/key/digest.key"
before=$(logins)
run thingspace list A
fails_local "a latch without its key" "*thingspace auth unlatch*"
is "a latch without its key: no login left" "$before" "$(logins)"
end
