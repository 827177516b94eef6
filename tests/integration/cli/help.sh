#!/bin/sh
# SPDX-License-Identifier: MIT
# --help and the man pages tell every option; the pages are clean mdoc.
. "$top_srcdir/tests/integration/lib.sh"
pages=$top_builddir/docs/man
page=$pages/thingspace.1
run thingspace --help
exits "--help" 0
commands=$(printf '%s\n' "$out" | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')
options=$(printf '%s\n' "$out" | sed -n 's/^  \(-[a-z], \)\{0,1\}--\([a-z-]*\).*/\2/p')
is "every command is there" "register list deregister import plan apply call auth audit services policy plugin simulate " \
    "$(printf '%s\n' "$commands" | tr '\n' ' ')"
for number in 0 1 2 3 4 5 6 7 8 9 70 130; do
    printf '%s\n' "$out" "$(thingspace help)" | tr '\n' ' ' | grep -q "[:,] $number [a-z]" ||
        not_ok "the overview has exit status $number"
done
is "the global options" 17 "$(printf '%s\n' "$options" | wc -l | tr -d ' ')"

for command in $commands; do
    run thingspace "$command" --help
    exits "$command --help" 0
    like "$command: an example" "*Examples:*thingspace $command*" "$out"
    for option in $options; do
        case $out in
        *"--$option"*) ;;
        *) not_ok "$command --help tells --$option" ;;
        esac
    done
    own=$(printf '%s\n' "$out" | sed -n 's/^  \(-[a-z], \)\{0,1\}--\([a-z-]*\).*/\2/p')
    for option in $own; do
        grep -q "Fl .-$(printf '%s' "$option" | sed 's/-/..*/g')" "$page" "$pages/thingspace-$command.1" ||
            not_ok "the pages tell --$option"
    done
    too_wide=$(printf '%s\n' "$out" | sed '/^Examples:/,$d' | awk 'length > 80')
    is "$command: lines fit a terminal" "" "$too_wide"
    if grep -q "^\.It Xr thingspace-$command 1$" "$page"; then ok "the page has $command"; else not_ok "the page has $command"; fi
    like "$command: its page has an example" "*.Sh EXAMPLES*thingspace $command*" "$(cat "$pages/thingspace-$command.1")"
done
unlike "a refused option is not offered" "*--password *" "$(thingspace register --help)"
for kind in service usage policy auth latched network timeout tls protocol partial refused local \
    internal cancelled; do
    grep -q "Ta $kind Ta" "$page" || not_ok "the page has exit status $kind"
done
for variable in THINGSPACE_POLICY THINGSPACE_URL THINGSPACE_KEY THINGSPACE_STATE_DIR NO_COLOR; do
    grep -q "$variable" "$page" || not_ok "the page has $variable"
done
if command -v mandoc >/dev/null 2>&1; then
    is "mandoc finds nothing" "" "$(mandoc -T lint "$pages"/*.1 | grep -v 'referenced manual not found')"
else
    skip "mandoc finds nothing" "mandoc is not installed"
fi
end
