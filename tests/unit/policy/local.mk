# SPDX-License-Identifier: MIT
policy_tests = \
	tests/unit/policy/test_policy \
	tests/unit/policy/test_environment \
	tests/unit/policy/test_desired \
	tests/unit/policy/test_groups \
	tests/unit/policy/test_tenant

tests_unit_policy_test_policy_SOURCES = %D%/test_policy.c
tests_unit_policy_test_policy_CPPFLAGS = $(unit_cppflags)
tests_unit_policy_test_policy_LDFLAGS = $(unit_ldflags)
tests_unit_policy_test_policy_LDADD = $(unit_ldadd)
tests_unit_policy_test_environment_SOURCES = %D%/test_environment.c
tests_unit_policy_test_environment_CPPFLAGS = $(unit_cppflags)
tests_unit_policy_test_environment_LDFLAGS = $(unit_ldflags)
tests_unit_policy_test_environment_LDADD = $(unit_ldadd)
tests_unit_policy_test_desired_SOURCES = %D%/test_desired.c
tests_unit_policy_test_desired_CPPFLAGS = $(unit_cppflags)
tests_unit_policy_test_desired_LDFLAGS = $(unit_ldflags)
tests_unit_policy_test_desired_LDADD = $(unit_ldadd)
tests_unit_policy_test_tenant_SOURCES = %D%/test_tenant.c
tests_unit_policy_test_tenant_CPPFLAGS = $(unit_cppflags)
tests_unit_policy_test_tenant_LDFLAGS = $(unit_ldflags)
tests_unit_policy_test_tenant_LDADD = $(unit_ldadd)
tests_unit_policy_test_groups_SOURCES = %D%/test_groups.c
tests_unit_policy_test_groups_CPPFLAGS = $(unit_cppflags)
tests_unit_policy_test_groups_LDFLAGS = $(unit_ldflags)
tests_unit_policy_test_groups_LDADD = $(unit_ldadd)
