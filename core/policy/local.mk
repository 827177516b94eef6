policy_sources = \
	%D%/declared.c %D%/declared.h \
	%D%/desired.c %D%/desired.h \
	%D%/environment.c %D%/environment.h \
	%D%/policy.c %D%/policy.h \
	%D%/row.c %D%/row.h
