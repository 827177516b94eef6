#!/bin/sh
# SPDX-License-Identifier: MIT
# --key-file: where the signing key of a reply goes.
. "$top_srcdir/tests/integration/lib.sh"
need curl
inside_simulator

exists() { if [ -e "$1" ]; then echo yes; else echo no; fi; }

run thingspace register A NiddService https://hooks.example.com/a --key-file "$work/none"
exits "no key came" 0
like "is warned of" "*warning: no signing key came*" "$err"
is "and leaves no file" no "$(exists "$work/none")"

fault 'POST /callbacks/* header="Shared-Key: s3cr3tk3y"'
run thingspace register A QoS https://hooks.example.com/a --key-file "$work/key"
exits "a key came" 0
is "it is in the file" s3cr3tk3y "$(cat "$work/key")"
is "for the owner alone" 600 "$(stat -c %a "$work/key")"
unlike "and nowhere else" "*s3cr3tk3y*" "$out$err"

run thingspace register A QoS https://hooks.example.com/a --key-file "$work/key"
exits "a file that is there" 9
is "stays as it is" s3cr3tk3y "$(cat "$work/key")"
run thingspace register A QoS https://hooks.example.com/a --key-file "$work/no/such/folder"
exits "a place that is not there" 9
run thingspace register A QoS https://hooks.example.com/b --replace
exits "nobody asked for the key" 0
like "its loss is warned of" "*warning:*signing key*lost*" "$err"
unlike "without showing it" "*s3cr3tk3y*" "$out$err"
end
