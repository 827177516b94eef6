# SPDX-License-Identifier: MIT
# They wait more than they work, and come first of all tests, so that others run meanwhile.
waiting_tests = \
	tests/unit/callbacks/test_apply_run \
	tests/unit/callbacks/test_ended_tokens \
	tests/unit/callbacks/test_update
callbacks_tests = \
	tests/unit/callbacks/test_account_read \
	tests/unit/callbacks/test_apply \
	tests/unit/callbacks/test_apply_memory \
	tests/unit/callbacks/test_apply_hooks \
	tests/unit/callbacks/test_blocked \
	tests/unit/callbacks/test_ensure \
	tests/unit/callbacks/test_import \
	tests/unit/callbacks/test_import_script \
	tests/unit/callbacks/test_intent \
	tests/unit/callbacks/test_operations \
	tests/unit/callbacks/test_repair \
	tests/unit/callbacks/test_plan \
	tests/unit/callbacks/test_plan_compare \
	tests/unit/callbacks/test_sister_apis

tests_unit_callbacks_test_blocked_SOURCES = %D%/test_blocked.c
tests_unit_callbacks_test_blocked_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_blocked_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_blocked_LDADD = $(unit_ldadd)

tests_unit_callbacks_test_ensure_SOURCES = %D%/test_ensure.c
tests_unit_callbacks_test_ensure_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_ensure_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_ensure_LDADD = $(service_ldadd)

tests_unit_callbacks_test_operations_SOURCES = %D%/test_operations.c
tests_unit_callbacks_test_operations_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_operations_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_operations_LDADD = $(service_ldadd)

tests_unit_callbacks_test_intent_SOURCES = %D%/test_intent.c
tests_unit_callbacks_test_intent_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_intent_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_intent_LDADD = $(unit_ldadd)

tests_unit_callbacks_test_repair_SOURCES = %D%/test_repair.c %D%/listeners.h
tests_unit_callbacks_test_repair_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_repair_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_repair_LDADD = $(service_ldadd)

tests_unit_callbacks_test_update_SOURCES = %D%/test_update.c %D%/listeners.h
tests_unit_callbacks_test_update_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_update_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_update_LDADD = $(service_ldadd)

tests_unit_callbacks_test_sister_apis_SOURCES = %D%/test_sister_apis.c
tests_unit_callbacks_test_sister_apis_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_sister_apis_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_sister_apis_LDADD = $(service_ldadd)

tests_unit_callbacks_test_plan_SOURCES = %D%/test_plan.c %D%/fleet.h
tests_unit_callbacks_test_plan_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_plan_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_plan_LDADD = $(service_ldadd)

tests_unit_callbacks_test_plan_compare_SOURCES = %D%/test_plan_compare.c
tests_unit_callbacks_test_plan_compare_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_plan_compare_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_plan_compare_LDADD = $(unit_ldadd)

tests_unit_callbacks_test_import_SOURCES = %D%/test_import.c %D%/hostile.h
tests_unit_callbacks_test_import_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_import_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_import_LDADD = $(service_ldadd)

tests_unit_callbacks_test_apply_SOURCES = %D%/test_apply.c %D%/fleet.h
tests_unit_callbacks_test_apply_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_apply_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_apply_LDADD = $(service_ldadd)

tests_unit_callbacks_test_import_script_SOURCES = %D%/test_import_script.c %D%/hostile.h
tests_unit_callbacks_test_import_script_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_import_script_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_import_script_LDADD = $(service_ldadd)

tests_unit_callbacks_test_apply_hooks_SOURCES = %D%/test_apply_hooks.c %D%/fleet.h
tests_unit_callbacks_test_apply_hooks_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_apply_hooks_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_apply_hooks_LDADD = $(service_ldadd)

tests_unit_callbacks_test_ended_tokens_SOURCES = %D%/test_ended_tokens.c %D%/fleet.h
tests_unit_callbacks_test_ended_tokens_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_ended_tokens_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_ended_tokens_LDADD = $(service_ldadd)

tests_unit_callbacks_test_apply_run_SOURCES = %D%/test_apply_run.c %D%/fleet.h
tests_unit_callbacks_test_apply_run_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_apply_run_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_apply_run_LDADD = $(service_ldadd)

tests_unit_callbacks_test_apply_memory_SOURCES = %D%/test_apply_memory.c %D%/fleet.h
tests_unit_callbacks_test_apply_memory_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_apply_memory_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_apply_memory_LDADD = $(service_ldadd)

tests_unit_callbacks_test_account_read_SOURCES = %D%/test_account_read.c %D%/fleet.h
tests_unit_callbacks_test_account_read_CPPFLAGS = $(unit_cppflags)
tests_unit_callbacks_test_account_read_LDFLAGS = $(unit_ldflags)
tests_unit_callbacks_test_account_read_LDADD = $(service_ldadd)
