# SPDX-License-Identifier: MIT
client_tests = \
	tests/unit/client/test_added_plugin \
	tests/unit/client/test_added_sight \
	tests/unit/client/test_audit \
	tests/unit/client/test_client \
	tests/unit/client/test_fork \
	tests/unit/client/test_functions \
	tests/unit/client/test_generation \
	tests/unit/client/test_hook_failures \
	tests/unit/client/test_hook_waits \
	tests/unit/client/test_hooks \
	tests/unit/client/test_hooks_of_changes \
	tests/unit/client/test_hostile \
	tests/unit/client/test_login \
	tests/unit/client/test_many_tenants \
	tests/unit/client/test_offline \
	tests/unit/client/test_plugin_attacks \
	tests/unit/client/test_plugin_check \
	tests/unit/client/test_plugin_secrets \
	tests/unit/client/test_plugin_threads \
	tests/unit/client/test_policy_report \
	tests/unit/client/test_recovery \
	tests/unit/client/test_reload \
	tests/unit/client/test_result \
	tests/unit/client/test_scale \
	tests/unit/client/test_steady_memory \
	tests/unit/client/test_turns \
	tests/unit/client/test_window

tests_unit_client_test_client_SOURCES = %D%/test_client.c
tests_unit_client_test_client_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_client_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_client_LDADD = $(service_ldadd)

tests_unit_client_test_functions_SOURCES = %D%/test_functions.c
tests_unit_client_test_functions_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_functions_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_functions_LDADD = $(service_ldadd)

tests_unit_client_test_fork_SOURCES = %D%/test_fork.c
tests_unit_client_test_fork_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_fork_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_fork_LDADD = $(service_ldadd)

tests_unit_client_test_turns_SOURCES = %D%/test_turns.c
tests_unit_client_test_turns_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_turns_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_turns_LDADD = $(service_ldadd)

tests_unit_client_test_recovery_SOURCES = %D%/test_recovery.c
tests_unit_client_test_recovery_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_recovery_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_recovery_LDADD = $(service_ldadd)

tests_unit_client_test_offline_SOURCES = %D%/test_offline.c
tests_unit_client_test_offline_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_offline_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_offline_LDADD = $(service_ldadd)

tests_unit_client_test_hostile_SOURCES = %D%/test_hostile.c
tests_unit_client_test_hostile_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_hostile_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_hostile_LDADD = $(service_ldadd)

tests_unit_client_test_login_SOURCES = %D%/test_login.c
tests_unit_client_test_login_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_login_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_login_LDADD = $(service_ldadd)

tests_unit_client_test_result_SOURCES = %D%/test_result.c
tests_unit_client_test_result_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_result_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_result_LDADD = $(service_ldadd)

tests_unit_client_test_plugin_check_SOURCES = %D%/test_plugin_check.c
tests_unit_client_test_plugin_check_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_plugin_check_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_plugin_check_LDADD = $(unit_ldadd)

# The fixture of clients with plugins: see plugged.h.
plugged_sources = %D%/plugged.c %D%/plugged.h

tests_unit_client_test_hooks_SOURCES = %D%/test_hooks.c $(plugged_sources)
tests_unit_client_test_hooks_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_hooks_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_hooks_LDADD = $(service_ldadd)

tests_unit_client_test_hook_waits_SOURCES = %D%/test_hook_waits.c $(plugged_sources)
tests_unit_client_test_hook_waits_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_hook_waits_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_hook_waits_LDADD = $(service_ldadd)

tests_unit_client_test_generation_SOURCES = %D%/test_generation.c $(plugged_sources)
tests_unit_client_test_generation_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_generation_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_generation_LDADD = $(service_ldadd)

tests_unit_client_test_added_plugin_SOURCES = %D%/test_added_plugin.c %D%/added.c %D%/added.h $(plugged_sources)
tests_unit_client_test_added_plugin_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_added_plugin_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_added_plugin_LDADD = $(service_ldadd)

tests_unit_client_test_added_sight_SOURCES = %D%/test_added_sight.c %D%/added.c %D%/added.h $(plugged_sources)
tests_unit_client_test_added_sight_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_added_sight_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_added_sight_LDADD = $(service_ldadd)

tests_unit_client_test_reload_SOURCES = %D%/test_reload.c $(plugged_sources)
tests_unit_client_test_reload_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_reload_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_reload_LDADD = $(service_ldadd)

tests_unit_client_test_many_tenants_SOURCES = %D%/test_many_tenants.c
tests_unit_client_test_many_tenants_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_many_tenants_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_many_tenants_LDADD = $(service_ldadd)

tests_unit_client_test_policy_report_SOURCES = %D%/test_policy_report.c
tests_unit_client_test_policy_report_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_policy_report_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_policy_report_LDADD = $(service_ldadd)

tests_unit_client_test_audit_SOURCES = %D%/test_audit.c $(plugged_sources)
tests_unit_client_test_audit_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_audit_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_audit_LDADD = $(service_ldadd)

tests_unit_client_test_hook_failures_SOURCES = %D%/test_hook_failures.c $(plugged_sources)
tests_unit_client_test_hook_failures_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_hook_failures_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_hook_failures_LDADD = $(service_ldadd)

tests_unit_client_test_steady_memory_SOURCES = %D%/test_steady_memory.c $(plugged_sources)
tests_unit_client_test_steady_memory_CPPFLAGS = $(unit_cppflags) $(LUA_CFLAGS)
tests_unit_client_test_steady_memory_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_steady_memory_LDADD = $(service_ldadd)

tests_unit_client_test_plugin_attacks_SOURCES = %D%/test_plugin_attacks.c $(plugged_sources)
tests_unit_client_test_plugin_attacks_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_plugin_attacks_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_plugin_attacks_LDADD = $(service_ldadd)

tests_unit_client_test_hooks_of_changes_SOURCES = %D%/test_hooks_of_changes.c $(plugged_sources)
tests_unit_client_test_hooks_of_changes_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_hooks_of_changes_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_hooks_of_changes_LDADD = $(service_ldadd)

tests_unit_client_test_plugin_secrets_SOURCES = %D%/test_plugin_secrets.c $(plugged_sources)
tests_unit_client_test_plugin_secrets_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_plugin_secrets_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_plugin_secrets_LDADD = $(service_ldadd)

# The compiled plugins that ship, loaded by eight threads.
tests_unit_client_test_plugin_threads_SOURCES = %D%/test_plugin_threads.c $(plugged_sources) \
	$(compiled_call_sources)
tests_unit_client_test_plugin_threads_CPPFLAGS = $(compiled_call_cppflags) \
	-DPLUGINS='"$(abs_top_builddir)/plugins/.libs"'
tests_unit_client_test_plugin_threads_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_plugin_threads_LDADD = $(service_ldadd)
EXTRA_tests_unit_client_test_plugin_threads_DEPENDENCIES = plugins/audit.la plugins/metrics.la

tests_unit_client_test_scale_SOURCES = %D%/test_scale.c
tests_unit_client_test_scale_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_scale_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_scale_LDADD = $(service_ldadd)

tests_unit_client_test_window_SOURCES = %D%/test_window.c
tests_unit_client_test_window_CPPFLAGS = $(unit_cppflags)
tests_unit_client_test_window_LDFLAGS = $(unit_ldflags)
tests_unit_client_test_window_LDADD = $(unit_ldadd)
