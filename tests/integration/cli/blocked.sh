#!/bin/sh
# SPDX-License-Identifier: MIT
# What the service refused before is told apart from what was not tried, until it is declared otherwise.
. "$top_srcdir/tests/integration/lib.sh"
need curl jq
inside_simulator

noted=$THINGSPACE_STATE_DIR/blocked.json
cat >"$work/policy.lua" <<'END'
return {
  name = "blocked",
  accounts = { "A-1", "A-2", "A-3" },
  listeners = function(account)
    return { CarrierService = { url = "https://hooks.example.com/" .. (thingspace.settings.path or ""),
                                username = "u" } }
  end,
}
END
THINGSPACE_POLICY=$work/policy.lua
export THINGSPACE_POLICY
# note ACCOUNT WHY: as an apply leaves it.
note() {
    printf '{"endpoint":"%s/api/m2m/v1","account":"%s","service":"CarrierService",' "$THINGSPACE_URL" "$1"
    printf '"url":"https://hooks.example.com/","username":"u","why":"%s","noted_ms":1}' "$2"
}
printf '{"version":1,"blocked":[%s,%s]}\n' "$(note A-1 'X.Limit: no more')" \
    "$(note A-2 'X.Limit: no more')" >"$noted"
chmod 600 "$noted"

run thingspace plan --exit-code
exits "what is blocked is drift" 6
like "it is one line, apart from what was not tried" \
    "*+  1 add        CarrierService on A-3*#  2 blocked    *CarrierService on A-1 .. -2*
*X.Limit: no more*1 add, 2 blocked" "$out"
run thingspace plan --output json
json "in JSON with why" '.add == 1 and .blocked == 2 and ([.changes[] | .note] == ["X.Limit: no more",
    "X.Limit: no more", null]) and ([.changes[] | .action] == ["blocked", "blocked", "add"])' "$out"
run thingspace plan --out "$work/saved"
exits "it is saved" 0
json "with why" '.changes[0].note == "X.Limit: no more"' "$(cat "$work/saved")"

run thingspace plan --set path=moved --output json
json "declared otherwise it is not blocked" '.add == 3 and .blocked == 0' "$out"
thingspace -q register A-1 CarrierService https://hooks.example.com/ --username u >/dev/null
run thingspace plan --output json
json "what came true is as declared" '.add == 1 and .blocked == 1 and .unchanged == 1' "$out"
thingspace -q register A-2 CarrierService https://far.example.net/ --username u >/dev/null
run thingspace plan --output json
json "a stranger's URL is a takeover" '.blocked == 0 and .takeover == 1 and
    (.changes[0] | has("note") | not)' "$out"

# --- an apply notes it, and forgets it when it succeeds ---

rm -f "$noted"
fault 'POST /callbacks/A-3 status=400'
run thingspace apply --account A-3 --yes
exits "an apply that is refused" 1
is "what it notes is private" 600 "$(stat -c %a "$noted")"
run thingspace plan A-3
like "the next plan tells why" "*#  1 blocked *CarrierService on A-3*
*the service gave no reason (HTTP 400)*1 blocked*" "$out"
run thingspace apply --account A-3 --yes
exits "it is tried again" 1
faultless
run thingspace apply --account A-3 --yes
exits "until it succeeds" 0
run thingspace plan A-3 --output json
json "then it is not blocked" '.blocked == 0 and .unchanged == 1' "$out"
json "nor noted" '.blocked == []' "$(cat "$noted")"

printf '{"version":1,"blo' >"$noted"
run thingspace plan --output json
exits "a damaged file" 0
like "is told" "*blocked.json cannot be understood*" "$err"
json "and is as good as none" '.blocked == 0 and .takeover == 1' "$out"
end
