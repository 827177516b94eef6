# SPDX-License-Identifier: MIT
# Faults under apply, against whole processes; docs/threats.md says which test shows what. Here each
# is one round, `make check-faults FAULT_ROUNDS=20 FAULT_SEED=3` is twenty with other misfortunes.
scale_tests = \
	%D%/disk.sh \
	%D%/faults.sh \
	%D%/interrupt.sh \
	%D%/kills.sh \
	%D%/outage.sh \
	%D%/two_applies.sh

EXTRA_DIST += %D%/fleet.sh $(scale_tests)
if SIMULATOR
TESTS += $(scale_tests)
endif

FAULT_ROUNDS = 20
FAULT_SEED = 7
.PHONY: check-faults
check-faults:
	FAULT_ROUNDS='$(FAULT_ROUNDS)' FAULT_SEED='$(FAULT_SEED)' $(MAKE) check TESTS='$(scale_tests)' \
	  check_PROGRAMS= check_LTLIBRARIES=
