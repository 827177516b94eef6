# SPDX-License-Identifier: MIT
# Attacks and faults against whole processes; docs/threats.md says which test shows what.
threat_tests = \
	%D%/accounts.sh \
	%D%/listeners.sh \
	%D%/logins.sh \
	%D%/oversize.sh \
	%D%/policies.sh \
	%D%/secrets.sh \
	%D%/state.sh \
	%D%/terminal.sh \
	%D%/updates.sh

EXTRA_DIST += %D%/nobody.sh %D%/peer.py $(threat_tests)
if SIMULATOR
TESTS += $(threat_tests)
endif
