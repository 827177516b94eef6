# SPDX-License-Identifier: MIT
callbacks_sources = \
	%D%/call.c \
	%D%/confirmed.c %D%/confirmed.h \
	%D%/deregister.c \
	%D%/ensure.c \
	%D%/explain.c \
	%D%/import/import.c \
	%D%/import/import_data.c \
	%D%/import/import_declared.c \
	%D%/import/import_forms.c %D%/import/import_forms.h \
	%D%/import/import_head.c \
	%D%/import/import_quote.c %D%/import/import_quote.h \
	%D%/import/import_read.c %D%/import/import_read.h \
	%D%/import/import_script.c %D%/import/import_script.h \
	%D%/import/import_template.c %D%/import/import_template.h \
	%D%/import/imported.c %D%/import/imported.h \
	%D%/intent.c %D%/intent.h \
	%D%/list.c \
	%D%/operations.h \
	%D%/path.c %D%/path.h \
	%D%/plan/account_probe.c %D%/plan/account_probe.h \
	%D%/plan/account_read.c %D%/plan/account_read.h \
	%D%/apply/apply.c %D%/apply/apply.h %D%/apply/apply_inside.h \
	%D%/apply/apply_account.c \
	%D%/apply/apply_judge.c %D%/apply/apply_judge.h \
	%D%/apply/apply_lock.c %D%/apply/apply_lock.h \
	%D%/apply/apply_run.c %D%/apply/apply_run.h \
	%D%/apply/apply_tell.c \
	%D%/apply/apply_wait.c \
	%D%/plan/blocked.c %D%/plan/blocked.h \
	%D%/plan/listed_check.c %D%/plan/listed_check.h \
	%D%/plan/ours.c %D%/plan/ours.h \
	%D%/plan/plan.c %D%/plan/plan.h \
	%D%/plan/plan_check.c %D%/plan/plan_check.h \
	%D%/plan/plan_compare.c %D%/plan/plan_compare.h \
	%D%/plan/plan_file.c \
	%D%/plan/plan_json.c %D%/plan/plan_json.h \
	%D%/plan/plan_make.c \
	%D%/plan/plan_read.c %D%/plan/plan_read.h \
	%D%/plan/selection.c %D%/plan/selection.h \
	%D%/query.c %D%/query.h \
	%D%/register.c \
	%D%/repair.c %D%/repair.h \
	%D%/start.c %D%/start.h \
	%D%/update.c %D%/update.h
