# SPDX-License-Identifier: MIT
policy_sources = \
	%D%/accounts.c \
	%D%/declared.c %D%/declared.h \
	%D%/desired.c %D%/desired.h \
	%D%/environment.c %D%/environment.h \
	%D%/groups.c %D%/groups.h \
	%D%/owners.c \
	%D%/policy.c %D%/policy.h %D%/policy_inside.h \
	%D%/resolve.c \
	%D%/row.c %D%/row.h \
	%D%/row_names.c %D%/row_names.h \
	%D%/row_sets.c %D%/row_sets.h \
	%D%/row_store.c %D%/row_store.h \
	%D%/tenant.c %D%/tenant.h \
	%D%/tenant_check.c %D%/tenant_check.h
