#!/bin/sh
# SPDX-License-Identifier: MIT
# Tokens, the count of failed logins, and what unlatching says.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

row() { thingspace auth status "$@" | cut -f "$field"; }

is "no bearer at first" none "$(field=3 row)"
run thingspace auth login
is "login" "logged in  environment  environment" "$out"
is "a bearer" valid "$(field=3 row)"
is "a session" valid "$(field=4 row)"
run thingspace auth login
json "a second login needs no request" '.tokenRequests == 1 and .loginRequests == 1' \
    "$(control GET state)"
run thingspace auth logout
is "logout" "logged out  environment  environment" "$out"
is "no session" none "$(field=4 row)"
json "logout revokes no bearer" '.revokes == 0' "$(control GET state)"
thingspace auth login >/dev/null
run thingspace auth logout --revoke
json "--revoke does" '.revokes == 1' "$(control GET state)"

export THINGSPACE_PASSWORD=wrong
run thingspace auth login
exits "a wrong password" 4
is "is counted" 1 "$(field=5 row)"
run thingspace auth login
exits "the same wrong password" 4
json "is not sent again" '.refusedLogins == 1' "$(control GET state)"
THINGSPACE_PASSWORD=wronger
run thingspace auth login
is "another one is" 2 "$(field=5 row)"
for path in /session/login //session/login/ /Session/%6cogin '/session/login?x=1'; do
    run thingspace call TestAccount-2 POST "$path" \
        --data '{"username":"demo-user","password":"wrongest"}'
    exits "a login past the count ($path)" 2
done
like "says what to use" "*thingspace auth login*" "$err"
json "and is not sent" '.refusedLogins == 2' "$(control GET state)"
here=$THINGSPACE_URL
THINGSPACE_URL=HTTP${here#http}
is "another spelling of the URL has the same count" 2 "$(field=5 row)"
THINGSPACE_URL=$here
run thingspace auth unlatch
is "unlatch" "unlatched  environment  environment" "$out"
like "warns of what the service may count" "*warning: the service may still count 2 failed logins*" "$err"
is "and forgets" 0 "$(field=5 row)"
run thingspace auth login --dry-run
exits "a dry run cannot log in" 2
run thingspace auth status nobody
exits "a credential that is not there" 2
end
