callbacks_sources = \
	%D%/call.c \
	%D%/confirmed.c %D%/confirmed.h \
	%D%/deregister.c \
	%D%/ensure.c \
	%D%/explain.c \
	%D%/intent.c %D%/intent.h \
	%D%/list.c \
	%D%/operations.h \
	%D%/path.c %D%/path.h \
	%D%/plan/blocked.c %D%/plan/blocked.h \
	%D%/plan/ours.c %D%/plan/ours.h \
	%D%/plan/plan.c %D%/plan/plan.h \
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
