# SPDX-License-Identifier: MIT
lua_tests = $(lua_plugin_tests) $(lua_policy_tests) $(lua_source_tests) \
	tests/unit/lua/test_pattern \
	tests/unit/lua/test_deadline \
	tests/unit/lua/test_guard \
	tests/unit/lua/test_decimal_comma \
	tests/unit/lua/test_runtime \
	tests/unit/lua/test_host \
	tests/unit/lua/test_host_functions \
	tests/unit/lua/test_library \
	tests/unit/lua/test_secret_handle \
	tests/unit/lua/test_settings \
	tests/unit/lua/test_other_lua

tests_unit_lua_test_pattern_SOURCES = %D%/test_pattern.c
tests_unit_lua_test_pattern_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_pattern_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_pattern_LDADD = $(unit_ldadd)
tests_unit_lua_test_decimal_comma_SOURCES = %D%/test_decimal_comma.c %D%/script.h
tests_unit_lua_test_decimal_comma_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_decimal_comma_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_decimal_comma_LDADD = $(unit_ldadd)
tests_unit_lua_test_runtime_SOURCES = %D%/test_runtime.c %D%/script.h
tests_unit_lua_test_runtime_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_runtime_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_runtime_LDADD = $(unit_ldadd)
tests_unit_lua_test_library_SOURCES = %D%/test_library.c %D%/script.h
tests_unit_lua_test_library_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_library_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_library_LDADD = $(unit_ldadd)
tests_unit_lua_test_secret_handle_SOURCES = %D%/test_secret_handle.c %D%/script.h
tests_unit_lua_test_secret_handle_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_secret_handle_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_secret_handle_LDADD = $(unit_ldadd)
tests_unit_lua_test_settings_SOURCES = %D%/test_settings.c %D%/script.h
tests_unit_lua_test_settings_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_settings_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_settings_LDADD = $(unit_ldadd)
tests_unit_lua_test_other_lua_SOURCES = %D%/test_other_lua.c
tests_unit_lua_test_other_lua_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_other_lua_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_other_lua_LDADD = $(unit_ldadd)

lua_policy_tests = \
	tests/unit/lua/test_csv \
	tests/unit/lua/test_policy_read \
	tests/unit/lua/test_policy_calls \
	tests/unit/lua/test_policy_files \
	tests/unit/lua/test_policy_groups \
	tests/unit/lua/test_policy_memory \
	tests/unit/lua/test_policy_plugins \
	tests/unit/lua/test_policy_tenants \
	tests/unit/lua/test_tenant_rest \
	tests/unit/lua/test_policy_scripts
tests_unit_lua_test_csv_SOURCES = %D%/test_csv.c
tests_unit_lua_test_csv_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_csv_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_csv_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_read_SOURCES = %D%/test_policy_read.c %D%/policy_fixture.h
tests_unit_lua_test_policy_read_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_read_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_read_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_calls_SOURCES = %D%/test_policy_calls.c %D%/policy_fixture.h
tests_unit_lua_test_policy_calls_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_calls_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_calls_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_files_SOURCES = %D%/test_policy_files.c %D%/policy_fixture.h
tests_unit_lua_test_policy_files_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_files_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_files_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_groups_SOURCES = %D%/test_policy_groups.c %D%/policy_fixture.h
tests_unit_lua_test_policy_groups_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_groups_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_groups_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_memory_SOURCES = %D%/test_policy_memory.c %D%/policy_fixture.h
tests_unit_lua_test_policy_memory_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_memory_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_memory_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_scripts_SOURCES = %D%/test_policy_scripts.c %D%/policy_fixture.h
tests_unit_lua_test_policy_scripts_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_scripts_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_scripts_LDADD = $(unit_ldadd)
tests_unit_lua_test_deadline_SOURCES = %D%/test_deadline.c %D%/script.h
tests_unit_lua_test_deadline_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_deadline_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_deadline_LDADD = $(unit_ldadd)
tests_unit_lua_test_guard_SOURCES = %D%/test_guard.c %D%/script.h
tests_unit_lua_test_guard_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_guard_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_guard_LDADD = $(unit_ldadd) $(LUA_LIBS)
tests_unit_lua_test_host_SOURCES = %D%/test_host.c %D%/script.h
tests_unit_lua_test_host_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_host_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_host_LDADD = $(unit_ldadd)

lua_source_tests = \
	tests/unit/lua/source/test_check \
	tests/unit/lua/source/test_hostile \
	tests/unit/lua/source/test_lexer \
	tests/unit/lua/source/test_parser \
	tests/unit/lua/source/test_slips
tests_unit_lua_source_test_check_SOURCES = %D%/source/test_check.c \
	%D%/source/examples.h %D%/script.h
