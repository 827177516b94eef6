#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line: where options stand, how values are given, what is refused and how.
. "$top_srcdir/tests/integration/lib.sh"
need jq

# refuses WHAT MESSAGE-PATTERN ARGUMENTS...
refuses() {
    what=$1 message=$2
    shift 2
    run thingspace "$@"
    exits "$what" 2
    like "$what: the message" "thingspace: usage: $message" "$err"
    is "$what: one line" 1 "$(wc -l <"$work/err" | tr -d ' ')"
}

run thingspace
exits "nothing at all" 2
like "nothing at all shows what there is" "Usage: thingspace*register*simulate*" "$err"
is "and prints no result" "" "$out"

refuses "an unknown command" "there is no command 'regster'; did you mean register? see*" regster
refuses "an unknown option" "list: there is no option --outpt; did you mean --output? see*" \
    list --outpt json
refuses "an option of another command" "list: there is no option --replace*" --replace list
refuses "a password as a word" "there is no option --password: *--password-file*" \
    register A B C --password=hunter2
unlike "and does not repeat it" "*hunter2*" "$err"
refuses "no value" "--output needs a value: FORMAT; see*" list --output
refuses "a value that a flag does not take" "--dry-run takes no value*" list --dry-run=yes
refuses "a choice that is none" "--output takes one of: text json; not 'xml'*" list --output xml
refuses "a timeout of nothing" "--timeout takes seconds*" list --timeout 0
refuses "a timeout that is no number" "--timeout takes seconds*" list --timeout 1e3
refuses "a setting without a value" "--set takes NAME=VALUE*" list --set x
refuses "a word too many" "register: 'D' is one word too many*" register A B C D
refuses "a missing word" "register: URL is missing; see \`thingspace register --help\`" register A B
refuses "a missing second command" "auth: what to do is missing*" auth
refuses "an unknown second command" "auth cannot 'logn'; did you mean login*" auth logn
refuses "a service and --all" "deregister: name a SERVICE or say --all, not both*" deregister A B --all
refuses "neither" "deregister: SERVICE is missing, or --all*" deregister A
refuses "--revoke outside logout" "--revoke belongs to auth logout*" auth login --revoke
refuses "no account anywhere" "list: name an ACCOUNT*" list
refuses "an unknown letter" "there is no option -x*" list -x
refuses "a port too high" "--port takes a whole number from 0 to 65535*" simulate --port 65536
refuses "a program without --" "simulate: 'bash' is one word too many*" simulate bash

run thingspace --output json
json "a missing command is an error in JSON" '.error.kind == "usage"' "$err"
run thingspace --output json list --outpt
json "an error is JSON when that was asked for" '.error.kind == "usage"' "$err"
run thingspace list --outpt --output=json
json "also when it is asked for later" '.error.kind == "usage"' "$err"

for place in "--output json services" "services --output json" "services --output=json" \
    "--output text services --output json"; do
    # shellcheck disable=SC2086
    run thingspace $place
    json "$place" 'length > 20' "$out"
done

run thingspace --version
like "--version" "thingspace [0-9]*.[0-9]*" "$out"
exits "--version" 0
run thingspace help register
like "help COMMAND" "Usage: thingspace register*ACCOUNT SERVICE URL*" "$out"
run thingspace help nonsense
exits "help for what is not there" 2
run thingspace --proxy http://user:secret@127.0.0.1:1 list A
exits "a password in --proxy" 2
unlike "which is not repeated" "*secret*" "$err"
run thingspace --proxy ftp://127.0.0.1:1 list A
exits "a proxy that is none" 2
end
