# SPDX-License-Identifier: MIT
# These link the stand-in's own objects and base alone: names inside the stand-in
# (callbacks_, journal_, ...) may also be names inside the library.
simulator_ldadd = tests/unit/libcheck.la simulator/libsimulator.la core/libbase.la
simulator_tests = \
	%D%/test_callbacks \
	%D%/test_control \
	%D%/test_errors \
	%D%/test_fault_rule \
	%D%/test_faults \
	%D%/test_sandbox \
	%D%/test_server \
	%D%/test_sessions \
	%D%/test_sister \
	%D%/test_tokens

check_LTLIBRARIES += %D%/libtalk.la
%C%_libtalk_la_SOURCES = %D%/talk.c %D%/talk.h
%C%_libtalk_la_CPPFLAGS = $(unit_cppflags)

tests_unit_simulator_test_callbacks_SOURCES = %D%/test_callbacks.c
tests_unit_simulator_test_callbacks_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_callbacks_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_callbacks_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_sister_SOURCES = %D%/test_sister.c
tests_unit_simulator_test_sister_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_sister_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_sister_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_control_SOURCES = %D%/test_control.c
tests_unit_simulator_test_control_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_control_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_control_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_errors_SOURCES = %D%/test_errors.c
tests_unit_simulator_test_errors_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_errors_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_errors_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_fault_rule_SOURCES = %D%/test_fault_rule.c
tests_unit_simulator_test_fault_rule_CPPFLAGS = $(unit_cppflags) -iquote $(top_srcdir)/simulator
tests_unit_simulator_test_fault_rule_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_fault_rule_LDADD = $(simulator_ldadd)
tests_unit_simulator_test_faults_SOURCES = %D%/test_faults.c
tests_unit_simulator_test_faults_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_faults_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_faults_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_sandbox_SOURCES = %D%/test_sandbox.c
tests_unit_simulator_test_sandbox_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_sandbox_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_sandbox_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_server_SOURCES = %D%/test_server.c
tests_unit_simulator_test_server_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_server_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_server_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_sessions_SOURCES = %D%/test_sessions.c
tests_unit_simulator_test_sessions_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_sessions_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_sessions_LDADD = %D%/libtalk.la $(simulator_ldadd)
tests_unit_simulator_test_tokens_SOURCES = %D%/test_tokens.c
tests_unit_simulator_test_tokens_CPPFLAGS = $(unit_cppflags)
tests_unit_simulator_test_tokens_LDFLAGS = $(unit_ldflags)
tests_unit_simulator_test_tokens_LDADD = %D%/libtalk.la $(simulator_ldadd)
