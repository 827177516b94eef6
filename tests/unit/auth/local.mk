# SPDX-License-Identifier: MIT
auth_tests = \
	tests/unit/auth/test_latch \
	tests/unit/auth/test_requests \
	tests/unit/auth/test_token_file
if SIMULATOR
auth_tests += \
	tests/unit/auth/test_keyring \
	tests/unit/auth/test_lockout \
	tests/unit/auth/test_watch
endif

tests_unit_auth_test_latch_SOURCES = %D%/test_latch.c
tests_unit_auth_test_latch_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_latch_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_latch_LDADD = $(unit_ldadd)

tests_unit_auth_test_requests_SOURCES = %D%/test_requests.c
tests_unit_auth_test_requests_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_requests_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_requests_LDADD = $(unit_ldadd)

tests_unit_auth_test_token_file_SOURCES = %D%/test_token_file.c
tests_unit_auth_test_token_file_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_token_file_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_token_file_LDADD = $(unit_ldadd)

tests_unit_auth_test_keyring_SOURCES = %D%/test_keyring.c %D%/rig.c %D%/rig.h
tests_unit_auth_test_keyring_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_keyring_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_keyring_LDADD = $(unit_ldadd) simulator/libthingspace-simulator.la

tests_unit_auth_test_lockout_SOURCES = %D%/test_lockout.c %D%/rig.c %D%/rig.h
tests_unit_auth_test_lockout_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_lockout_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_lockout_LDADD = $(unit_ldadd) simulator/libthingspace-simulator.la

tests_unit_auth_test_watch_SOURCES = %D%/test_watch.c %D%/rig.c %D%/rig.h
tests_unit_auth_test_watch_CPPFLAGS = $(unit_cppflags)
tests_unit_auth_test_watch_LDFLAGS = $(unit_ldflags)
tests_unit_auth_test_watch_LDADD = $(unit_ldadd) simulator/libthingspace-simulator.la
