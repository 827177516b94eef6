#!/bin/sh
# SPDX-License-Identifier: MIT
# The syslog plugin, against a socket that stands in for /dev/log.
. "$top_srcdir/tests/integration/lib.sh"
need python3
inside_simulator
. "$top_srcdir/tests/integration/plugins/compiled.sh"

socket=$work/log
url=https://hooks.example.com/cb
syslog="$(module syslog),{\"socket\":\"$socket\"}"

# Writes each datagram as a line, until it is killed.
python3 - "$socket" "$work/lines" <<'PY' &
import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(sys.argv[1])
with open(sys.argv[2], "wb", buffering=0) as lines:
    while True:
        lines.write(log.recv(65536) + b"\n")
PY
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 2000); do
    [ -S "$socket" ] && break
    sleep 0.05
done
last() { tail -n 1 "$work/lines"; }
count() { wc -l <"$work/lines" | tr -d ' '; }
# arrived N: that many lines are written, however late the reader is
arrived() { [ "$(count)" -ge "$1" ]; }

run thingspace --plugin "$syslog" list TestAccount-2
exits "a list" 0
is "is not worth a line" 0 "$(count)"

run env TZ=UTC thingspace --plugin "$syslog" register TestAccount-2 CarrierService "$url" \
    --reason 'for "us"'
exits "a registration" 0
wait_until arrived 1
is "is one line" 1 "$(count)"
like "in the form of RFC 3164" "<14>??? ?? ??:??:?? thingspace\\[*\\]: id=* account=TestAccount-2 *" "$(last)"
like "with operation, outcome and why" \
    '*operation=register service=CarrierService*method=POST kind=ok status=200 ms=*reason="for \\"us\\""' \
    "$(last)"

fault 'GET /nothing/here status=404'
run thingspace --plugin "$syslog" call TestAccount-2 GET /nothing/here
exits "a read that failed" 1
wait_until arrived 2
like "is a line, a warning" '<12>*kind=service status=404*message="*' "$(last)"

loud="$(module syslog),{\"socket\":\"$socket\",\"facility\":\"local3\",\"level_ok\":\"notice\",\"ident\":\"ts\"}"
run thingspace --plugin "$loud" register TestAccount-2 DeviceService "$url"
exits "with other words" 0
wait_until arrived 3
like "facility, level and ident are those" '<157>* ts\[*\]: *service=DeviceService*kind=ok*' "$(last)"

cat >"$work/no.lua" <<'LUA'
return { name = "no", version = "1.0.0", api = 1, hooks = {
  check = function() return thingspace.deny('x" kind=ok', "no") end } }
LUA
chmod 600 "$work/no.lua"
run thingspace --plugin "$syslog" --plugin "$work/no.lua" call TestAccount-2 POST /nothing --data '{}'
exits "a denial" 3
wait_until arrived 4
like "whose code looks like a member of the line is quoted" '* kind=denied * code="x\\" kind=ok" *' "$(last)"

# Nobody reads, and the socket is full: the line is dropped and told, the call does not wait.
kill -STOP "$server"
python3 - "$socket" <<'PY'
import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect(sys.argv[1])
log.setblocking(False)
try:
    while True:
        log.send(b"x" * 64)
except BlockingIOError:
    pass
PY
run timeout 300 thingspace --plugin "$syslog" deregister TestAccount-2 CarrierService
exits "a full log fails no call" 0
like "but is told" '*does not take the line: Resource temporarily unavailable*' "$err"
kill -CONT "$server"

kill "$server"
wait "$server" 2>/dev/null
rm -f "$socket"
run thingspace --plugin "$syslog" register TestAccount-2 CarrierService "$url"
exits "no log at all fails no call" 0
like "but is told" '*log does not take the line: No such file*' "$err"

for wrong in '"facility":"kern"' '"level_ok":"loud"' '"level_failed":"loud"' '"ident":"a b"' '"ident":"a\u0007"' '"ident":"é"' '"socket":"log"'; do
    run thingspace --plugin "$(module syslog),{$wrong}" list TestAccount-2
    exits "refused: $wrong" 3
done
end
