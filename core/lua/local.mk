# SPDX-License-Identifier: MIT
# The runtime (limited states and their library), and the policy scripts on top of it.

lua_sources = $(lua_runtime_sources) $(lua_policy_sources) $(lua_plugin_sources) \
	$(lua_source_sources)
lua_runtime_sources = \
	%D%/allocator.c %D%/allocator.h \
	%D%/guard.c %D%/guard.h \
	%D%/library.c %D%/library.h \
	%D%/library_base.c \
	%D%/library_format.c \
	%D%/library_host.c \
	%D%/library_json.c \
	%D%/library_pattern.c \
	%D%/library_random.c \
	%D%/library_secret.c \
	%D%/library_string.c \
	%D%/library_table.c \
	%D%/limits.c %D%/limits.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/runtime.c %D%/runtime.h %D%/runtime_inside.h \
	%D%/runtime_check.c \
	%D%/runtime_load.c \
	%D%/script_file.c %D%/script_file.h \
	%D%/settings.c %D%/settings.h
lua_policy_sources = \
	%D%/csv.c %D%/csv.h \
	%D%/policy_accounts.c \
	%D%/policy_credentials.c \
	%D%/policy_files.c \
	%D%/policy_groups.c \
	%D%/policy_inside.h \
	%D%/policy_limits.c \
	%D%/policy_listeners.c \
	%D%/policy_plugins.c \
	%D%/policy_read.c \
	%D%/policy_resolve.c \
	%D%/policy_script.c %D%/policy_script.h \
	%D%/policy_secrets.c \
	%D%/policy_table.c \
	%D%/policy_tenants.c \
	%D%/row_limits.c %D%/row_limits.h \
	%D%/tenant_script.c
# Plugins written in Lua, and the handles that their hooks get.
lua_plugin_sources = \
	%D%/handle.c %D%/handle.h \
	%D%/handle_call.c \
	%D%/handle_event.c \
	%D%/handle_failure.c \
	%D%/handle_message.c \
	%D%/handle_request.c \
	%D%/handle_response.c \
	%D%/plugin_host.c \
	%D%/plugin_inside.h \
	%D%/plugin_manifest.c \
	%D%/plugin_script.c %D%/plugin_script.h \
	%D%/plugin_state.c \
	%D%/plugin_test.c %D%/plugin_test.h %D%/plugin_test_inside.h \
	%D%/plugin_test_call.c \
	%D%/plugin_test_instance.c \
	%D%/plugin_test_result.c \
	%D%/plugin_test_tools.c \
	%D%/plugin_value.c \
	%D%/plugin_verdict.c
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
