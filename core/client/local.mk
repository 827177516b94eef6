# SPDX-License-Identifier: MIT
client_sources = \
	%D%/added.c %D%/added.h \
	%D%/attempt.c \
	%D%/auth_status.c \
	%D%/breaker.c %D%/breaker.h \
	%D%/budget.c %D%/budget.h \
	%D%/call.c %D%/call.h \
	%D%/client.c %D%/client.h \
	%D%/confirm.c \
	%D%/facts.c %D%/facts.h \
	%D%/functions.c %D%/functions.h \
	%D%/generation.c %D%/generation.h %D%/generation_inside.h \
	%D%/generation_load.c \
	%D%/listener_guard.c %D%/listener_guard.h \
	%D%/load.c %D%/load.h \
	%D%/login.c \
	%D%/operation.h \
	%D%/pairs.c %D%/pairs.h \
	%D%/phases.c %D%/phases.h \
	%D%/plugin_check.c \
	%D%/plugin_list.c \
	%D%/plugin_test.c \
	%D%/policy_ask.c %D%/policy_ask.h \
	%D%/policy_check.c \
	%D%/policy_diff.c \
	%D%/policy_diff_plugins.c %D%/policy_diff_plugins.h \
	%D%/policy_diff_tenants.c %D%/policy_diff_tenants.h \
	%D%/policy_eval.c \
	%D%/preview.c \
	%D%/redact.c %D%/redact.h \
	%D%/result.c %D%/result.h \
	%D%/same_listener.c %D%/same_listener.h \
	%D%/version.c \
	%D%/window.c %D%/window.h
