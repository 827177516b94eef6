# SPDX-License-Identifier: MIT
# The runtime (limited states and their library), and what stands on it, a folder each.

lua_sources = $(lua_runtime_sources) $(lua_policy_sources) $(lua_plugin_sources) \
	$(lua_test_sources) $(lua_source_sources)
lua_runtime_sources = \
	%D%/runtime/allocator.c %D%/runtime/allocator.h \
	%D%/runtime/guard.c %D%/runtime/guard.h \
	%D%/runtime/library.c %D%/runtime/library.h \
	%D%/runtime/library_base.c \
	%D%/runtime/library_format.c \
	%D%/runtime/library_host.c \
	%D%/runtime/library_json.c \
	%D%/runtime/library_pattern.c \
	%D%/runtime/library_random.c \
	%D%/runtime/library_secret.c \
	%D%/runtime/library_string.c \
	%D%/runtime/library_table.c \
	%D%/runtime/missing.c %D%/runtime/missing.h \
	%D%/runtime/limits.c %D%/runtime/limits.h \
	%D%/runtime/pattern.c %D%/runtime/pattern.h \
	%D%/runtime/runtime.c %D%/runtime/runtime.h %D%/runtime/runtime_inside.h \
	%D%/runtime/runtime_check.c \
	%D%/runtime/runtime_load.c \
	%D%/runtime/script_file.c %D%/runtime/script_file.h \
	%D%/runtime/settings.c %D%/runtime/settings.h
lua_policy_sources = \
	%D%/policy/csv.c %D%/policy/csv.h \
	%D%/policy/policy_accounts.c \
	%D%/policy/policy_credentials.c \
	%D%/policy/policy_files.c \
	%D%/policy/policy_groups.c \
	%D%/policy/policy_inside.h \
	%D%/policy/policy_limits.c \
	%D%/policy/policy_listeners.c \
	%D%/policy/policy_plugins.c \
	%D%/policy/policy_read.c \
	%D%/policy/policy_resolve.c \
	%D%/policy/policy_script.c %D%/policy/policy_script.h \
	%D%/policy/policy_secrets.c \
	%D%/policy/policy_table.c \
	%D%/policy/policy_tenants.c \
	%D%/policy/row_limits.c %D%/policy/row_limits.h \
	%D%/policy/tenant_script.c
# Plugins written in Lua, and the handles that their hooks get.
lua_plugin_sources = \
	%D%/plugin/handle.c %D%/plugin/handle.h \
	%D%/plugin/handle_call.c \
	%D%/plugin/handle_event.c \
	%D%/plugin/handle_failure.c \
	%D%/plugin/handle_message.c \
	%D%/plugin/handle_request.c \
	%D%/plugin/handle_response.c \
	%D%/plugin/plugin_host.c \
	%D%/plugin/plugin_inside.h \
	%D%/plugin/plugin_manifest.c \
	%D%/plugin/plugin_script.c %D%/plugin/plugin_script.h \
	%D%/plugin/plugin_state.c \
	%D%/plugin/plugin_value.c \
	%D%/plugin/plugin_verdict.c
# Tests of plugins, run in the sandbox of the plugin.
lua_test_sources = \
	%D%/test/plugin_test.c %D%/test/plugin_test.h %D%/test/plugin_test_inside.h \
	%D%/test/plugin_test_call.c \
	%D%/test/plugin_test_instance.c \
	%D%/test/plugin_test_result.c \
	%D%/test/plugin_test_tools.c
# The check of a script that is read and never run.
lua_source_sources = \
	%D%/source/check.c %D%/source/check.h %D%/source/check_inside.h \
	%D%/source/expression.c \
	%D%/source/flow.c \
	%D%/source/function.c \
	%D%/source/globals.c %D%/source/globals.h \
	%D%/source/handles.c \
	%D%/source/lexer.c %D%/source/lexer.h \
	%D%/source/manifest.c \
	%D%/source/names.c \
	%D%/source/operations.c \
	%D%/source/options.c \
	%D%/source/parameters.c \
	%D%/source/parser.c %D%/source/parser.h %D%/source/parser_inside.h \
	%D%/source/resolve.c \
	%D%/source/scope.c \
	%D%/source/statement.c \
	%D%/source/tables.c \
	%D%/source/tree.c %D%/source/tree.h \
	%D%/source/verdicts.c
