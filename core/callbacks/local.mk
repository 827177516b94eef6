callbacks_sources = \
	%D%/call.c \
	%D%/confirmed.c %D%/confirmed.h \
	%D%/deregister.c \
	%D%/ensure.c \
	%D%/explain.c \
	%D%/list.c \
	%D%/operations.h \
	%D%/path.c %D%/path.h \
	%D%/query.c %D%/query.h \
	%D%/register.c \
	%D%/start.c %D%/start.h
