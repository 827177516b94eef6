client_sources = \
	%D%/attempt.c \
	%D%/auth_face.c \
	%D%/budget.c %D%/budget.h \
	%D%/call.c %D%/call.h \
	%D%/client.c %D%/client.h \
	%D%/confirm.c \
	%D%/load.c %D%/load.h \
	%D%/operation.h \
	%D%/policy_face.c \
	%D%/preview.c \
	%D%/result.c %D%/result.h \
	%D%/version.c