tests_unit_lua_source_test_check_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_source_test_check_LDFLAGS = $(unit_ldflags)
tests_unit_lua_source_test_check_LDADD = $(unit_ldadd)
tests_unit_lua_source_test_hostile_SOURCES = %D%/source/test_hostile.c %D%/hostile_text.h %D%/script.h
tests_unit_lua_source_test_hostile_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_source_test_hostile_LDFLAGS = $(unit_ldflags)
tests_unit_lua_source_test_hostile_LDADD = $(unit_ldadd)
tests_unit_lua_source_test_lexer_SOURCES = %D%/source/test_lexer.c
tests_unit_lua_source_test_lexer_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_source_test_lexer_LDFLAGS = $(unit_ldflags)
tests_unit_lua_source_test_lexer_LDADD = $(unit_ldadd)
tests_unit_lua_source_test_parser_SOURCES = %D%/source/test_parser.c %D%/hostile_text.h %D%/script.h
tests_unit_lua_source_test_parser_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_source_test_parser_LDFLAGS = $(unit_ldflags)
tests_unit_lua_source_test_parser_LDADD = $(unit_ldadd)
tests_unit_lua_source_test_slips_SOURCES = %D%/source/test_slips.c \
	%D%/source/examples.h %D%/script.h
tests_unit_lua_source_test_slips_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_source_test_slips_LDFLAGS = $(unit_ldflags)
tests_unit_lua_source_test_slips_LDADD = $(unit_ldadd)

lua_plugin_tests = \
	tests/unit/lua/test_plugin_attacks \
	tests/unit/lua/test_plugin_churn \
	tests/unit/lua/test_plugin_refused \
	tests/unit/lua/test_plugin_handles \
	tests/unit/lua/test_plugin_hooks \
	tests/unit/lua/test_plugin_isolation \
	tests/unit/lua/test_plugin_manifest \
	tests/unit/lua/test_plugin_state \
	tests/unit/lua/test_plugin_take \
	tests/unit/lua/test_plugin_test \
	tests/unit/lua/test_plugin_verdicts
tests_unit_lua_test_plugin_attacks_SOURCES = %D%/test_plugin_attacks.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_attacks_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_attacks_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_attacks_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_churn_SOURCES = %D%/test_plugin_churn.c %D%/plugin_fixture.h %D%/script.h
tests_unit_lua_test_plugin_churn_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_churn_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_churn_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_refused_SOURCES = %D%/test_plugin_refused.c %D%/plugin_fixture.h %D%/script.h
tests_unit_lua_test_plugin_refused_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_refused_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_refused_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_handles_SOURCES = %D%/test_plugin_handles.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_handles_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_handles_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_handles_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_hooks_SOURCES = %D%/test_plugin_hooks.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_hooks_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_hooks_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_hooks_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_isolation_SOURCES = %D%/test_plugin_isolation.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_isolation_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_isolation_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_isolation_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_manifest_SOURCES = %D%/test_plugin_manifest.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_manifest_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_manifest_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_manifest_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_state_SOURCES = %D%/test_plugin_state.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_state_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_state_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_state_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_take_SOURCES = %D%/test_plugin_take.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_take_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_take_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_take_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_test_SOURCES = %D%/test_plugin_test.c
tests_unit_lua_test_plugin_test_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_test_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_test_LDADD = $(unit_ldadd)
tests_unit_lua_test_plugin_verdicts_SOURCES = %D%/test_plugin_verdicts.c %D%/plugin_fixture.h
tests_unit_lua_test_plugin_verdicts_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_plugin_verdicts_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_plugin_verdicts_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_plugins_SOURCES = %D%/test_policy_plugins.c %D%/policy_fixture.h
tests_unit_lua_test_policy_plugins_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_plugins_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_plugins_LDADD = $(unit_ldadd)
tests_unit_lua_test_policy_tenants_SOURCES = %D%/test_policy_tenants.c %D%/tenant_fixture.h
tests_unit_lua_test_policy_tenants_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_policy_tenants_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_policy_tenants_LDADD = $(unit_ldadd)

tests_unit_lua_test_host_functions_SOURCES = %D%/test_host_functions.c
tests_unit_lua_test_host_functions_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_host_functions_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_host_functions_LDADD = $(unit_ldadd)
tests_unit_lua_test_tenant_rest_SOURCES = %D%/test_tenant_rest.c %D%/tenant_fixture.h
tests_unit_lua_test_tenant_rest_CPPFLAGS = $(unit_cppflags)
tests_unit_lua_test_tenant_rest_LDFLAGS = $(unit_ldflags)
tests_unit_lua_test_tenant_rest_LDADD = $(unit_ldadd)
